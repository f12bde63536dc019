// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';
import type { CsvColumns, CsvRow } from './csv.js';

/** A resource to anchor, as one row of a file says. */
export interface ResourceRow {
  readonly line: number;
  readonly id: string;
  /** The input of `resource:anchor`, unchecked: the contract checks it. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The same for the same id and content, whoever sends it and however often. */
  readonly idempotencyKey: string;
}

/** The columns of a file of resources: a catalogue's three, and metadata where it is known. */
export const resourceColumns: CsvColumns = {
  required: ['domain', 'category', 'item'],
  optional: [
    'id',
    'region',
    'summary',
    'format',
    'openness',
    'updateCycle',
    'publishedOn',
    'digest',
    'personal',
    'lawfullyOpened',
  ],
};

/** What a row says, where `region` is that of the provider, for rows that name none. What it leaves empty stays unknown. */
export function resourceRow({ line, cells }: CsvRow, region: string): ResourceRow {
  const { id, item, personal, lawfullyOpened, ...rest } = cells;
  const input = {
    region,
    ...rest,
    ...(item === undefined ? {} : { title: item }),
    ...(personal === undefined ? {} : { personal: truth(personal) }),
    ...(lawfullyOpened === undefined ? {} : { lawfullyOpened: truth(lawfullyOpened) }),
  };
  const resource = id ?? resourceId(cells);
  return { line, id: resource, input, idempotencyKey: `import-${hex([resource, input]).slice(0, 40)}` };
}

/** An id from all three columns of a catalogue, for one item name may occur in two categories. */
export function resourceId({ domain, category, item }: Readonly<Record<string, string>>): string {
  return `R-${hex([domain ?? null, category ?? null, item ?? null]).slice(0, 20)}`;
}

function hex(value: unknown): string {
  return createHash('sha256').update(canonicalize(value)).digest('hex');
}

/** Yes or no as people write it; anything else is left for the contract to refuse. */
function truth(word: string): boolean | string {
  if (['true', 'yes', '1', '是'].includes(word.toLowerCase())) return true;
  if (['false', 'no', '0', '否'].includes(word.toLowerCase())) return false;
  return word;
}
