// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { said } from '../words/index.js';
import { IdentityStore } from 'yuanliu-gateway/identity/store';

/**
 * Does `work` on the identity store of a stopped gateway, and closes it.
 *
 * @param data the gateway's data folder
 * @throws Error when the folder has no identities, or a running gateway has them open.
 */
export async function withIdentityStore<T>(data: string, work: (store: IdentityStore) => Promise<T>): Promise<T> {
  const directory = join(data, 'identities');
  if (!existsSync(directory)) throw new Error(said('no-identity-store', { data }));
  const store = await IdentityStore.open(directory);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
