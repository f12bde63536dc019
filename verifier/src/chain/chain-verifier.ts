// SPDX-License-Identifier: Apache-2.0
import { checkBlockSignature, checkDataHash, checkLink } from '../check/check-block.js';
import { checkTransaction, remarksOn, type TransactionContext } from '../check/check-transaction.js';
import { checkConfigUpdate } from './config-update.js';
import { decodeBlock, type DecodedBlock } from '../block/decode.js';
import { Definitions } from '../channel/definitions.js';
import { refused, VerificationError } from '../wire/error.js';
import { compareCode } from '../check/expected-code.js';
import { commitHash } from '../wire/hash.js';
import { describePolicy, leastOrganisations } from '../identity/policy.js';
import { Replay, type ReplayCode } from '../check/replay.js';
import { TransactionIds } from '../check/transaction-ids.js';
import type { DecodedTransaction } from '../block/transaction.js';
import { basisOf, openChannel, type Trust, type TrustedChannel } from './trust.js';
import type { ValidationCode } from '../block/validation-code.js';
import { Tally, type Position, type Verdict } from './verdict.js';

export interface ChainOptions {
  /** Signatures in blocks before this one were checked earlier; hashes, conflicts and updates are replayed anyway. */
  readonly from?: number;
}

/** Checks a chain block by block, from its genesis block on; `verifyChain` is the same as one call. */
export class ChainVerifier {
  private readonly from: number;
  private readonly tally = new Tally();
  private readonly replay = new Replay();
  private readonly txIds = new TransactionIds();
  private readonly definitions = new Definitions();
  private channel: TrustedChannel | undefined;
  private previous: DecodedBlock | undefined;
  private genesis = '';
  private checked: Position | undefined;
  private transactions = 0;
  private valid = 0;

  constructor(
    private readonly trust: Trust,
    { from = 0 }: ChainOptions = {},
  ) {
    this.from = from;
  }

  /** Checks the next block. False once something is wrong: the verdict says what, and no further block is taken. */
  add(bytes: Uint8Array): boolean {
    if (!this.isClean()) return false;
    const block = this.tally.take({ step: 'structure' }, () => decodeBlock(bytes));
    const commit = block && (this.channel ? this.follow(block, this.channel) : this.open(block));
    if (!block || commit === undefined || !this.isClean()) return false;
    const { known } = this.trust;
    if (known?.number === block.number) {
      this.tally.take({ step: 'trust', block: block.number }, () => {
        checkKnown(block, known);
      });
      if (!this.isClean()) return false;
    }
    this.accept(block, commit);
    return true;
  }

  verdict(): Verdict {
    const { checked, transactions, valid, channel, genesis, trust } = this;
    const { steps, remarks, remarked } = this.tally;
    const findings = [...this.tally.findings, ...(this.isClean() ? notReached(checked, trust) : [])];
    const restsOn = basisOf(trust);
    const policy = (path: string): string => (channel ? describePolicy(channel.policy(path)) : '');
    return {
      ok: checked !== undefined && findings.length === 0,
      channel: channel?.name ?? '',
      genesis,
      restsOn,
      policies: {
        endorsement: policy('/Channel/Application/Endorsement'),
        blocks: policy('/Channel/Orderer/BlockValidation'),
      },
      blockSigners: channel ? leastOrganisations(channel.policy('/Channel/Orderer/BlockValidation')) : 0,
      blocks: checked ? checked.number + 1 : 0,
      transactions,
      valid,
      checked,
      proven: restsOn === 'genesis' && notReached(checked, trust).length === 0 ? checked : undefined,
      steps,
      findings,
      remarks,
      remarked,
    };
  }

  /** The genesis block: trusted or not, and nothing to replay. Returns its commit hash, which is empty. */
  private open(genesis: DecodedBlock): Buffer | undefined {
    this.channel = this.tally.take({ step: 'trust', block: genesis.number }, () => openChannel(genesis, this.trust));
    return this.channel && Buffer.alloc(0);
  }

  /** Any later block. Returns its commit hash. */
  private follow(block: DecodedBlock, channel: TrustedChannel): Buffer | undefined {
    const at = { block: block.number };
    this.tally.take({ step: 'header-chain', ...at }, () => {
      checkLink(block, this.previous);
    });
    // A block of another chain: whatever else it says is of no interest.
    if (!this.isClean()) return undefined;
    this.tally.take({ step: 'data-hash', ...at }, () => {
      checkDataHash(block);
    });
    if (block.number >= this.from) {
      this.tally.take({ step: 'block-signature', ...at }, () => {
        checkBlockSignature(block, channel);
      });
    }
    if (!this.checkTransactions(block, channel)) return undefined;
    return this.tally.take({ step: 'commit-hash', ...at }, () => this.checkCommitHash(block));
  }

  /**
   * Finds every transaction's validation code again and compares it with the block's. False if any differs: then the
   * block's updates are in dispute, and its commit hash says nothing more.
   */
  private checkTransactions(block: DecodedBlock, channel: TrustedChannel): boolean {
    const before = this.tally.findings.length;
    const { transactions, transactionFilter } = block;
    const alone = transactions.map((transaction) => this.refusalOf(transaction, block, channel));
    const refusals = TransactionIds.refuseRepeated(transactions, alone);
    transactions.forEach((transaction, index) => {
      this.tally.take({ step: 'replay', block: block.number, transaction: index }, () => {
        const found = this.compare(transaction, block.number, refusals[index]);
        if (found?.isRemark === false) throw found.error;
        if (found) this.tally.remark(found.error, { block: block.number, transaction: index });
      });
    });
    if (transactionFilter.length !== transactions.length) {
      const place = { step: 'replay', block: block.number } as const;
      this.tally.findings.push(
        new VerificationError('VALIDATION_CODE', 'not one validation code a transaction', place),
      );
    }
    return this.tally.findings.length === before;
  }

