// SPDX-License-Identifier: Apache-2.0
import type { Channel } from './channel.js';
import { malformed, VerificationError, type Step, type VerificationCode } from './error.js';
import { sha256 } from './hash.js';
import type { Identity } from './membership.js';
import { Message } from './message.js';
import { describePolicy, satisfies, type Policy } from './policy.js';
import type { CollectionReadWriteSet, NamespaceReadWriteSet } from './read-write-set.js';
import type { DecodedTransaction } from './transaction.js';

/** What a transaction is checked against. */
export interface TransactionContext {
  readonly channel: Channel;
  readonly channelName: string;
  /** Whether an earlier block holds a transaction of this id. */
  readonly isKnown: (txId: string) => boolean;
  /** Counts a step taken. */
  readonly count?: (step: Step) => void;
}

/**
 * All that Fabric's peers ask of a transaction before they look at the state, in their order: who sent it, that its id
 * is its own, that the endorsers endorsed this proposal and no other, and that enough of them did.
 *
 * @throws VerificationError at the first step that fails.
 */
export function checkTransaction(transaction: DecodedTransaction, context: TransactionContext): void {
  const done = context.count ?? (() => undefined);
  checkHeader(transaction);
  done('structure');
  checkCreator(transaction, context);
  done('creator');
  checkTransactionId(transaction);
  done('transaction-id');
  checkProposal(transaction);
  done('proposal');
  checkNotRepeated(transaction, context);
  checkChaincode(transaction);
  checkMetadataWrites(transaction);
  checkEndorsements(transaction, context.channel);
  done('endorsement');
}

function checkHeader(transaction: DecodedTransaction): void {
  const { channelHeader } = transaction;
  if (transaction.type !== 'ENDORSER_TRANSACTION') throw malformed('neither a chaincode call nor a configuration');
  if (channelHeader.uint(6) !== 0) throw malformed('an epoch other than 0');
  if (transaction.nonce.length === 0) throw malformed('no nonce');
}

/** Signed by a client of one of the channel's organisations, for this channel. */
function checkCreator(transaction: DecodedTransaction, { channel, channelName }: TransactionContext): void {
  // A transaction of another channel of the same organisations is properly signed too.
  if (transaction.channel !== channelName) {
    throw refusal('CHANNEL', 'creator', `signed for channel ${transaction.channel}, not ${channelName}`);
  }
  const creator = channel.identities.find(transaction.creatorBytes);
  if (!creator) throw refusal('CREATOR', 'creator', 'the creator is no member of the channel');
  if (creator.role === 'peer' || creator.role === 'orderer') {
    throw refusal('CREATOR', 'creator', `the creator is a ${creator.role}, not a client`);
  }
  if (!creator.verify(transaction.payload, transaction.signature)) {
    throw refusal('CREATOR_SIGNATURE', 'creator', "the creator's signature does not verify");
  }
}

/** The id is the hash of nonce and creator, so nobody can take another's id or use one twice. */
function checkTransactionId({ txId, nonce, creatorBytes }: DecodedTransaction): void {
  if (sha256(nonce, creatorBytes).toString('hex') === txId) return;
  throw refusal('TRANSACTION_ID', 'transaction-id', 'the transaction id is not the hash of nonce and creator');
}

/** The endorsers signed the hash of exactly this header and these arguments. */
function checkProposal(transaction: DecodedTransaction): void {
  const { signatureHeader, proposalHash, proposalPayload } = transaction.endorsed;
  // Fabric lets the action carry a signature header of its own: then the contract saw another caller than the creator.
  if (!signatureHeader.equals(transaction.signatureHeader.buffer)) {
    throw refusal('PROPOSAL', 'proposal', 'the endorsed caller is not the creator');
  }
  const hash = sha256(transaction.channelHeader.buffer, signatureHeader, proposalPayload.buffer);
  if (!hash.equals(proposalHash)) throw refusal('PROPOSAL', 'proposal', 'the endorsers endorsed another proposal');
}

function checkNotRepeated({ txId }: DecodedTransaction, { isKnown }: TransactionContext): void {
  if (!isKnown(txId)) return;
  throw refusal('DUPLICATE_TRANSACTION', 'transaction-id', `transaction ${txId} is already in an earlier block`);
}

