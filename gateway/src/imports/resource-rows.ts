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

/** Who sends a file. */
export interface Sender {
  /** Its credit code. */
  readonly provider: string;
  /** For rows that name no region. */
  readonly region: string;
  /** Whether a resource of this id is on the ledger, and the sender's. */
  readonly holds: (id: string) => boolean;
}

/** What a row says. What it leaves empty stays unknown. */
export function resourceRow({ line, cells }: CsvRow, { provider, region, holds }: Sender): ResourceRow {
  const { id, item, personal, lawfullyOpened, ...rest } = cells;
  const input = {
    region,
    ...rest,
    ...(item === undefined ? {} : { title: item }),
    ...(personal === undefined ? {} : { personal: truth(personal) }),
    ...(lawfullyOpened === undefined ? {} : { lawfullyOpened: truth(lawfullyOpened) }),
  };
  const earlier = earlierId(cells);
  const resource = id ?? (holds(earlier) ? earlier : resourceId(cells, provider));
  return { line, id: resource, input, idempotencyKey: `import-${hex([resource, input]).slice(0, 40)}` };
}

/**
 * An id from the provider and all three columns of a catalogue, for one item name may occur in two categories. It names its
 * provider, so the contract lets no other organisation take it.
 */
export function resourceId(cells: Readonly<Record<string, string>>, provider: string): string {
  return `R-${provider}-${hex(columnsOf(cells)).slice(0, 20)}`;
}

/** The id that a row was given before ids named their provider. */
function earlierId(cells: Readonly<Record<string, string>>): string {
  return `R-${hex(columnsOf(cells)).slice(0, 20)}`;
}

function columnsOf({ domain, category, item }: Readonly<Record<string, string>>): readonly (string | null)[] {
  return [domain ?? null, category ?? null, item ?? null];
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
