// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calendarUntil } from 'yuanliu-chaincode/rulebook/rulebook';
import type { Config } from 'yuanliu-gateway';
import type { ArchiveHeader } from 'yuanliu-gateway/backup/archive';
import { INDEX_FORMAT } from 'yuanliu-gateway/index/open-index';
import type { Standing } from 'yuanliu-gateway/identity/person';
import { missingRules, unknownRules } from 'yuanliu-gateway/index/read/missing-rules';
import { openIndex, reindex } from 'yuanliu-gateway/index/open-index';
import { openLedger, type OpenedLedger } from 'yuanliu-gateway/ledger/open-ledger';
import type { Ledger } from 'yuanliu-gateway/ledger/port';
import { type Verdict, verifyChain } from 'yuanliu-verifier';
import { storedBlocks } from './stored-blocks.js';

/** How long an index may take to catch up, in milliseconds. */
const CATCH_UP_MS = 3_600_000;

/** Where a gateway keeps its things, and on which ledger. */
export type Kept = Pick<Config, 'directory' | 'ledger'>;

export interface ExamineOptions {
  /** Whether the embedded ledger's state is compared with the blocks. */
  readonly deep?: boolean;
}

export interface Examination extends Pick<Verdict, 'genesis' | 'restsOn'> {
  readonly blocks: number;
  readonly transactions: number;
  /** What is odd about transactions that the peers found valid, in words. */
  readonly remarks: readonly string[];
  /** State digest of the index, equal to that of a rebuild. */
  readonly digest: string;
  /** How many state values were each found to be the last valid write of the blocks; absent where they were not compared. */
  readonly values?: number;
  /** The latest time of any transaction on the ledger, RFC 3339; empty without one. */
  readonly latest: string;
  /** Rules of the contract that the rulebook in force does not have. */
  readonly missingRules: readonly string[];
  /** Rules of the rulebook that the contract does not know. */
  readonly unknownRules: readonly string[];
  /** The last day until which working days can be counted; absent where no period is in working days. */
  readonly calendarUntil?: string;
  /** Whom the gateway signs for. */
  readonly people: readonly Standing[];
}

/**
 * Examines what a gateway keeps that does not run: every block from its genesis block on, and the index against a rebuild;
 * with `deep`, each state value against the blocks. Throws an error that says what does not hold.
 */
export async function examineLedger(kept: Kept, { deep = false }: ExamineOptions = {}): Promise<Examination> {
  return opened(kept, async (held) => {
    await held.embedded?.check({});
    const verdict = await verified(held);
    const state = deep ? await stateOf(held) : {};
    const { digest, ...caughtUp } = await indexOf(held.ledger, kept.directory);
    const scratch = await mkdtemp(join(tmpdir(), 'yuanliu-rebuild-'));
    try {
      const { digest: rebuilt } = await reindex({ directory: scratch, ledger: held.ledger });
      if (digest !== rebuilt)
        throw new Error(
          `the index says ${digest}, a rebuild ${rebuilt}: run \`yuanliu reindex --data ${kept.directory}\``,
        );
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
    return { ...verdict, digest, ...state, ...caughtUp, people: held.people.list() };
  });
}

/**
 * Examines what was restored from a backup, and builds its index: every block from its genesis block on, each state value
 * against the blocks, and the index against what it was at that height when the backup was taken. Throws an error that
 * says what does not hold.
 */
export async function examineRestored(kept: Kept, taken: ArchiveHeader['index']): Promise<Examination> {
  return opened(kept, async (held) => {
    const verdict = await verified(held);
    const state = await stateOf(held);
    const directory = join(kept.directory, 'index');
    const { digest } = await reindex({ directory, ledger: held.ledger, height: taken.height });
    if (isComparable(taken) && digest !== taken.digest) {
      throw new Error(
        `the index of the restored ledger comes to ${digest}; when it was backed up it was ${taken.digest}`,
      );
    }
    const caughtUp = await indexOf(held.ledger, kept.directory);
    return { ...verdict, ...state, ...caughtUp, people: held.people.list() };
  });
}

/** Whether the index of a backup can be compared with a rebuild: another version of this program has other rows. */
export function isComparable({ format = 4 }: ArchiveHeader['index']): boolean {
  return format === INDEX_FORMAT;
}

/** Demands that this gateway's index, once it has caught up, has this digest: it has seen what another one saw. */
export async function demandDigest(kept: Kept, digest: string): Promise<void> {
  const own = await opened(kept, ({ ledger }) => indexOf(ledger, kept.directory));
  if (own.digest !== digest)
    throw new Error(`the index in ${kept.directory} says ${own.digest}, another gateway's ${digest}`);
}

/**
 * Rebuilds a gateway's index from block 0 and returns its digest, after each state value of an embedded ledger was compared
 * with the blocks; `progress` gets the height so far.
 */
export async function rebuildIndex(
  kept: Kept,
  progress: (height: number, of: number) => void = () => undefined,
): Promise<Pick<Examination, 'digest' | 'values'>> {
  return opened(kept, async (held) => {
    const state = await stateOf(held);
    const { digest } = await reindex({ directory: join(kept.directory, 'index'), ledger: held.ledger }, progress);
    return { digest, ...state };
  });
}

async function opened<T>({ directory, ledger }: Kept, work: (held: OpenedLedger) => Promise<T>): Promise<T> {
  const held = await openLedger(directory, ledger, { settle: false });
  try {
    return await work(held);
  } finally {
    await held.close();
  }
}

async function verified({ ledger, trust }: OpenedLedger): Promise<Verified> {
  const { findings, remarks, ...verdict } = await verifyChain(stored(ledger), trust);
  const [first] = findings;
  if (first) throw first;
  const { blocks, transactions, genesis, restsOn } = verdict;
  const where = (block = 0, transaction = 0): string => `block ${block}, transaction ${transaction}`;
  return {
    blocks,
    transactions,
    genesis,
    restsOn,
    remarks: remarks.map(({ block, transaction, message }) => `${where(block, transaction)}: ${message}`),
  };
}

type Verified = Pick<Examination, 'blocks' | 'transactions' | 'remarks' | 'genesis' | 'restsOn'>;

/** The state of an embedded ledger, compared; that of a network is its peers'. */
async function stateOf({ embedded }: OpenedLedger): Promise<Pick<Examination, 'values'>> {
  return embedded ? { values: await embedded.compareState() } : {};
}

async function* stored(ledger: Ledger): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of storedBlocks(ledger)) yield bytes;
}

async function indexOf(
  ledger: Ledger,
  directory: string,
): Promise<Pick<Examination, 'digest' | 'latest' | 'missingRules' | 'unknownRules' | 'calendarUntil'>> {
  const index = await openIndex({ directory: join(directory, 'index'), ledger });
  try {
    await index.check({});
    await index.waitFor((await ledger.height()) - 1, CATCH_UP_MS);
    const rulebook = index.rulebook();
    const until = rulebook && calendarUntil(rulebook.body, new Date().toISOString());
    return {
      digest: index.digest(),
      latest: index.latest(),
      missingRules: missingRules(rulebook),
      unknownRules: unknownRules(rulebook),
      ...(until === undefined ? {} : { calendarUntil: until }),
    };
  } finally {
    await index.close();
  }
}
