// SPDX-License-Identifier: Apache-2.0
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { mapColumns, type ColumnChoice } from 'yuanliu-gateway/imports/columns';
import { readCsv, type CsvRow } from 'yuanliu-gateway/imports/csv';
import { UsageError } from './failures.js';
import { said } from './words/index.js';

/** A file of one provider's rows. */
export interface SplitPart {
  readonly provider: string;
  readonly file: string;
  readonly rows: number;
}

/**
 * Writes the rows of each provider into a file of their own in a folder, as UTF-8 with a byte order mark, under the header
 * of the whole: each organisation sends its own.
 *
 * @throws UsageError for a file without a provider column
 * @throws ContractError for one that cannot be read; Error where a file of that name exists
 */
export async function splitFile(text: string, directory: string, choice: ColumnChoice): Promise<readonly SplitPart[]> {
  const { header, rows } = await readCsv(text);
  const { places, headers } = mapColumns(header.cells, header.line, choice);
  const place = places.get('provider');
  if (place === undefined) throw new UsageError(said('no-provider-column', { columns: header.cells.join(', ') }));
  const groups = new Map<string, CsvRow[]>();
  for (const row of rows) {
    const provider = row.cells[place] ?? '';
    groups.set(provider, [...(groups.get(provider) ?? []), row]);
  }
  if (groups.has('')) {
    const [first] = groups.get('') ?? [];
    throw new UsageError(said('provider-empty', { line: first?.line ?? 0, header: headers.provider ?? 'provider' }));
  }
  await mkdir(directory, { recursive: true });
  const parts: SplitPart[] = [];
  for (const [provider, own] of groups) {
    const file = join(directory, `${String(parts.length + 1).padStart(3, '0')}-${fileName(provider)}.csv`);
    const cells = [header.cells, ...own.map((row) => row.cells.slice(0, header.cells.length))];
    await writeFile(file, stringify(cells, { bom: true }), { flag: 'wx' });
    parts.push({ provider, file, rows: own.length });
  }
  return parts;
}

/** A name that every file system takes. */
function fileName(provider: string): string {
  return provider.replace(/[^\p{L}\p{N}()（）-]+/gu, '_').slice(0, 60);
}
