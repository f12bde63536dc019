// SPDX-License-Identifier: Apache-2.0
import type { Mark } from '../kind/act.js';
import type { Speaker } from '../kind/caller.js';
import type { ActCall } from '../kind/input.js';
import type { ActEntry, LedgerRecord } from '../kind/record.js';
import type { Store } from '../kind/store.js';
import { refusal } from '../vocabulary/error.js';

/** The mark that holds the first answer to an idempotency key: scope is caller organisation and key. */
const ONCE = 'once';

/** What a key of the caller's organisation was first used for. */
interface First {
  readonly fingerprint: string;
  readonly ref: string;
  readonly txId: string;
  readonly seq?: number;
  readonly also: readonly string[];
}

/** The mark for an act that was done under a key. */
export function onceMark(
  { fingerprint }: ActCall,
  key: string,
  { organization, txId, seq }: ActEntry,
  { ref, also }: Pick<First, 'ref' | 'also'>,
): Mark {
  const value: First = { fingerprint, ref, txId, ...(seq === undefined ? {} : { seq }), also };
  return { name: ONCE, key: `${organization}/${key}`, value };
}

/** What the same request did before; undefined if its key is new. @throws ContractError `KEY_REUSED` for another request. */
export async function earlier(
  store: Store,
  { organization }: Speaker,
  call: ActCall,
): Promise<{ readonly record: LedgerRecord; readonly also: readonly string[]; readonly repeated: string } | undefined> {
  if (call.idempotencyKey === undefined) return undefined;
  const mark = await store.mark(ONCE, `${organization}/${call.idempotencyKey}`);
  if (mark === undefined) return undefined;
  const first = mark as First;
  const record = await store.record(first.ref);
  if (first.fingerprint !== call.fingerprint || !record) {
    throw refusal('KEY_REUSED', 'key-reused', { key: call.idempotencyKey, txId: first.txId });
  }
  return { record, also: first.also, repeated: first.txId };
}
