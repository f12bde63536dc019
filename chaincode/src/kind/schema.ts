// SPDX-License-Identifier: Apache-2.0
import { kindNamed } from './kind.js';
import type { LedgerRecord } from './record.js';

/**
 * The one place where a body stored under an older schema becomes a current one: for the contract as it reads its state,
 * and for whoever reads blocks. The record itself if it is current, or of a kind that is not known.
 *
 * @throws Error for a schema that is newer than this code, or older than what its kind upgrades from.
 */
export function upgraded(record: LedgerRecord): LedgerRecord {
  const kind = kindNamed(record.kind);
  if (!kind || record.schema === kind.schema) return record;
  if (!kind.upgrade || record.schema > kind.schema) {
    throw new Error(
      `${record.kind}/${record.id} has schema ${record.schema}; this program knows ${kind.schema}: update it`,
    );
  }
  return { ...record, body: kind.upgrade(record.body, record.schema), schema: kind.schema };
}
