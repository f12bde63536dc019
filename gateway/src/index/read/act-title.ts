// SPDX-License-Identifier: Apache-2.0
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { kindNamed } from '../rows/kinds.js';

/** The act or consequence that left a record so, in the words of the regulation. */
export function titleOf({ kind, act }: LedgerRecord): string {
  const { acts, consequences } = kindNamed(kind) ?? {};
  const defined = act.nature === 'consequence' ? consequences?.get(act.name) : acts?.get(act.name);
  return defined?.title ?? act.name;
}
