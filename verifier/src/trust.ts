// SPDX-License-Identifier: Apache-2.0
import { decodeChannel, type Channel } from './channel.js';
import { checkDataHash, checkLink } from './check-block.js';
import type { DecodedBlock } from './decode.js';
import { VerificationError } from './error.js';
import { sha256 } from './hash.js';
import { readCertificate } from './certificate.js';
import { describePolicy, leastOrganisations } from './policy.js';

/** What the caller knows of the channel from elsewhere. Nothing in a chain vouches for its own beginning. */
export interface Trust {
  /** PEM root certificates, by MSP id. Every organisation of the channel must be here with exactly these roots. */
  readonly roots: Readonly<Record<string, readonly string[]>>;
  /** Hex header hash of the genesis block, if known: it fixes the channel's policies too. */
  readonly genesis?: string;
  /**
   * How many organisations, at the least, must endorse a transaction. Without it, and without `genesis`, more than half
   * of those in `roots`: the genesis block is signed by nobody, so one honest-looking member could write a genesis block
   * of its own in which it may do everything alone.
   */
  readonly endorsers?: number;
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
  if (trust.genesis !== undefined && trust.genesis !== genesis.headerHash.toString('hex')) {
    throw untrusted('UNTRUSTED_GENESIS', 'not the genesis block asked for');
  }
  const [transaction] = genesis.transactions;
  if (transaction?.type !== 'CONFIG') throw untrusted('UNTRUSTED_GENESIS', 'the first block holds no configuration');
  const channel = decodeChannel(transaction.data);
  checkChannel(channel, trust);
  return { ...channel, name: transaction.channel };
}

/** A configuration's organisations are the caller's, and its policies are not weaker than the caller asks. */
export function checkChannel(channel: Channel, trust: Trust): void {
  for (const membership of channel.memberships.values()) {
    const trusted = fingerprints(trust.roots[membership.mspId] ?? []);
    if (trusted.join() === membership.rootFingerprints.join()) continue;
    throw untrusted('UNTRUSTED_ROOTS', `the root certificates of ${membership.mspId} are not the ones given`);
  }
  const mspIds = [...channel.memberships.keys()];
  const policy = channel.policy('/Channel/Application/Endorsement');
  const least = leastOrganisations(policy, mspIds);
  if (least >= leastEndorsers(trust)) return;
  const message = `${describePolicy(policy)} lets ${least} organisations endorse; ${leastEndorsers(trust)} must`;
  throw untrusted('UNTRUSTED_GENESIS', message);
}

/** The genesis block is valid by being first; peers mark it so, the tool that made it does not mark it at all. */
function checkFilter({ transactionFilter }: DecodedBlock): void {
  if (transactionFilter.length === 0 || transactionFilter.equals(Buffer.from([0]))) return;
  const place = { step: 'trust', block: 0 } as const;
  throw new VerificationError('VALIDATION_CODE', 'the genesis block is marked other than valid', place);
}

function leastEndorsers(trust: Trust): number {
  const majority = Math.floor(Object.keys(trust.roots).length / 2) + 1;
  return trust.endorsers ?? (trust.genesis === undefined ? majority : 1);
}

function fingerprints(pems: readonly string[]): string[] {
  return pems.map((pem) => sha256(readCertificate(Buffer.from(pem)).raw).toString('hex')).sort();
}

function untrusted(code: 'UNTRUSTED_GENESIS' | 'UNTRUSTED_ROOTS', message: string): VerificationError {
  return new VerificationError(code, message, { step: 'trust', block: 0 });
}
