// SPDX-License-Identifier: Apache-2.0
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Somebody who can speak to the gateway. */
export interface Account {
  readonly role: string;
  /** Credit code. */
  readonly organization: string;
  /** The organisation's name. */
  readonly name: string;
  readonly user: string;
  /** The gateway of its organisation, where that is not the one for all. */
  readonly gateway?: string;
  /** Bearer token; in a demonstration only. */
  readonly token?: string;
}

/** `DIR/run.json`: where the running gateway listens, and who can speak to it, for scripts and tests. */
export interface RunFile {
  readonly gateway: string;
  /** Health and metrics. */
  readonly admin: string;
  readonly pid: number;
  readonly ledger: 'embedded' | 'fabric';
  readonly accounts: readonly Account[];
}

/** Written beside and renamed, mode 0600: a reader sees a whole file or none, and nobody else the tokens. */
export async function writeRunFile(directory: string, run: RunFile): Promise<void> {
  const file = join(directory, 'run.json');
  await writeFile(`${file}.new`, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Undefined where no gateway was ever started in the directory. */
export async function readRunFile(directory: string): Promise<RunFile | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, 'run.json'), 'utf8')) as RunFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
