// SPDX-License-Identifier: Apache-2.0
import type { UsageBody } from 'yuanliu-chaincode/records/usage/usage';
import { keys } from '../rows/keys.js';
import type { IndexStore } from '../store/store.js';

/** Ids of the first reports of a user under an authority that are yet to be metered. */
export async function unmeteredOf(
  store: IndexStore,
  { user, authority }: Pick<UsageBody, 'user' | 'authority'>,
  most: number,
): Promise<readonly string[]> {
  const prefix = keys.unmetered(user, authority, '');
  const ids: string[] = [];
  for await (const [key] of store.scan(prefix)) {
    if (ids.length === most) break;
    ids.push(key.slice(prefix.length));
  }
  return ids;
}
