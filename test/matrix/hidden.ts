// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Act } from 'yuanliu-chaincode/kind/act';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { z } from 'zod';
import type { Step } from 'yuanliu-demo/story';
import { ids } from '../builders';
import { actorOf, own, type Actor } from './cast';
import { everyAct, nameOf, type Played } from './played';
import { acts, long, paper, reason, terms } from './steps';

/** A place of an input that names a record, and the input with another id there. */
export interface Naming {
  /** Such as `measure.halts`, or `inputs.0`. */
  readonly place: string;
  readonly kind: string;
  /** The version named, where one is. */
  readonly version: string;
  with(id: string): object;
}

/** Where an input names a record: by a reference, or by the id of one in a field that holds ids. */
export function namings(input: object): Naming[] {
  return texts(input).flatMap(({ path, text }) => {
    const [, kind = IDS[path.find((field) => field in IDS) ?? ''], id, version = ''] = REF.exec(text) ?? [];
    if (kind === undefined || !kinds.some(({ name }) => name === kind)) return [];
    const written = (other: string): string => (id === undefined ? other : `${kind}/${other}${version}`);
    return {
      place: path.join('.'),
      kind,
      version,
      with: (other: string) => replaced(input, path, written(other)) as object,
    };
  });
}

const REF = /^([a-z][a-z-]*)\/([^/@\s]+)(@\d+)?$/;
/** Fields of inputs that hold ids of records, and of which kind. */
const IDS: Readonly<Record<string, string>> = {
  catalogue: 'catalogue',
  resources: 'resource',
  add: 'resource',
  drop: 'resource',
};

interface Text {
  readonly path: readonly string[];
  readonly text: string;
}

function texts(value: unknown, path: readonly string[] = []): Text[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => texts(inner, [...path, field]));
}

function replaced(value: unknown, [field, ...rest]: readonly string[], by: string): unknown {
  if (field === undefined) return by;
  if (Array.isArray(value))
    return value.map((one: unknown, i) => (String(i) === field ? replaced(one, rest, by) : one));
  const fields = value as Readonly<Record<string, unknown>>;
  return { ...fields, [field]: replaced(fields[field], rest, by) };
}

/** The places of an act's inputs that hold references, from its schema: `keeps.0` for any of a list. */
export function referring(input: z.ZodType): string[] {
  return patterns(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Schema);
}

interface Schema {
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

function patterns({ pattern, properties = {}, items, anyOf = [], oneOf = [] }: Schema): string[] {
  if (pattern !== undefined) return /^\^\(\?:[a-z|-]+\)\//.test(pattern) ? [''] : [];
  const below = (field: string, inner: Schema): string[] =>
    patterns(inner).map((place) => (place === '' ? field : `${field}.${place}`));
  return [
    ...Object.entries(properties).flatMap(([field, inner]) => below(field, inner)),
    ...(items ? below('0', items) : []),
    ...[...anyOf, ...oneOf].flatMap(patterns),
  ];
}

/** Acts that name records in places where nobody in the story did. None need be open: what it asks for is refused. */
export function naming(): Step[] {
  const { 'implementing-agency': agency, operator, department } = own;
  const narrow = { ...terms, resources: ['R-1'] };
  const kept = { ...reason, windDown: { keeps: [`grant/${ids.grant}`], until: long.to } };
  const changes = { changes: { plan: `plan/${ids.plan}`, terms: narrow }, ...reason, document: paper };
  const handed = { subject: 'resource/R-1@1', certificate: paper };
  const held = { subject: 'resource/R-1@1', ...reason };
  return [
    ...[agency, operator].flatMap((by) => acts(by, 'agreement', '', ['amend', changes])),
    ...acts(agency, 'agreement', '', ['suspend', kept], ['revoke', kept], ['terminate', kept]),
    ...acts(operator, 'agreement', '', ['exit', { returned: [handed], destroyed: [handed], held: [held] }]),
    ...acts(agency, 'grant', '', ['suspend', kept], ['revoke', kept], ['amend', { terms: narrow, ...reason }]),
    ...acts(agency, 'catalogue', '', ['revise', { of: 'catalogue/C-published@2', add: ['S-graded'], ...reason }]),
    ...acts(department, 'registration', '', [
      'apply',
      { subject: 'resource/R-1@1', type: 'renewal', of: 'registration/REG-R-1' },
    ]),
  ];
}

/** Whoever applies to, or for, another organisation names what that one told it of: done, it is on record who did. */
export const TOLD_BY_DOING: readonly string[] = ['registration:apply subject', 'scenario:apply agreement'];

export interface Attempted {
  readonly act: Act;
  readonly actor: Actor;
  readonly there: Naming;
}

/** Every act by whoever did it, for each place of its input that names a record; what tells by doing comes last. */
export function attemptsNaming(steps: readonly Step[]): Attempted[] {
  const attempts = new Map<string, Attempted>();
  for (const { by, act: name, input = {} } of steps) {
    const act = everyAct.find((one) => nameOf(one) === name);
    if (!act) throw new Error(`there is no ${name}`);
    const actor = { ...actorOf('own', by.role), ...by };
    for (const there of namings(input)) attempts.set(`${by.code} ${name} ${there.place}`, { act, actor, there });
  }
  const last = ({ act, there }: Attempted): number => TOLD_BY_DOING.indexOf(`${nameOf(act)} ${there.place}`);
  return [...attempts.values()].sort((a, b) => last(a) - last(b));
}

/** Of each state of a kind, a record that an actor does not see, at the version that is named. */
export async function hiddenFrom(actor: Actor, { kind, version }: Naming, played: Played): Promise<LedgerRecord[]> {
  const found: LedgerRecord[] = [];
  for (const { name, states } of kinds.filter((one) => one.name === kind)) {
    for (const state of states) {
      for (const record of played.records.get(`${name}/${state}`) ?? []) {
        if (await played.knows(actor, `${name}/${record.id}${version}`)) continue;
        found.push(record);
        break;
      }
    }
  }
  return found;
}
