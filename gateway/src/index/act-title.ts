// SPDX-License-Identifier: Apache-2.0
import type { LedgerRecord } from 'yuanliu-chaincode/record';
import { kindNamed } from './kinds.js';

/** The act that left a record so, in the words of the regulation; its plain name where it has none of its own. */
export function titleOf({ kind, act }: LedgerRecord): string {
  return kindNamed(kind)?.acts.get(act.name)?.title ?? act.name;
}
