// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Folder } from '../folder.js';
import { identityOf } from './identity.js';

/**
 * Holds a network's folder for one command at a time. Each puts up a name of its own, and works once it sees no other of a
 * process that lives: of two, whoever came later sees the other. A name is removed by its owner alone, or when its owner
 * is gone, and then nobody puts it up again: so there is no moment at which a live one could be taken away.
 *
 * @throws Error that names the process that holds it.
 */
export async function withLock<T>(folder: Folder, work: () => Promise<T>): Promise<T> {
  const own = `${folder.lock} ${process.pid} ${identityOf(process.pid) ?? ''} ${randomUUID()}`;
  try {
    await take(folder, own);
    return await work();
  } finally {
    await rm(own, { force: true });
  }
}

/** How long a command waits for one that may be about to end, and how often it looks, in milliseconds. */
const [PATIENCE_MS, APART_MS] = [500, 10];

async function take(folder: Folder, own: string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (let up = false; ;) {
    const others = await othersIn(folder, own);
    if (others.length === 0 && up) return;
    if (others.length > 0 && performance.now() > end) {
      const [, pid] = others.at(-1)?.split(' ') ?? []; // of those that wait, each is before all that it sees
      throw new Error(`process ${pid} works on ${folder.root}: wait until it is done`);
    }
    const first = others.every((other) => basename(own) < other);
    if (first && !up) await writeFile(own, '', { mode: 0o600 });
    if (!first && up) await rm(own); // of those that wait, one stays: else they would wait for each other
    up = first;
    if (others.length > 0) await delay(APART_MS);
  }
}

/** Names of others that live, in order. Removes those of processes that were killed. */
async function othersIn(folder: Folder, own: string): Promise<readonly string[]> {
  await mkdir(folder.root, { recursive: true, mode: 0o700 }); // the command before may have removed it
  const others: string[] = [];
  for (const name of await readdir(folder.root)) {
    const [word, pid = '', ...rest] = name.split(' ');
    if (word !== basename(folder.lock) || name === basename(own)) continue;
    if (identityOf(Number(pid)) === rest.slice(0, -1).join(' ')) others.push(name);
    else await rm(join(folder.root, name), { force: true });
  }
  return others.sort();
}
