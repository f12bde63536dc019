// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';
import { compared, dateCell, digestCell, oneLine, severalLines, truth, type CellValue } from './cells.js';
import type { ColumnMapping, RowField } from './columns.js';
import type { CsvRow } from './csv.js';

/** A resource to anchor, as one row of a file says. */
export interface ResourceRow {
  readonly line: number;
  readonly id: string;
  /** The input of `resource:anchor`, unchecked: the contract checks it. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The same for the same id and content, whoever sends it and however often. */
  readonly idempotencyKey: string;
  /** Fields of the input that the file has a column for and this row leaves empty. */
  readonly emptied: readonly string[];
  /** What is wrong with cells, by the header of their column: such a row is not sent. */
  readonly issues: readonly { readonly path: string; readonly message: string }[];
  /** The header of the column that says a field of the input. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whom the row names as its provider. */
  readonly provider?: string;
}

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
export function resourceRow(
  { line, cells }: CsvRow,
  { places, headers, constants }: ColumnMapping,
  { provider, region, holds }: Sender,
): ResourceRow {
  const raw: Partial<Record<RowField, string>> = { ...constants };
  for (const [field, place] of places) if (cells[place]) raw[field] = cells[place];
  const issues: { path: string; message: string }[] = [];
  const values: Partial<Record<RowField, string | boolean>> = {};
  for (const [field, text] of Object.entries(raw) as [RowField, string][]) {
    const read = (readers[field] ?? lineCell)(text);
    if ('problem' in read) issues.push({ path: headers[field] ?? field, message: read.problem });
    else if (read.value !== '') values[field] = read.value;
  }
  const { id, item, provider: named, ...rest } = values;
  const input = { region, ...rest, ...(item === undefined ? {} : { title: item }) };
  const resource = id === undefined ? derivedId(raw, { provider, holds }) : String(id);
  return {
    line,
    id: resource,
    input,
    idempotencyKey: `import-${hex([resource, input]).slice(0, 40)}`,
    emptied: Array.from(places.keys(), inputField).filter(
      (field) => field !== undefined && !(field in input),
    ) as string[],
    issues,
    headers: Object.fromEntries(
      Object.entries(headers).map(([field, header]) => [inputField(field as RowField) ?? field, header]),
    ),
    ...(named === undefined ? {} : { provider: String(named) }),
  };
}

function lineCell(text: string): CellValue {
  return { value: oneLine(text) };
}

const readers: Readonly<Partial<Record<RowField, (text: string) => CellValue>>> = {
  summary: (text) => ({ value: severalLines(text) }),
  publishedOn: dateCell,
  digest: digestCell,
  personal: truth,
  lawfullyOpened: truth,
};

/** The field of the input that a field of a row becomes. */
function inputField(field: RowField): string | undefined {
  if (field === 'id' || field === 'provider') return undefined;
  return field === 'item' ? 'title' : field;
}

/** An id that the row was given by an earlier version, where the sender holds it; else one of what is stored. */
function derivedId(
  cells: Readonly<Partial<Record<RowField, string>>>,
  { provider, holds }: Pick<Sender, 'provider' | 'holds'>,
): string {
  return earlierIds(cells, provider).find(holds) ?? resourceId(cells, provider);
}

/**
 * An id from the provider and all three columns of a catalogue, for one item name may occur in two categories. It names its
 * provider, so the contract lets no other organisation take it. Words that look alike give one id: white space, invisible
 * characters and compatible forms do not count.
 */
export function resourceId(
  { domain, category, item }: Readonly<Partial<Record<RowField, string>>>,
  provider: string,
): string {
  return `R-${provider}-${hex([compared(domain), compared(category), compared(item)]).slice(0, 20)}`;
}

/** Ids by which earlier versions knew a row: of the cells as written, with the provider, and without. */
function earlierIds(
  { domain, category, item }: Readonly<Partial<Record<RowField, string>>>,
  provider: string,
): readonly string[] {
  const digest = hex([domain ?? null, category ?? null, item ?? null]).slice(0, 20);
  return [`R-${provider}-${digest}`, `R-${digest}`];
}

function hex(value: unknown): string {
  return createHash('sha256').update(canonicalize(value)).digest('hex');
}
