// SPDX-License-Identifier: Apache-2.0
import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of what a data folder holds, by its parts: its folders each, and its single files together as `files`. */
export async function folderSizes(directory: string): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    const part = entry.isDirectory() ? entry.name : 'files';
    sizes.set(part, (sizes.get(part) ?? 0) + (entry.isDirectory() ? await bytesIn(path) : await bytesOf(path)));
  }
  return sizes;
}

/** Bytes that are free for this user where a folder is. */
export async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

async function bytesIn(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true });
  const sizes = await Promise.all(names.map((name) => bytesOf(join(directory, name))));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** A database deletes files at any time: what is gone has no size. */
async function bytesOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? found.size : 0;
}
