// SPDX-License-Identifier: Apache-2.0
import { ClassicLevel } from 'classic-level';
import { type OpenFailure, openFailureOf } from './level.js';
import { makePrivateFolder } from './private-files.js';

/** A LevelDB database of bytes under text keys. */
export type Database = ClassicLevel<string, Buffer>;
export type DatabaseSnapshot = ReturnType<Database['snapshot']>;

export interface DatabaseOptions {
  /** How much of its tables is cached, in bytes; LevelDB's own 8 MiB unless given. */
  readonly cacheBytes?: number;
  /** How much is collected in memory before a table is written, in bytes; LevelDB's own 4 MiB unless given. */
  readonly writeBufferBytes?: number;
}

/**
 * Opens the database in a folder, or makes it there, for its owner alone. One process has it open at a time.
 *
 * @param refuse makes the caller's own error of what hinders it
 */
export async function openDatabase(
  directory: string,
  refuse: (failure: OpenFailure, cause: unknown) => Error,
  { cacheBytes, writeBufferBytes }: DatabaseOptions = {},
): Promise<Database> {
  await makePrivateFolder(directory);
  const db: Database = new ClassicLevel(directory, {
    valueEncoding: 'buffer',
    maxFileSize: FILE_BYTES,
    ...(cacheBytes === undefined ? {} : { cacheSize: cacheBytes }),
    ...(writeBufferBytes === undefined ? {} : { writeBufferSize: writeBufferBytes }),
  });
  try {
    await db.open();
    return db;
  } catch (cause) {
    throw refuse(openFailureOf(cause), cause);
  }
}

const MEBIBYTE = 1024 * 1024;
/** Size of a table file: LevelDB's own 2 MiB make thousands of files of a ledger of ten million transactions. */
const FILE_BYTES = 16 * MEBIBYTE;
