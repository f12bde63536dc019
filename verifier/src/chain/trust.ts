// SPDX-License-Identifier: Apache-2.0
import { decodeChannel, type Channel } from '../channel/channel.js';
import { checkDataHash, checkLink } from '../check/check-block.js';
import type { DecodedBlock } from '../block/decode.js';
import { VerificationError } from '../wire/error.js';
import { describePolicy, leastOrganisations, type Policy } from '../identity/policy.js';
import { strangenessOf } from '../identity/plain-membership.js';

/**
 * What the caller knows of the channel from elsewhere. Nothing in a chain vouches for its own beginning: nobody signs a
 * genesis block, so one member can write one with everybody's root certificates in it and rule that channel alone.
 * Only `genesis` makes a verdict evidence.
 */
export interface Trust {
  /**
   * Hex header hash of the genesis block. It fixes members, certificates and policies; what changes later, changes as
   * they allow. `roots` are not looked at beside it.
   */
  readonly genesis?: string;
  /**
   * PEM root certificates by MSP id, all that each organisation may ever have. Without `genesis` every organisation of
   * the channel must be here, and have nothing else in its definition that tells who is who.
   */
  readonly roots?: Readonly<Record<string, readonly string[]>>;
  /**
   * How many organisations, at the least, must endorse a transaction and agree on other chaincode. Without it and without
   * `genesis`: more than half of those in `roots`.
   */
  readonly endorsers?: number;
  /**
   * How many organisations' orderers, at the least, must sign a block. Without it and without `genesis`: as many as must
   * endorse. Where it is one, as with Raft, that one can leave transactions out or make another chain of them.
   */
  readonly blockSigners?: number;
  /** A later block known from elsewhere: the chain must hold it. It keeps out old copies and forks that begin before it. */
  readonly known?: { readonly number: number; readonly headerHash: string };
}

/** What a verdict rests on; only `genesis` makes it evidence. */
export type Basis = 'genesis' | 'roots' | 'nothing';

export function basisOf({ genesis, roots }: Trust): Basis {
  if (genesis !== undefined) return 'genesis';
  return roots === undefined ? 'nothing' : 'roots';
}

/** A channel whose beginning is trusted. */
export interface TrustedChannel extends Channel {
  readonly name: string;
}

/**
 * Opens a channel from its genesis block.
 *
 * @throws VerificationError `MISSING_BLOCK`, `PREVIOUS_HASH`, `DATA_HASH` or `VALIDATION_CODE` when the block is no
 *   genesis block, `UNTRUSTED_GENESIS` or `UNTRUSTED_ROOTS` when it is not one the caller trusts, `MALFORMED`.
 */
export function openChannel(genesis: DecodedBlock, trust: Trust): TrustedChannel {
  checkLink(genesis, undefined);
  checkDataHash(genesis);
  checkFilter(genesis);
  const hash = genesis.headerHash.toString('hex');
  if (trust.genesis !== undefined && trust.genesis.toLowerCase() !== hash) {
    throw untrusted(
      'UNTRUSTED_GENESIS',
      `not the pinned genesis block ${trust.genesis}: this chain begins with ${hash}`,
    );
  }
  const [transaction] = genesis.transactions;
  if (transaction?.type !== 'CONFIG') throw untrusted('UNTRUSTED_GENESIS', 'the first block holds no configuration');
  const channel = decodeChannel(transaction.data);
  checkChannel(channel, trust);
  return { ...channel, name: transaction.channel };
}

/**
 * A configuration, the first one or a later one, is one that the caller trusts: the organisations are the caller's, and its
 * policies are not weaker than the caller asks.
 */
export function checkChannel(channel: Channel, trust: Trust): void {
  const { genesis, roots } = trust;
  if (genesis === undefined && roots !== undefined) checkMembers(channel, roots);
  const { endorsers, blockSigners, changers } = demandsOf(trust);
  const demand = (path: string, least: number, deed: string): void => {
    checkLeast(channel.policy(path), least, `${path}: ${deed}`);
  };
  demand('/Channel/Application/Endorsement', endorsers, 'endorse');
  demand('/Channel/Application/LifecycleEndorsement', endorsers, 'change the chaincode');
  demand('/Channel/Orderer/BlockValidation', blockSigners, 'make blocks');
  for (const { path, policy } of channel.deciders) checkLeast(policy, changers, `${path}: change what holds`);
}

function checkMembers({ memberships }: Channel, roots: Readonly<Record<string, readonly string[]>>): void {
  for (const membership of memberships.values()) {
    const { mspId } = membership;
    // `roots` has whatever keys its maker gave it, and an MSP may be called `constructor`.
    const strange = strangenessOf(membership, Object.hasOwn(roots, mspId) ? (roots[mspId] ?? []) : []);
    if (strange !== undefined) throw untrusted('UNTRUSTED_ROOTS', `${mspId} ${strange}`);
  }
}

/** Throws unless it takes so many organisations to satisfy the policy. */
function checkLeast(policy: Policy, least: number, what: string): void {
  if (least === 0) return;
  const count = leastOrganisations(policy);
  if (count >= least) return;
  const message = `${what} takes ${count} of its organisations, and must take ${least}: ${describePolicy(policy)}`;
  throw untrusted('UNTRUSTED_GENESIS', message);
}

interface Demands {
  readonly endorsers: number;
  readonly blockSigners: number;
  /** How many must agree before anything of this changes. */
  readonly changers: number;
}

/** A pinned genesis block needs no demands: the caller who named it knows what it says. */
function demandsOf({ genesis, roots, endorsers, blockSigners }: Trust): Demands {
  const majority = roots === undefined || genesis !== undefined ? 0 : Math.floor(Object.keys(roots).length / 2) + 1;
  const least = endorsers ?? majority;
  return {
    endorsers: least,
    blockSigners: blockSigners ?? (genesis === undefined ? least : 0),
    changers: genesis === undefined ? Math.min(least, majority) : 0,
  };
}

/** The genesis block is valid by being first; peers mark it so, the tool that made it does not mark it at all. */
function checkFilter({ transactionFilter }: DecodedBlock): void {
  if (transactionFilter.length === 0 || transactionFilter.equals(Buffer.from([0]))) return;
  const place = { step: 'trust', block: 0 } as const;
  throw new VerificationError('VALIDATION_CODE', 'the genesis block is marked other than valid', place);
}

function untrusted(code: 'UNTRUSTED_GENESIS' | 'UNTRUSTED_ROOTS', message: string): VerificationError {
  return new VerificationError(code, message, { step: 'trust', block: 0 });
}
