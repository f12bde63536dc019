// SPDX-License-Identifier: Apache-2.0
import type { Kind } from 'yuanliu-chaincode/kind/kind';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { z } from 'zod';
import { badRequest } from '../error.js';
import { ALL, facet, isByChange, LISTED_FIELDS } from '../rows/facets.js';
import type { VersionRow } from '../rows/rows.js';

/** A checked set of filters on the records of one kind. */
export interface Filters {
  /** The narrowest list that holds every match, in the order asked for. */
  readonly list: string;
  /** Whether the record matches all of them. */
  match(record: LedgerRecord, row: VersionRow): boolean;
}

/** Names of the filters that a kind's records take: `state`, `party` and the scalar fields of its body. */
export function filterNames(kind: Kind): string[] {
  return ['state', 'party', ...fieldsOf(kind).keys()];
}

/** @throws IndexError `BAD_REQUEST` that names the filters there are, or the values that one takes. */
export function parseFilters(kind: Kind, given: Readonly<Record<string, string>>, sort: 'id' | 'changed'): Filters {
  const checks = Object.entries(given).map(([name, value]) => checkOf(kind, name, value));
  const lists = ['party', 'state'].flatMap((name) => listFor(name, given[name]));
  const byField = LISTED_FIELDS.flatMap((name) => listFor(name, given[name]));
  const usable = [...byField, ...lists, ALL].filter((list) => sort === 'id' || isByChange(list));
  return {
    list: usable[0] ?? ALL,
    match: (record, row) => checks.every((check) => check(record, row)),
  };
}

type Check = (record: LedgerRecord, row: VersionRow) => boolean;

function listFor(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [facet(name, value)];
}

function checkOf(kind: Kind, name: string, value: string): Check {
  if (name === 'party') return (_record, row) => row.named.includes(value);
  if (name === 'state') {
    if (kind.states.includes(value)) return (record) => record.state === value;
    throw badRequest('state', 'no-state', { kind: kind.name, state: value, states: kind.states.join(', ') });
  }
  const type = fieldsOf(kind).get(name);
  if (type === undefined) {
    throw badRequest(name, 'no-filter', { kind: kind.name, name, filters: filterNames(kind).join(', ') });
  }
  if (name === 'title' || name === 'name') {
    const part = value.toLowerCase();
    return ({ body }) => {
      const found = fieldOf(body, name);
      return typeof found === 'string' && found.toLowerCase().includes(part);
    };
  }
  const wanted = valueOf(name, value, type);
  return ({ body }) => {
    const found = fieldOf(body, name);
    return Array.isArray(found) ? found.includes(wanted) : found === wanted;
  };
}

function fieldOf(body: unknown, name: string): unknown {
  return (body as Readonly<Record<string, unknown>>)[name];
}

function valueOf(name: string, value: string, type: FieldType): string | number | boolean {
  if (type === 'string') return value;
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  if (type === 'number' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  throw badRequest(name, 'not-of-type', { name, type, value: value.slice(0, 40) });
}

type FieldType = 'string' | 'number' | 'boolean';

/** The fields of a kind's body that hold a scalar, or a list of scalars, with its type. */
function fieldsOf(kind: Kind): ReadonlyMap<string, FieldType> {
  let fields = fieldTypes.get(kind.name);
  if (!fields) {
    const schema = bodySchema.parse(z.toJSONSchema(kind.body, { io: 'output', unrepresentable: 'any' }));
    fields = new Map(
      Object.entries(schema.properties).flatMap(([name, field]) => {
        const type = scalarType(field) ?? scalarType(field.items);
        return type === undefined ? [] : [[name, type] as const];
      }),
    );
    fieldTypes.set(kind.name, fields);
  }
  return fields;
}

const fieldTypes = new Map<string, ReadonlyMap<string, FieldType>>();

interface FieldSchema {
  readonly type?: unknown;
  readonly items?: FieldSchema | undefined;
}

const fieldSchema: z.ZodType<FieldSchema> = z.lazy(() =>
  z.object({ type: z.unknown().optional(), items: fieldSchema.optional() }),
);
const bodySchema = z.object({ properties: z.record(z.string(), fieldSchema) });

function scalarType(field: FieldSchema | undefined): FieldType | undefined {
  if (field?.type === 'integer' || field?.type === 'number') return 'number';
  return field?.type === 'string' || field?.type === 'boolean' ? field.type : undefined;
}
