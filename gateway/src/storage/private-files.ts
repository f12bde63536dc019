// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { constants, writeFileSync } from 'node:fs';
import { chmod, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a folder that its owner alone may enter, or makes the one that is there such. */
export async function makePrivateFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
}

/**
 * Makes a data folder, or takes others' permissions from the one that is there. What belongs to another user, such as a
 * volume that a container gets, is left as it is: what is put in it is private by itself.
 */
export async function makeDataFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { uid, mode } = await stat(directory);
  if (uid === process.getuid?.() && (mode & OTHERS) !== 0) await chmod(directory, mode & 0o700);
}

/** Writes a file whole or not at all, mode 0600, durably; replaces what was there. */
export async function writePrivate(file: string, text: string): Promise<void> {
  await rename(await writeBeside(file, text), file);
  await syncFolder(dirname(file));
}

/** Writes a file at once, mode 0600; it may be cut off by a crash. */
export function writePrivateSync(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
}

/**
 * The text of a secret file; where there is none, what `make` gives, kept with mode 0600. Of several that make it at once one
 * wins, and all get the same.
 *
 * @throws Error as {@link readSecret}.
 */
export async function readOrMakePrivate(file: string, make: () => Promise<string>): Promise<string> {
  const found = await readSecret(file);
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
  return (await readSecret(file)) ?? '';
}

/**
 * The text of a file that holds a key or token, or undefined without one.
 *
 * @throws Error when it is not its user's alone: others may know what it holds, or have put it there.
 */
export async function readSecret(file: string): Promise<string | undefined> {
  let handle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw notPrivate(file, 'it is a link to another file');
    throw error;
  }
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw notPrivate(file, 'it is no file');
    if ((found.mode & OTHERS) !== 0) {
      throw notPrivate(file, `others may read or write it (mode ${(found.mode & 0o777).toString(8)})`);
    }
    const own = process.getuid?.();
    if (own !== undefined && own !== 0 && found.uid !== own) throw notPrivate(file, 'it belongs to another user');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function notPrivate(file: string, why: string): Error {
  return new Error(
    `${file} is not taken: ${why}, so that they may know what it holds or have put it there. ` +
      'Delete it, and it is made anew, or put it back from a backup; if nobody else has used this machine: chmod 600',
  );
}

const OTHERS = 0o077;

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
