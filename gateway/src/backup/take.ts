// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Seal } from '../storage/seal.js';
import type { Imports } from '../imports/imports.js';
import type { LedgerIndex } from '../index/ledger-index.js';
import { INDEX_FORMAT } from '../index/open-index.js';
import { genesisOf } from '../ledger/beginning.js';
import type { EmbeddedLedger } from '../ledger/embedded/ledger.js';
import type { Pages } from '../storage/level.js';
import { readSecret } from '../storage/private-files.js';
import { type ArchiveEntry, writeArchive } from './archive.js';
import { type DATABASES, FILE, FILES } from './parts.js';

export interface BackedUp {
  /** The data folder. */
  readonly directory: string;
  readonly ledger: EmbeddedLedger;
  readonly index: Pick<LedgerIndex, 'height' | 'digest'>;
  readonly imports: Pick<Imports, 'copy'>;
}

/**
 * A backup of a data folder in use, as bytes: the ledger as it is when the first byte is asked for, with every key that
 * was needed to write it, sealed. Others continue to write meanwhile. It is authenticated under a key derived from that of
 * the identity store, which is not in it.
 */
export async function* takeBackup({ directory, ledger, index, imports }: BackedUp): AsyncGenerator<Uint8Array> {
  const indexed = { height: index.height(), digest: index.digest(), format: INDEX_FORMAT }; // first, so that the ledger has these blocks
  const imported = imports.copy(); // before the ledger, which so has every row that they call anchored
  const genesis = await genesisOf(ledger);
  const copy = ledger.copy();
  const { seal } = ledger.pki;
  const about = { made: new Date().toISOString(), genesis, height: copy.height, index: indexed };
  try {
    const entries = entriesOf(directory, seal, {
      ledger: () => copy.pages,
      identities: () => ledger.pki.copy(),
      imports: () => imported.pages,
    });
    yield* writeArchive(about, entries, seal);
  } finally {
    await copy.release();
    await imported.release();
  }
}

/** The identities after the ledger: all who signed what is in it were enrolled before. */
async function* entriesOf(
  directory: string,
  seal: Seal,
  copies: Readonly<Record<keyof typeof DATABASES, () => Pages>>,
): AsyncGenerator<ArchiveEntry> {
  for (const [part, copy] of Object.entries(copies)) {
    for await (const page of copy()) for (const [key, value] of page) yield { part, key, value };
  }
  for (const key of FILES) {
    const text = await readSecret(join(directory, key));
    if (text !== undefined) yield { part: FILE, key, value: seal.close(key, text) };
  }
}
