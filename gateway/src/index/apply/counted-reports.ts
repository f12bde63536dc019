// SPDX-License-Identifier: Apache-2.0
import { UNDER } from 'yuanliu-chaincode/records/finding/violated';
import type { Batch } from '../store/batch.js';
import { keys } from '../rows/keys.js';

/** How many are named; of the others the number is told. */
const NAMED = 50;
const PREFIX = `~${UNDER}/`;

/** A mark says that a finding counts one more report. */
export function foldCounted(mark: string, value: string, batch: Batch): void {
  if (!mark.startsWith(PREFIX)) return;
  const [finding = ''] = mark.slice(PREFIX.length).split('/');
  const { about } = JSON.parse(value) as { readonly about: string };
  const key = keys.counted(finding);
  const { count, refs } = batch.get(key) ?? { count: 0, refs: [] };
  batch.put(key, { count: count + 1, refs: refs.length < NAMED ? [...refs, about] : refs });
}
