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
import { administratorOf, type AdminOptions, withAdmin } from './admin.js';
import { print } from './options.js';
import { configOf } from './serve.js';

/** `yuanliu backup FILE` */
export function backupCommand(): Command {
  return withAdmin(new Command('backup'))
    .description('write the embedded ledger with all its keys into one file, while the gateway runs or stopped')
    .argument('<file>', 'a new file, readable by its owner alone')
    .addHelpText(
      'after',
      `
In it are the ledger, the identities and the key of the built-in issuer of tokens, both sealed with the key of the identity
store, and the reports of imports. The index is rebuilt by \`yuanliu restore\`. The key of the store authenticates the file and
opens what is sealed, and is not in it: keep a copy of DATA/identities/store.key, or what YUANLIU_STORE_KEY holds, elsewhere
than the backups. After \`yuanliu identity rotate-key\`, older backups still need the older key.`,
    )
    .action(async (file: string, options: AdminOptions) => {
      if (existsSync(file)) throw new Error(`${file} is there already: name a new file`);
      const pieces = (await fromRunning(options)) ?? fromStopped(configOf(options, {}));
      const { made, genesis, height } = await written(file, pieces);
      if (options.json) print({ file, made, genesis, height });
      else {
        console.log(`${file}: the ledger up to block ${height - 1}, with its keys, sealed`);
        console.log(
          `restoring it takes the key of the identity store: keep a copy of ${keyPlace(options.data)} elsewhere`,
        );
        if (genesis !== undefined)
          console.log(`the ledger begins with the genesis block ${genesis}: write that down elsewhere too`);
      }
    });
}

/** Where the key is that restoring takes. */
function keyPlace(directory: string): string {
  const file = join(directory, STORE_KEY);
  return existsSync(file) ? file : `what ${KEY_VARIABLE} holds`;
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
    throw new Error(`${directory} holds no embedded ledger: name the gateway's folder with --data`);
  }
  const held = await openLedger(directory, kind);
  const { embedded: ledger } = held;
  try {
    if (!ledger) throw new Error('what a gateway on a network keeps is backed up with tar: see docs/operations.md');
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
