// SPDX-License-Identifier: Apache-2.0
import type { LedgerRecord } from 'yuanliu-chaincode/record';
import { REGISTERED } from 'yuanliu-chaincode/records/registered';
import { upgraded } from 'yuanliu-chaincode/schema';
import type { Batch } from './batch.js';
import type { BlockFacts, TransactionFacts } from './block-facts.js';
import { foldRecord, type Growth } from './fold-record.js';
import { keys, placeOf } from './keys.js';
import { type FindNumber, Names } from './names.js';
import type { BlockRow, Position, TransactionRow } from './rows.js';

/** What a block does to the graphs in memory, beside the rows it puts into the batch. */
export interface Folded extends Growth {
  readonly names: number;
  readonly latest: string;
}

/**
 * Turns one block into rows. Depends on nothing but the block and the rows of the blocks before it, so that every gateway
 * comes to the same rows.
 */
export function foldBlock(block: BlockFacts, before: Position, batch: Batch, numberOf: FindNumber): Folded {
  const names = new Names(batch, before.names, numberOf);
  const growth = { lineage: [], parents: [] };
  let latest = before.latest;
  for (const [index, transaction] of block.transactions.entries()) {
    if (transaction.validationCode === 'VALID' && (transaction.time ?? '') > latest) latest = transaction.time ?? '';
    const changed = foldWrites(block.number, index, transaction, { batch, names, growth });
    foldTransaction(block.number, index, transaction, changed, batch);
  }
  const row: BlockRow = {
    hash: block.headerHash,
    latest,
    transactions: block.transactions.map(({ txId }) => txId),
  };
  batch.putNew(keys.block(block.number), row);
  if (growth.lineage.length > 0) batch.putNew(keys.lineage(block.number), growth.lineage);
  if (growth.parents.length > 0) batch.putNew(keys.parents(block.number), growth.parents);
  return { ...growth, names: names.count, latest };
}

type Changed = [ref: string, history: number][];

function foldWrites(
  block: number,
  index: number,
  { txId, call, writes }: TransactionFacts,
  { batch, names, growth }: { readonly batch: Batch; readonly names: Names; readonly growth: Growth },
): Changed {
  const main = call && `${call.transaction.split(':')[0] ?? ''}/${call.id}`;
  const changed: Changed = [];
  writes.forEach(({ key, value }, write) => {
    if (key.startsWith(ONCE)) batch.putText(onceKey(key), value);
    if (key.startsWith(KEPT)) keepMark(key, { place: placeOf(block, index, write), value }, batch);
    if (key.startsWith('~') || key.includes('@')) return; // marks, and past versions that an earlier block brought
    const stored = JSON.parse(value) as LedgerRecord;
    const record = upgraded(stored);
    const json = record === stored ? value : JSON.stringify(record);
    changed.push([key, record.history]);
    const origin = key === main ? { input: inputOf(call?.input) } : { causedBy: main };
    foldRecord({ txId, block, index, write, record, json, ...origin }, { batch, names, growth });
  });
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

/** The contract took it as JSON; what only concerns the sending of it is nobody else's. */
function inputOf(json = ''): unknown {
  const { idempotencyKey: _, ...input } = JSON.parse(json === '' ? '{}' : json) as Record<string, unknown>;
  return input;
}

function foldTransaction(
  block: number,
  index: number,
  { txId, type, validationCode, time }: TransactionFacts,
  changed: Changed,
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
    changed,
  };
  batch.put(key, row);
}
