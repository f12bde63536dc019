// SPDX-License-Identifier: Apache-2.0
import type { Reader } from './act.js';
import { refusal } from '../vocabulary/error.js';
import type { Kind } from './kind.js';
import { momentAt, type LedgerRecord } from './record.js';
import { endedWith, standingOf } from './standing.js';

/** Where committed records and marks are read: the world state, or a gateway's index of it. */
export interface Committed {
  /** The record at `kind/id`, or at its exact version; undefined if there is none. */
  record(ref: string): Promise<LedgerRecord | undefined>;
  mark(name: string, key: string): Promise<unknown>;
}

/** What rules and effects read through: the ledger as it stands, its terms at `time`, or as it was at `asOf`. */
export function readerOf(committed: Committed, asOf: string | undefined, time: string): Reader {
  const versionAt = async (ref: string): Promise<LedgerRecord | undefined> => {
    const record = await committed.record(ref);
    const current = record && ref.includes('@') ? await committed.record(`${record.kind}/${record.id}`) : undefined;
    return record && current ? endedWith(record, current) : record;
  };
  const load = async (ref: string, at = asOf): Promise<LedgerRecord | undefined> => {
    const record = await versionAt(ref);
    if (!record || ref.includes('@')) return record;
    const moment = momentAt(record, at);
    return moment && moment.version < record.version ? committed.record(`${ref}@${moment.version}`) : record;
  };
  const find = async <Body>(kind: Kind<Body>, ref: string): Promise<LedgerRecord<Body> | undefined> => {
    const full = ref.includes('/') ? ref : `${kind.name}/${ref}`;
    if (!full.startsWith(`${kind.name}/`)) return undefined;
    return (await versionAt(full)) as LedgerRecord<Body> | undefined;
  };
  return {
    find,
    read: async (kind, ref) => {
      const record = await find(kind, ref);
      if (record) return record;
      throw refusal('NOT_FOUND', 'no-record', { ref: ref.includes('/') ? ref : `${kind.name}/${ref}` });
    },
    current: async <Body>(kind: Kind<Body>, id: string) => {
      const record = await load(`${kind.name}/${id}`);
      return record && momentAt(record, asOf) && (record as LedgerRecord<Body>);
    },
    marked: (name, key) => committed.mark(name, key),
    moment: (record) => momentAt(record, asOf),
    standing: (ref, resting = [], at = asOf) =>
      standingOf(ref, { asOf: at, time, load: (one) => load(one, at), resting }),
  };
}
