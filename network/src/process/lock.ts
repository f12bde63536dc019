// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { type Folder, hasCode, readText } from '../folder.js';
import { identityOf } from './identity.js';

/**
 * Holds a network's folder for one command at a time.
 *
 * @throws Error that names the process that holds it.
 */
export async function withLock<T>(folder: Folder, work: () => Promise<T>): Promise<T> {
  await mkdir(folder.root, { recursive: true, mode: 0o700 });
  while (!(await taken(folder))) {
    const held = await readText(folder.lock);
    if (held === undefined) continue; // let go of meanwhile
    if (lives(held)) throw new Error(`process ${held.split(' ', 1)[0]} works on ${folder.root}: wait until it is done`);
    await takeAway(folder);
  }
  try {
    return await work();
  } finally {
    await rm(folder.lock, { force: true });
  }
}

/** Whether the process that a lock names still runs. */
function lives(held: string): boolean {
  const [pid = '', identity = ''] = held.split(' ');
  return identity !== '' && identityOf(Number(pid)) === identity;
}

/** Removes a lock left by one that was killed; puts it back if another took it meanwhile. */
async function takeAway(folder: Folder): Promise<void> {
  const away = `${folder.lock}.${randomUUID()}`;
  try {
    await rename(folder.lock, away);
    if (lives((await readText(away)) ?? '')) await link(away, folder.lock);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error; // another took it away
  } finally {
    await rm(away, { force: true });
  }
}

async function taken(folder: Folder): Promise<boolean> {
  const own = `${folder.lock}.${randomUUID()}`;
  await writeFile(own, `${process.pid} ${identityOf(process.pid) ?? ''}`, { mode: 0o600 });
  try {
    await link(own, folder.lock); // whole at once: who finds it reads whose it is
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}