  /** What differs between the block's code and ours; of a transaction that cannot be judged, its state still is. */
  private compare(
    transaction: DecodedTransaction,
    block: number,
    refusal: VerificationError | undefined,
  ): ReturnType<typeof compareCode> {
    const code = transaction.validationCode;
    const isTaken = refusal?.code === 'UNSUPPORTED';
    if (isTaken && !decidedByState.has(code)) return { error: refusal, isRemark: true };
    const found = compareCode(code, (isTaken ? undefined : refusal) ?? this.replayed(transaction, block));
    return found ?? (isTaken ? { error: refusal, isRemark: true } : undefined);
  }

  /** Why the transaction is invalid whatever the state, if it is. */
  private refusalOf(
    transaction: DecodedTransaction,
    block: DecodedBlock,
    channel: TrustedChannel,
  ): VerificationError | undefined {
    return refused(() => {
      if (transaction.type === 'CONFIG') {
        this.tally.count('configuration');
        this.channel = checkConfigUpdate(block, channel, this.trust);
      } else if (block.number >= this.from) {
        this.checkSigned(transaction, block.number, channel);
      } else if (!decidedByState.has(transaction.validationCode)) {
        throw new VerificationError('UNSUPPORTED', 'checked earlier, taken as marked', { step: 'replay' });
      } else if (transaction.validationCode === 'VALID') {
        this.definitions.learn(transaction.readWriteSets);
      }
    });
  }

  private checkSigned(transaction: DecodedTransaction, block: number, channel: TrustedChannel): void {
    const context: TransactionContext = {
      channel,
      channelName: channel.name,
      definitions: this.definitions,
      isKnown: (txId) => this.txIds.has(txId),
      count: (step) => {
        this.tally.count(step);
      },
    };
    checkTransaction(transaction, context);
    if (transaction.validationCode !== 'VALID') return;
    for (const remark of remarksOn(transaction, context)) {
      this.tally.remark(remark, { block, transaction: transaction.index });
    }
    this.definitions.learn(transaction.readWriteSets);
  }

  /**
   * Why the transaction is invalid on the state before it; if it is not, its writes are taken over. Also of one that
   * cannot be judged: what the peers found valid is in their state.
   */
  private replayed(transaction: DecodedTransaction, block: number): VerificationError | undefined {
    if (transaction.type === 'CONFIG') return undefined;
    return refused(() => {
      const sets = transaction.readWriteSets;
      const code = this.replay.judge(sets);
      if (code !== 'VALID') throw conflict(code);
      this.replay.apply(sets, { block, transaction: transaction.index });
    });
  }

  /** The commit hash chains the codes and the updates of every block so far. */
  private checkCommitHash(block: DecodedBlock): Buffer {
    this.definitions.endBlock();
    const updates = this.replay.endBlock();
    if (!updates && block.commitHash) {
      const message = 'the commit hash covers values that are not kept: taken as it is';
      const remark = new VerificationError('UNSUPPORTED', message, { step: 'commit-hash' });
      this.tally.remark(remark, { block: block.number });
      return block.commitHash;
    }
    const previous = Buffer.from(this.checked?.commitHash ?? '', 'hex');
    const expected = commitHash(previous, block.transactionFilter, updates ?? Buffer.alloc(0));
    if (block.commitHash?.equals(expected)) return expected;
    throw new VerificationError('COMMIT_HASH', 'the commit hash is not that of the replayed state updates', {
      step: 'commit-hash',
    });
  }

  private isClean(): boolean {
    return this.tally.findings.length === 0;
  }

  private accept(block: DecodedBlock, commit: Buffer): void {
    this.previous = block;
    this.txIds.add(block.transactions);
    this.transactions += block.transactions.length;
    this.valid += block.transactions.filter(({ validationCode }) => validationCode === 'VALID').length;
    if (block.number === 0) this.genesis = block.headerHash.toString('hex');
    this.checked = {
      number: block.number,
      headerHash: block.headerHash.toString('hex'),
      commitHash: commit.toString('hex'),
    };
  }
}

/** The block that the caller knows is the one the caller knows. */
function checkKnown({ number, headerHash }: DecodedBlock, known: Known): void {
  if (known.headerHash.toLowerCase() === headerHash.toString('hex')) return;
  throw new VerificationError('KNOWN_BLOCK', `another block ${number} than the one known`, { step: 'trust' });
}

/** What is wrong where the chain does not go as far as the block that the caller knows. */
function notReached(last: Position | undefined, { known }: Trust): VerificationError[] {
  if (known === undefined || last === undefined || last.number >= known.number) return [];
  const place = { step: 'trust', block: last.number } as const;
  return [new VerificationError('KNOWN_BLOCK', `the chain ends before block ${known.number}, which is known`, place)];
}

type Known = NonNullable<Trust['known']>;

const decidedByState: ReadonlySet<ValidationCode> = new Set(['VALID', 'MVCC_READ_CONFLICT', 'PHANTOM_READ_CONFLICT']);

function conflict(code: Exclude<ReplayCode, 'VALID'>): VerificationError {
  if (code === 'MVCC_READ_CONFLICT') {
    return new VerificationError('MVCC', 'a key it read had been written meanwhile', { step: 'replay' });
  }
  return new VerificationError('PHANTOM', 'a range it read had changed meanwhile', { step: 'replay' });
}
