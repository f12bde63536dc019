// SPDX-License-Identifier: Apache-2.0
import {
  type BlockOptions,
  type DecodedBlock,
  openChannel,
  type Trust,
  type TrustedChannel,
  verifyBlock,
} from 'yuanliu-verifier';
import { checkDataHash } from 'yuanliu-verifier/check/check-block';
import { checkConfigUpdate } from 'yuanliu-verifier/chain/config-update';
import { LedgerError } from '../error.js';

/**
 * Checks blocks as peers hand them out, from the channel's genesis block alone: a peer is believed nothing but how it
 * marked the transactions. What Fabric's peers find valid is accepted; the inspector only remarks on what is odd. Every
 * block is checked for its number, its link to the one before and the hash of its content. Signatures of orderers,
 * creators and endorsers are checked in one block of `every`.
 */
export class Inspector {
  readonly #genesis: Buffer;
  /** What changes of the configuration are held to: the beginning, once trusted, says who may make them. */
  readonly #trust: Trust;
  readonly #every: number;
  readonly #options: BlockOptions;
  /** The channel's configurations, each in force from a block on; oldest first. */
  readonly #configurations: { readonly from: number; readonly channel: TrustedChannel }[];

  /** @throws VerificationError when the genesis block is not the trusted one, or not of the trusted members. */
  constructor(genesis: DecodedBlock, trust: Trust, every = 1, options: BlockOptions = {}) {
    this.#genesis = genesis.headerHash;
    // Nothing else: what the members change as their own policies let them is followed, other members and policies too.
    this.#trust = { genesis: this.#genesis.toString('hex') };
    this.#every = every;
    this.#options = options;
    this.#configurations = [{ from: 1, channel: openChannel(genesis, trust) }];
  }

  /** @throws LedgerError, VerificationError when the block is not the one that follows, or not what the members signed. */
  check(block: DecodedBlock, number: number, previousHash: Buffer | undefined, every = this.#every): void {
    if (block.number !== number) throw refusal(`block ${number} was due, and block ${block.number} came`);
    if (previousHash && !block.previousHash.equals(previousHash)) {
      throw refusal(`block ${number} does not follow the block ${number - 1} that another peer gave: the chain forks`);
    }
    if (number === 0 && !block.headerHash.equals(this.#genesis)) throw refusal('another peer gave another block 0');
    const channel = this.#channelAt(number);
    if (number === 0 || number % every !== 0) checkDataHash(block);
    else for (const finding of verifyBlock(block, channel, this.#options)) throw finding;
    if (number > 0) this.#reconfigure(block, channel);
  }

  /**
   * Learns the configurations before block `height` without reading all blocks: each block names, signed by the orderers,
   * the one that holds its configuration.
   */
  async catchUp(height: number, read: (number: number) => Promise<DecodedBlock>): Promise<void> {
    const changes: DecodedBlock[] = [];
    let newest: DecodedBlock | undefined;
    for (let last = height - 1; last > 0;) {
      const block = await read(last);
      newest ??= block;
      const { lastConfig } = block;
      if (lastConfig === 0) break;
      changes.unshift(await read(lastConfig));
      last = lastConfig - 1;
    }
    for (const block of changes) this.check(block, block.number, undefined, 1);
    // One peer gave them all: it must not have left out a change, such as a revocation.
    if (newest) this.check(newest, height - 1, undefined, 1);
  }

  /** The MSPs of the channel, as far as its blocks are known. */
  get members(): readonly string[] {
    return [...(this.#configurations.at(-1)?.channel.memberships.keys() ?? [])];
  }

  #channelAt(number: number): TrustedChannel {
    const inForce = this.#configurations.findLast(({ from }) => from <= number) ?? this.#configurations[0];
    if (!inForce) throw refusal('the channel has no configuration');
    return inForce.channel;
  }

  #reconfigure(block: DecodedBlock, channel: TrustedChannel): void {
    const [transaction] = block.transactions;
    if (transaction?.type !== 'CONFIG' || transaction.validationCode !== 'VALID') return;
    const from = block.number + 1;
    if (from <= (this.#configurations.at(-1)?.from ?? 0)) return; // seen before
    this.#configurations.push({ from, channel: checkConfigUpdate(block, channel, this.#trust) });
  }
}

function refusal(message: string): LedgerError {
  return new LedgerError('UNAVAILABLE', message);
}
