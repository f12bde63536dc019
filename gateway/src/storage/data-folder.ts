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

/** The sizes of a data folder as they were a minute ago at most: a large one has thousands of files. */
export class SizeCache {
  readonly #directory: string;
  readonly #now: () => number;
  #sizes: Promise<ReadonlyMap<string, number>> | undefined;
  #since = 0;

  constructor(directory: string, now: () => number = () => performance.now()) {
    this.#directory = directory;
    this.#now = now;
  }

  current(): Promise<ReadonlyMap<string, number>> {
    const now = this.#now();
    if (this.#sizes && now - this.#since < SIZES_MS) return this.#sizes;
    this.#since = now;
    const sizes = folderSizes(this.#directory);
    sizes.catch(() => (this.#sizes = undefined));
    return (this.#sizes = sizes);
  }
}

const SIZES_MS = 60_000;

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
