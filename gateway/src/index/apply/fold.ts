// SPDX-License-Identifier: Apache-2.0
import { REGISTERED } from 'yuanliu-chaincode/records/registration/registered';
import type { Batch } from '../store/batch.js';
import type { BlockFacts, TransactionFacts } from '../../ledger/block-facts.js';
import { doneActs } from './done-acts.js';
import { foldCounted } from './counted-reports.js';
import { foldRecord, type Growth } from './fold-record.js';
import { foldMetered, foldUnmetered } from './metering.js';
import { graphs } from '../rows/graph-rows.js';
import { putEdges } from './put-edges.js';
import { keys, placeOf } from '../rows/keys.js';
import { type FindNumber, Names } from './names.js';
import type { BlockRow, OnceMark, Position, TransactionRow } from '../rows/rows.js';

/** What a block does to the graphs in memory, beside the rows it puts into the batch. */
export interface Folded extends Growth {
  readonly names: number;
  readonly latest: string;
  /** The valid transactions of this block whose writes are not in the index, and why. */
  readonly setAside: readonly { readonly txId: string; readonly index: number; readonly reason: string }[];
}

/**
 * Turns one block into rows. Depends on nothing but the block and the rows of the blocks before it, so that every gateway
 * comes to the same rows.
 */
export function foldBlock(block: BlockFacts, before: Position, batch: Batch, numberOf: FindNumber): Folded {
  const names = new Names(batch, before.names, numberOf);
  const growth: Growth = { lineage: [], parents: [] };
  const setAside: { readonly txId: string; readonly index: number; readonly reason: string }[] = [];
  let latest = before.latest;
  for (const [index, transaction] of block.transactions.entries()) {
    if (tellsTime(transaction) && (transaction.time ?? '') > latest) latest = transaction.time ?? '';
    const folded = foldAlone(block.number, index, transaction, { batch, names, growth });
    if (folded.setAside) setAside.push({ txId: transaction.txId, index, reason: folded.reason });
    foldTransaction(block.number, index, transaction, folded, batch);
  }
  const row: BlockRow = {
    hash: block.headerHash,
    latest,
    transactions: block.transactions.map(({ txId }) => txId),
  };
  batch.putNew(keys.block(block.number), row);
  for (const graph of graphs) putEdges(graph, growth[graph], block.number, batch);
  return { ...growth, names: names.count, latest, setAside };
}

/**
 * Other chaincodes may be endorsed by one peer, which may let any time pass: one of the year 9999 would be later than all
 * that comes after it, for ever. The contract's transactions have the clocks of several, a configuration an orderer's.
 */
function tellsTime({ type, validationCode, call, batch, writes }: TransactionFacts): boolean {
  const called = call !== undefined || batch !== undefined;
  return validationCode === 'VALID' && (type === 'CONFIG' || called || writes.length > 0);
}

type Changed = [ref: string, history: number][];

interface Target {
  readonly batch: Batch;
  readonly names: Names;
  readonly growth: Growth;
}

interface FoldedTransaction {
  readonly changed: Changed;
  readonly remark?: string;
  readonly setAside?: true;
}

/**
 * Folds what one transaction wrote, or nothing of it. What its peers took must not stop a follower: if it cannot
 * be folded it is set aside, with the reason, and the blocks go on. An error of the database is none of the transaction's.
 */
function foldAlone(
  block: number,
  index: number,
  transaction: TransactionFacts,
  target: Target,
): FoldedTransaction & { readonly reason: string } {
  const { batch, names, growth } = target;
  const { unreadable, remark } = transaction;
  if (unreadable !== undefined) return aside(unreadable);
  const before = { names: names.count, lineage: growth.lineage.length, parents: growth.parents.length };
  batch.begin();
  try {
    const changed = foldWrites(block, index, transaction, target);
    return { changed, reason: '', ...(remark === undefined ? {} : { remark }) };
  } catch (error) {
    if (batch.failure !== undefined) throw error;
    batch.rollBack();
    names.rollBack(before.names);
    growth.lineage.length = before.lineage;
    growth.parents.length = before.parents;
    return aside(error instanceof Error ? error.message : String(error));
  }
}

/** The reason is for the log alone: it may quote what only some may read. */
function aside(reason: string): FoldedTransaction & { readonly reason: string } {
  return { changed: [], reason, remark: 'what it wrote cannot be read as records of the contract', setAside: true };
}

function foldWrites(
  block: number,
  index: number,
  transaction: TransactionFacts,
  { batch, names, growth }: Target,
): Changed {
  const { txId, writes } = transaction;
  writes.forEach(({ key, value }, write) => {
    if (key.startsWith(ONCE)) batch.put(onceKey(key), JSON.parse(value) as OnceMark);
    if (key.startsWith(KEPT)) keepMark(key, { place: placeOf(block, index, write), value }, batch);
    foldCounted(key, value, batch);
  });
  const changed: Changed = [];
  for (const { place, record, ...act } of doneActs(transaction)) {
    changed.push([`${record.kind}/${record.id}`, record.history]);
    foldRecord({ txId, block, index, write: place, record, ...act }, { batch, names, growth });
    foldUnmetered(record, batch);
  }
  for (const { key } of writes) foldMetered(key, batch); // of reports of this transaction too
  return changed;
}

const ONCE = '~once/';
/** The marks that rules with due dates ask for: whether they have been met since is told from them. */
const KEPT = `~${REGISTERED}/`;

function keepMark(
  key: string,
  { place, value }: { readonly place: string; readonly value: string },
  batch: Batch,
): void {
  const mark = keys.mark(key);
  batch.put(mark, [...(batch.get(mark) ?? []), [place, JSON.parse(value) as unknown]]);
}

function onceKey(mark: string): string {
  const [organization = '', ...key] = mark.slice(ONCE.length).split('/'); // a key may hold a slash, a credit code does not
  return keys.once(organization, key.join('/'));
}

function foldTransaction(
  block: number,
  index: number,
  { txId, type, validationCode, time }: TransactionFacts,
  folded: FoldedTransaction,
  batch: Batch,
): void {
  if (txId === '') return; // unreadable, and nobody can ask for it
  const key = keys.transaction(txId);
  // A duplicate, or forged garbage, does not displace the first of its id.
  if (validationCode !== 'VALID' && batch.get(key)) return;
  const row: TransactionRow = {
    block,
    index,
    type,
    validationCode,
    ...(time === undefined ? {} : { time }),
    changed: folded.changed,
    ...(folded.remark === undefined ? {} : { remark: folded.remark }),
    ...(folded.setAside ? { setAside: true } : {}),
  };
  batch.put(key, row);
}
