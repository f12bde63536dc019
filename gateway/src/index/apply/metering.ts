// SPDX-License-Identifier: Apache-2.0
import { METERED } from 'yuanliu-chaincode/chain/quota';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { usage, type UsageBody } from 'yuanliu-chaincode/records/usage/usage';
import type { Batch } from '../store/batch.js';
import { keys } from '../rows/keys.js';

/** A report of uses that is to be metered goes on the list of its user and authority. */
export function foldUnmetered({ kind, id, body, act }: LedgerRecord, batch: Batch): void {
  if (kind !== usage.name || act.nature !== 'report') return;
  const { user, authority, unmetered } = body as UsageBody;
  if (unmetered) batch.put(keys.unmetered(user, authority, id), 0);
}

const PREFIX = `~${METERED}/`;

/** Once it is metered, which a mark says, it is off the list. */
export function foldMetered(mark: string, batch: Batch): void {
  if (!mark.startsWith(PREFIX)) return;
  const id = mark.slice(PREFIX.length);
  const ref = `${usage.name}/${id}`;
  const acts = batch.get(keys.record(ref))?.acts ?? 0;
  const body = batch.get(keys.history(ref, acts))?.record.body as UsageBody | undefined;
  const key = body && keys.unmetered(body.user, body.authority, id);
  if (key && batch.get(key) !== undefined) batch.delete(key, 0);
}
