// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Auth, LedgerConfig } from 'yuanliu-gateway/config/config';
import { readSecret, writePrivate } from 'yuanliu-gateway/storage/private-files';

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
  readonly ledger: LedgerConfig['kind'];
  /** Where tokens come from; absent in files of older versions. */
  readonly auth?: Auth['mode'] | undefined;
  readonly accounts: readonly Account[];
}

/** Mode 0600, and a reader sees a whole file or none: it may hold tokens. */
export function writeRunFile(directory: string, run: RunFile): Promise<void> {
  return writePrivate(join(directory, 'run.json'), `${JSON.stringify(run, null, 2)}\n`);
}

/** Undefined where no gateway was ever started in the directory. */
export async function readRunFile(directory: string): Promise<RunFile | undefined> {
  const text = await readSecret(join(directory, 'run.json'));
  return text === undefined ? undefined : (JSON.parse(text) as RunFile);
}
