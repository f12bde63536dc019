// SPDX-License-Identifier: Apache-2.0
import { ChainVerifier, type ChainOptions } from './chain-verifier.js';
import { checkBlockSignature, checkDataHash } from '../check/check-block.js';
import { checkTransaction, remarksOn } from '../check/check-transaction.js';
import type { DecodedBlock } from '../block/decode.js';
import { refused, type VerificationError } from '../wire/error.js';
import type { Trust, TrustedChannel } from './trust.js';
import type { Verdict } from './verdict.js';

/**
 * Checks a chain, genesis block first, from what `trust` names: that the channel is the caller's, that no block is
 * missing or changed, that the orderers signed each, that every transaction is its creator's and endorsed as the policy
 * asks, and that the peer's validation codes and commit hashes are what follows from the blocks before.
 *
 * Stops at the first block with a finding. Never throws for what is in the blocks; what the iterable throws goes through.
 */
export async function verifyChain(
  blocks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  trust: Trust,
  options: ChainOptions = {},
): Promise<Verdict> {
  const chain = new ChainVerifier(trust, options);
  for await (const bytes of blocks) if (!chain.add(bytes)) break;
  return chain.verdict();
}

export interface BlockOptions {
  /**
   * The chaincode whose transactions matter to the caller. Other chaincodes of the channel may have endorsement policies
   * of their own, which a block alone does not tell: their transactions are not refused for want of endorsements.
   */
  readonly chaincode?: string;
  /** Called with what {@link Verdict.remarks} would list. */
  readonly remark?: (remark: VerificationError) => void;
}

/**
 * Checks one block by itself: data hash, orderer signatures, and that every transaction marked valid is its creator's
 * and properly endorsed. What depends on other blocks (the chain, repeated ids, conflicts, commit hash) needs
 * `verifyChain` or a signed checkpoint.
 *
 * @returns What is wrong, the block's number and the transaction's place filled in; empty if nothing is.
 */
export function verifyBlock(
  block: DecodedBlock,
  channel: TrustedChannel,
  { chaincode, remark }: BlockOptions = {},
): VerificationError[] {
  const context = { channel, channelName: channel.name, chaincode, isKnown: () => false };
  const checks = [checkDataHash, checkBlockSignature].map((check) =>
    refused(() => {
      check(block, channel);
    }),
  );
  const transactions = block.transactions
    .filter(({ validationCode, type }) => validationCode === 'VALID' && type !== 'CONFIG')
    .map((transaction) => {
      const place = { block: block.number, transaction: transaction.index };
      const refusal = refused(() => {
        checkTransaction(transaction, context);
        if (remark) for (const found of remarksOn(transaction, context)) remark(found.at(place));
      })?.at(place);
      if (refusal?.code !== 'UNSUPPORTED') return refusal;
      remark?.(refusal);
      return undefined;
    });
  return [...checks, ...transactions].flatMap((error) => (error ? [error.at({ block: block.number })] : []));
}