/** The action is of the chaincode that was called, and its parts agree on that. */
function checkChaincode(transaction: DecodedTransaction): void {
  const called = new Message(transaction.channelHeader.bytes(7)).message(2).string(2);
  const { name, version } = transaction.chaincode;
  if (called === '' || called !== name || version === '') {
    throw refusal('READ_WRITE_SET', 'endorsement', 'the chaincode called is not the one that answered');
  }
  const { event } = transaction;
  if (event && event.chaincode !== name) {
    throw refusal('READ_WRITE_SET', 'endorsement', 'an event in the name of another chaincode');
  }
  const namespaces = transaction.readWriteSets.map(({ namespace }) => namespace);
  if (new Set(namespaces).size !== namespaces.length) {
    throw refusal('READ_WRITE_SET', 'endorsement', 'a namespace occurs twice in the read-write set');
  }
}

/** Key-level endorsement policies are not followed: nothing is known to be wrong, nothing is shown to be right. */
function checkMetadataWrites({ readWriteSets }: DecodedTransaction): void {
  const sets = readWriteSets.flatMap((set) => [set, ...set.collections]);
  if (sets.every(({ metadataWrites }) => metadataWrites.length === 0)) return;
  throw refusal('UNSUPPORTED', 'endorsement', 'it writes key-level metadata');
}

/** The policy of every namespace written, and of the chaincode called, is satisfied by distinct peers. */
function checkEndorsements(transaction: DecodedTransaction, channel: Channel): void {
  const endorsers = validEndorsers(transaction, channel);
  for (const policy of requiredPolicies(transaction, channel)) {
    if (satisfies(endorsers, policy)) continue;
    const names = endorsers.map(({ mspId }) => mspId).join(', ') || 'nobody';
    throw refusal('ENDORSEMENT_POLICY', 'endorsement', `${describePolicy(policy)} must endorse; ${names} did`);
  }
}

/** The peers whose endorsement verifies, each once. Others count for nothing, as on Fabric. */
function validEndorsers({ endorsements, endorsed }: DecodedTransaction, channel: Channel): Identity[] {
  const endorsers = new Map<string, Identity>();
  for (const { endorserBytes, signature } of endorsements) {
    const identity = channel.identities.find(endorserBytes);
    if (identity?.role !== 'peer' || endorsers.has(identity.keyId)) continue;
    const message = Buffer.concat([endorsed.proposalResponse, endorserBytes]);
    if (identity.verify(message, signature)) endorsers.set(identity.keyId, identity);
  }
  return [...endorsers.values()];
}

/**
 * Fabric lets a transaction that writes nothing but an organisation's implicit collection pass with that organisation's
 * endorsement alone, arguments and events and all. Here the called chaincode's own policy always holds too.
 */
function requiredPolicies(transaction: DecodedTransaction, channel: Channel): Set<Policy> {
  const called = transaction.chaincode.name;
  const policies = transaction.readWriteSets.filter(writes).flatMap((set) => namespacePolicies(set, channel));
  if (called !== '_lifecycle' || policies.length === 0) policies.push(chaincodePolicy(called, channel));
  return new Set(policies);
}

function writes({ writes: keys, metadataWrites, collections }: NamespaceReadWriteSet): boolean {
  return keys.length > 0 || metadataWrites.length > 0 || collections.some(writesHashes);
}

function writesHashes({ writes: keys, metadataWrites }: CollectionReadWriteSet): boolean {
  return keys.length > 0 || metadataWrites.length > 0;
}

/** Public keys need the chaincode's policy; an organisation's own implicit collection needs that organisation's. */
function namespacePolicies(set: NamespaceReadWriteSet, channel: Channel): Policy[] {
  const isPublic = set.writes.length > 0 || set.metadataWrites.length > 0;
  const policies = set.collections.filter(writesHashes).map(({ collection }) => {
    const implicit = implicitCollection.exec(collection)?.[1];
    return implicit === undefined
      ? chaincodePolicy(set.namespace, channel)
      : channel.organisationPolicy(implicit, 'Endorsement');
  });
  return isPublic ? [chaincodePolicy(set.namespace, channel), ...policies] : policies;
}

const implicitCollection = /^_implicit_org_(.+)$/;

/** Chaincodes follow the channel's own policy here, their definitions another. */
function chaincodePolicy(namespace: string, channel: Channel): Policy {
  return channel.policy(`/Channel/Application/${namespace === '_lifecycle' ? 'LifecycleEndorsement' : 'Endorsement'}`);
}

function refusal(code: VerificationCode, step: Step, message: string): VerificationError {
  return new VerificationError(code, message, { step });
}
