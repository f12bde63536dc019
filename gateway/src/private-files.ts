// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a folder that its owner alone may enter, or makes the one that is there such. */
export async function makePrivateFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
}

/** Writes a file whole or not at all, mode 0600, durably; replaces what was there. */
export async function writePrivate(file: string, text: string): Promise<void> {
  await rename(await writeBeside(file, text), file);
  await syncFolder(dirname(file));
}

/**
 * The text of a file; where there is none, what `make` gives, kept with mode 0600. Of several that make it at once one
 * wins, and all get the same.
 */
export async function readOrMakePrivate(file: string, make: () => Promise<string>): Promise<string> {
  const found = await readIfThere(file);
  if (found !== undefined) return found;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const beside = await writeBeside(file, await make());
  try {
    await link(beside, file);
    await syncFolder(dirname(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(beside);
  }
  return readFile(file, 'utf8');
}

/** The text of a file, or undefined without one. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes the text to a new file in the same folder, and returns its name. */
async function writeBeside(file: string, text: string): Promise<string> {
  const beside = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const handle = await open(beside, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return beside;
}

/** Makes names in a folder outlive a power failure. */
async function syncFolder(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
