// SPDX-License-Identifier: Apache-2.0
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { Folder } from '../folder.js';
import { identityOf } from './identity.js';

/**
 * Holds a network's folder for one command at a time.
 *
 * @throws Error that names the process that holds it.
 */
export async function withLock<T>(folder: Folder, work: () => Promise<T>): Promise<T> {
  await mkdir(folder.root, { recursive: true, mode: 0o700 });
  while (!(await taken(folder))) {
    const [pid = '', identity = ''] = (await readFile(folder.lock, 'utf8')).split(' ');
    if (identity !== '' && identityOf(Number(pid)) === identity)
      throw new Error(`process ${pid} works on ${folder.root}: wait until it is done`);
    await rm(folder.lock, { force: true }); // left by one that was killed
  }
  try {
    return await work();
  } finally {
    await rm(folder.lock, { force: true });
  }
}

async function taken(folder: Folder): Promise<boolean> {
  try {
    const own = `${process.pid} ${identityOf(process.pid) ?? ''}`;
    await writeFile(folder.lock, own, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
