// SPDX-License-Identifier: Apache-2.0
import type { Channel } from '../channel/channel.js';
import { LIFECYCLE, unsupported, type Definitions } from '../channel/definitions.js';
import { VerificationError } from '../wire/error.js';
import type { Identity } from '../identity/membership.js';
import { describePolicy, satisfies, type Policy } from '../identity/policy.js';
import type { CollectionReadWriteSet, NamespaceReadWriteSet } from '../block/read-write-set.js';
import type { DecodedTransaction } from '../block/transaction.js';

/** Against which policies the endorsements of a transaction are held. */
export interface EndorsementContext {
  readonly channel: Channel;
  /** The chaincode definitions so far; undefined where the blocks before are not known. */
  readonly definitions?: Definitions | undefined;
  /** The one chaincode that is known to follow the channel's policy where `definitions` are not known. */
  readonly chaincode?: string | undefined;
}

/**
 * Fabric's rule: the policy of every namespace and collection that is written, and of the chaincode called if it writes
 * nothing.
 *
 * @throws VerificationError `ENDORSEMENT_POLICY`, `UNSUPPORTED` where the policy of a chaincode is not known.
 */
export function checkEndorsements(transaction: DecodedTransaction, context: EndorsementContext): void {
  const endorsers = endorsersOf(transaction, context.channel);
  for (const [namespace, required] of requiredPolicies(transaction, context)) {
    for (const { policy, collection } of required) {
      if (satisfies(endorsers, policy)) continue;
      if (!isJudged(namespace, context, collection)) {
        throw unsupported(`the endorsement policy of chaincode ${namespace} is not known here`);
      }
      throw refusal(`${describePolicy(policy)} must endorse; ${names(endorsers)} did`);
    }
  }
}

/**
 * What Fabric lets pass and an honest ledger never has: members that are no peers endorse under a lax policy, one key
 * counts twice because it has two certificates, and a transaction that writes nothing but an organisation's implicit
 * collection passes with that organisation alone, arguments and events and all.
 *
 * @returns What to remark on; undefined if nothing.
 */
export function remarkOnEndorsements(
  transaction: DecodedTransaction,
  context: EndorsementContext,
): VerificationError | undefined {
  const called = transaction.chaincode.name;
  if (!isJudged(called, context)) return undefined;
  const peers = endorsersOf(transaction, context.channel).filter(({ role }) => role === 'peer');
  const distinct = [...new Map(peers.map((peer) => [peer.keyId, peer])).values()];
  const required = [...requiredPolicies(transaction, context).values()].flat().map(({ policy }) => policy);
  const own = called === LIFECYCLE ? [] : [chaincodePolicy(called, context)];
  const missing = [...required, ...own].find((policy) => !satisfies(distinct, policy));
  return missing && refusal(`${describePolicy(missing)} should endorse as peers; ${names(distinct)} did`);
}

/** The members whose endorsement verifies, each certificate once. Others count for nothing. */
function endorsersOf({ endorsements, endorsed }: DecodedTransaction, channel: Channel): Identity[] {
  const endorsers = new Map<string, Identity>();
  for (const { endorserBytes, signature } of endorsements) {
    const identity = channel.identities.find(endorserBytes);
    const name = identity && `${identity.mspId}/${identity.certificate.toString('hex')}`;
    if (!name || endorsers.has(name)) continue;
    const message = Buffer.concat([endorsed.proposalResponse, endorserBytes]);
    if (identity.verify(message, signature)) endorsers.set(name, identity);
  }
  return [...endorsers.values()];
}

/** A policy, and for which collection of the chaincode; for its public keys without one. */
interface Required {
  readonly policy: Policy;
  readonly collection?: string;
}

function requiredPolicies(transaction: DecodedTransaction, context: EndorsementContext): Map<string, Required[]> {
  const called = transaction.chaincode.name;
  const written = transaction.readWriteSets.filter(writes);
  const required = new Map(written.map((set) => [set.namespace, namespacePolicies(set, context)]));
  if (!required.has(called)) required.set(called, [{ policy: chaincodePolicy(called, context) }]);
  return required;
}

function isJudged(namespace: string, { definitions, chaincode }: EndorsementContext, collection?: string): boolean {
  if (definitions) return definitions.isFollowed(namespace, collection);
  return chaincode === undefined || namespace === chaincode || namespace === LIFECYCLE;
}

function writes({ writes: keys, metadataWrites, collections }: NamespaceReadWriteSet): boolean {
  return keys.length > 0 || metadataWrites.length > 0 || collections.some(writesHashes);
}

function writesHashes({ writes: keys, metadataWrites }: CollectionReadWriteSet): boolean {
  return keys.length > 0 || metadataWrites.length > 0;
}

/** Public keys need the chaincode's policy, a collection its own; an organisation's implicit one that organisation's. */
function namespacePolicies(set: NamespaceReadWriteSet, context: EndorsementContext): Required[] {
  const { channel, definitions } = context;
  const isPublic = set.writes.length > 0 || set.metadataWrites.length > 0;
  const policies = set.collections.filter(writesHashes).map(({ collection }) => {
    const implicit = implicitCollection.exec(collection)?.[1];
    if (implicit !== undefined) return { collection, policy: channel.organisationPolicy(implicit, 'Endorsement') };
    const own = definitions?.collectionPolicyOf(set.namespace, collection, channel);
    return { collection, policy: own ?? chaincodePolicy(set.namespace, context) };
  });
  return isPublic ? [{ policy: chaincodePolicy(set.namespace, context) }, ...policies] : policies;
}

const implicitCollection = /^_implicit_org_(.+)$/;

/** Chaincodes follow the channel's policy unless their definition says otherwise; the definitions follow another. */
function chaincodePolicy(namespace: string, { channel, definitions }: EndorsementContext): Policy {
  if (namespace === LIFECYCLE) return channel.policy('/Channel/Application/LifecycleEndorsement');
  return definitions?.policyOf(namespace, channel) ?? channel.policy('/Channel/Application/Endorsement');
}

function names(endorsers: readonly Identity[]): string {
  return endorsers.map(({ mspId }) => mspId).join(', ') || 'no member';
}

function refusal(message: string): VerificationError {
  return new VerificationError('ENDORSEMENT_POLICY', message, { step: 'endorsement' });
}
