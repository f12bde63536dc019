// SPDX-License-Identifier: Apache-2.0
import { canonicalize } from 'json-canonicalize';
import { anchor, flagged, type ResourceBody } from 'yuanliu-chaincode/records/resource/resource';
import type { TokenSubject } from '../identity/issuer.js';
import type { LedgerIndex } from '../index/ledger-index.js';
import type { ImportRow } from './report.js';
import type { ResourceRow } from './resource-rows.js';

/**
 * A row whose id is on the ledger: unchanged where the contract would store what the record holds now, in every column of
 * the file, also where a cell is empty; else a conflict, with the way out of it.
 */
export function knownRow(row: ResourceRow, index: LedgerIndex, { organization }: TokenSubject): ImportRow {
  const { line, id } = row;
  const conflict = (code: string, message: string, remedy: string): ImportRow => {
    return { line, id, result: 'conflict', code, message, remedy };
  };
  const known = index.record(`resource/${id}`, index.viewer(organization))?.record;
  const body = known?.body as ResourceBody | undefined;
  if (!known || body?.provider !== organization) {
    return conflict('EXISTS', `resource/${id} is taken by another provider`, 'choose another id');
  }
  if (known.state === 'withdrawn') {
    const message = `resource/${id} is withdrawn since ${body.withdrawal?.at ?? known.act.time}: it is not anchored again`;
    return conflict('WRONG_STATE', message, 'leave the row out, or give it an id of its own in a column id');
  }
  const stored = body as Readonly<Record<string, unknown>>;
  const wanted = storedAs(row, organization);
  const changed = Object.keys(wanted).filter((field) => !same(stored[field], wanted[field]));
  const emptied = row.emptied.filter((field) => stored[field] !== undefined);
  if (changed.length + emptied.length === 0) return { line, id, result: 'unchanged' };
  const differences = [...changed, ...emptied].map((field) => {
    const file = wanted[field] === undefined ? 'nothing' : quoted(wanted[field]);
    return `${row.headers[field] ?? field}: the ledger has ${quoted(stored[field])}, the file has ${file}`;
  });
  const message = `resource/${id} is on the ledger with other content: ${differences.join('; ')}`;
  return conflict('EXISTS', message, remedyFor(id, { wanted, changed, emptied }));
}

/** What the contract would store of the row: its input as the act's own schema reads it. */
function storedAs({ input }: ResourceRow, provider: string): Readonly<Record<string, unknown>> {
  const parsed = anchor.input.safeParse(input);
  return parsed.success ? flagged({ ...parsed.data, provider }) : { ...input, provider };
}

interface Difference {
  readonly wanted: Readonly<Record<string, unknown>>;
  readonly changed: readonly string[];
  readonly emptied: readonly string[];
}

function remedyFor(id: string, { wanted, changed, emptied }: Difference): string {
  const steps: string[] = [];
  const fixed = changed.filter((field) => !isRevisable(field));
  const revised = Object.fromEntries(changed.filter(isRevisable).map((field) => [field, wanted[field]]));
  if (Object.keys(revised).length > 0) {
    steps.push(`revise it: POST /api/v1/resources/${id}/revise with ${JSON.stringify(revised)}`);
  }
  if (fixed.length > 0) steps.push(`give it an id of its own in a column id: ${fixed.join(', ')} cannot be revised`);
  if (emptied.length > 0) {
    steps.push(
      `fill the empty cells with what the ledger has, or with a new value: a revision replaces, never removes`,
    );
  }
  return steps.join('; ');
}

/** Whether `resource:revise` takes a field: a resource keeps its region. */
function isRevisable(field: string): boolean {
  return field !== 'region';
}

function same(known: unknown, given: unknown): boolean {
  return known !== undefined && canonicalize(known) === canonicalize(given);
}

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return text.length > 60 ? `“${text.slice(0, 60)}…”` : `“${text}”`;
}
