// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { openArchive, type WholeArchive } from 'yuanliu-gateway/backup/archive';
import { STORE_KEY } from 'yuanliu-gateway/backup/parts';
import { takeBackup } from 'yuanliu-gateway/backup/take';
import type { Config } from 'yuanliu-gateway/config/config';
import { KEY_VARIABLE } from 'yuanliu-gateway/storage/store-key';
import { openImportStore } from 'yuanliu-gateway/imports/store';
import { openIndex } from 'yuanliu-gateway/index/open-index';
import { openLedger } from 'yuanliu-gateway/ledger/open-ledger';
import { UnreachableError } from '../client.js';
import { said } from '../words/index.js';
import { administratorOf, type AdminOptions, withAdmin } from './admin.js';
import { print } from './options.js';
import { configOf } from './serve.js';

/** `yuanliu backup FILE` */
export function backupCommand(): Command {
  return withAdmin(new Command('backup'))
    .description(said('about-backup'))
    .argument('<file>', said('arg-backup'))
    .addHelpText(
      'after',
      `
${said('help-backup')}`,
    )
    .action(async (file: string, options: AdminOptions) => {
      if (existsSync(file)) throw new Error(said('is-there', { file }));
      const pieces = (await fromRunning(options)) ?? fromStopped(configOf(options, {}));
      const { made, genesis, height } = await written(file, pieces);
      if (options.json) print({ file, made, genesis, height });
      else {
        console.log(said('backed-up', { file, block: height - 1 }));
        console.log(said('keep-key', { place: keyPlace(options.data) }));
        if (genesis !== undefined) console.log(said('write-genesis', { genesis }));
      }
    });
}

/** Where the key is that restoring takes. */
function keyPlace(directory: string): string {
  const file = join(directory, STORE_KEY);
  return existsSync(file) ? file : said('what-variable', { variable: KEY_VARIABLE });
}

/** The backup that the running gateway of the folder sends; undefined where none runs. */
async function fromRunning(options: AdminOptions): Promise<AsyncIterable<Uint8Array> | undefined> {
  if (options.admin === undefined && !existsSync(join(options.data, 'run.json'))) return undefined;
  const pieces = (await administratorOf(options)).download('/admin/v1/backup');
  try {
    const first = await pieces.next();
    return first.done ? pieces : prefixed(first.value, pieces);
  } catch (error) {
    if (error instanceof UnreachableError && options.admin === undefined) return undefined;
    throw error;
  }
}

async function* prefixed(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

async function* fromStopped({ directory, ledger: kind }: Config): AsyncGenerator<Uint8Array> {
  if (!existsSync(join(directory, 'ledger'))) {
    throw new Error(said('no-embedded', { directory }));
  }
  const held = await openLedger(directory, kind);
  const { embedded: ledger } = held;
  try {
    if (!ledger) throw new Error(said('backup-network'));
    const index = await openIndex({ directory: join(directory, 'index'), ledger });
    const imports = await openImportStore(join(directory, 'imports'), new Date().toISOString());
    try {
      await index.waitFor((await ledger.height()) - 1, CATCH_UP_MS);
      yield* takeBackup({ directory, ledger, index, imports });
    } finally {
      await imports.close();
      await index.close();
    }
  } finally {
    await held.close();
  }
}

/** How long an index may take to catch up, in milliseconds. */
const CATCH_UP_MS = 3_600_000;

/** Writes the file whole or not at all, and reads it once more from the disk. */
async function written(file: string, pieces: AsyncIterable<Uint8Array>): Promise<WholeArchive> {
  const beside = `${file}.${process.pid}`;
  try {
    const handle = await open(beside, 'wx', 0o600);
    try {
      await writeFile(handle, pieces);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const archive = await openArchive(beside);
    await rename(beside, file);
    return archive;
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
