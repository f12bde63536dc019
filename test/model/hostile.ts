// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { kinds } from 'yuanliu-chaincode/kinds';
import { anyHolder, type Act } from 'yuanliu-chaincode/kind/act';
import type { RoleName } from 'yuanliu-chaincode/vocabulary/vocabulary';
import type { Member } from 'yuanliu-demo/cast';
import type { Step } from 'yuanliu-demo/story';
import { cast, CITY, demoCode, ids, storyTo } from '../builders';
import { journeys } from '../matrix/world';
import { Fork, type Came, type Contract } from './fork';
import { lawfulRound } from './lawful';
import { departments } from './random-act';
import { paper } from './values';

const BETWEEN = 12;
const GO_LIVE = '2026-06-01T00:00:00.000Z';

const msps: Readonly<Record<RoleName, string>> = {
  'data-authority': 'AuthorityMSP',
  registrar: 'AuthorityMSP',
  'implementing-agency': 'AgencyMSP',
  operator: 'OperatorMSP',
  developer: 'DeveloperMSP',
  department: 'DepartmentMSP',
  supplier: 'DepartmentMSP',
  supervisor: 'AuthorityMSP',
  platform: 'OperatorMSP',
};
export const roles = Object.keys(msps) as RoleName[];
const everyAct = kinds.flatMap((kind) => [...kind.acts.values()]);
const samples = new Map([...journeys(), ...storyTo('produced')].map(({ act, input }) => [act, input] as const));
const nameOf = ({ kind, name }: Act): string => `${kind.name}:${name}`;

/** Authority over others that comes with an office: to decide on any record, or to hold one up. Of the rest none fails. */
function isOffice(act: Act, role: RoleName): boolean {
  if (nameOf(act) === 'registration:object') return true; // stops the code until it is resolved, for anyone who objects
  if (nameOf(act) === 'finding:incident') return role === 'data-authority' || role === 'supervisor'; // halts by office
  return act.by[role] === anyHolder && !act.creates;
}

/** A developer has a grant under the agreement that the others share, by which it could do most. */
function admission(hostile: Member): Step[] {
  const { code, name, msp, role } = hostile;
  const step = (by: Member, act: string, id: string, input: object): Step => ({ by, act, id, input });
  const admit = step(cast.authority, 'organization:admit', code, { name, msp, roles: [{ role, region: CITY }] });
  if (role !== 'developer') return [admit];
  const terms = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z' };
  const grant = { id: 'H-G', terms };
  return [
    admit,
    step(cast.agency, 'organization:qualify', code, { role: 'developer', basis: paper }),
    step(hostile, 'scenario:apply', 'H-S', samples.get('scenario:apply') ?? {}),
    step(cast.operator, 'scenario:forward', 'H-S', { opinion: '同意' }),
    step(cast.agency, 'scenario:assess', 'H-S', { result: 'approve', reason: '通过', grant }),
  ];
}

function outcomeOf(came: Came): string {
  if ('error' in came) return `${came.error.code} ${came.error.rule ?? ''}: ${came.error.message}`;
  const { state, version, act } = came.result.record;
  return `${state}, version ${version}: ${act.violations.map(({ rule }) => rule).join(', ')}`;
}

/** Any act of the hostile organisation: on a record of its own, or on any other, naming whatever there is. */
function hostileAct(
  draw: fc.GeneratorValue,
  by: Member,
  known: ReadonlyMap<string, readonly string[]>,
  serial: number,
): Step {
  const open = everyAct.filter((act) => by.role in act.by && !isOffice(act, by.role));
  const pick = <T>(...from: readonly T[]): T => from[draw(fc.nat, { max: from.length - 1 })] as T;
  const act = pick(...open);
  const those = known.get(act.kind.name) ?? [];
  const own = act.kind.name === 'organization' ? [by.code, by.code, by.code, ...those] : those;
  const id = act.creates ? `H-${serial}` : pick(...own, `H-${draw(fc.nat, { max: Math.max(1, serial - 1) })}`);
  const codes = [by.code, ...Object.values(cast).map(({ code }) => code)];
  const changed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(changed);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, changed(inner)]));
    }
    if (field18(value)) return pick(...codes);
    const [, kind = '', version = ''] = /^([a-z-]+)\/[^@]+(@\d+)?$/.exec(String(value)) ?? [];
    const refs = known.get(kind);
    if (typeof value === 'number' && Number.isInteger(value) && value > 0) return pick(value, 1, 999_999_999);
    return refs && refs.length > 0 && pick(true, true, false) ? `${kind}/${pick(...refs)}${version}` : value;
  };
  return { by, act: nameOf(act), id, input: changed(samples.get(nameOf(act)) ?? {}) as object };
}

const field18 = (value: unknown): boolean => typeof value === 'string' && /^11\d{6}DEM\d{6}.$/.test(value);

/** What a search came to. */
export interface Searched {
  readonly count: number;
  readonly accepted: number;
  /** A lawful act that came to something else because of the hostile acts, and how. */
  readonly harm?: { readonly act: string; readonly how: string };
}

/**
 * A hostile organisation with one role does anything at all, many times between the lawful acts of others. The same lawful
 * acts are done in a city without it, and must come to the same.
 *
 * @throws Error if a lawful act is refused where nothing hostile is done
 */
export async function searchHostile(
  contract: Contract,
  { role, acts, seed }: { readonly role: RoleName; readonly acts: number; readonly seed: number },
): Promise<Searched> {
  const hostile: Member = {
    ...{ name: '恶意机构(演示)', code: demoCode(850 + roles.indexOf(role)), msp: msps[role], role, user: '岗位' },
  };
  let now = Date.parse(GO_LIVE);
  const time = (): string => new Date((now += 10)).toISOString();
  const city = new Fork(contract);
  for (const step of [...storyTo('produced'), ...admission(hostile)]) await city.run([step], time());
  const quiet = city.fork();
  const known = new Map<string, string[]>();
  const note = (act: string, id: string): void => {
    const kind = act.split(':')[0] ?? '';
    known.set(kind, [...new Set([...(known.get(kind) ?? []), id])]);
  };
  for (const { act, id } of storyTo('produced')) note(act, id);
  known.set('grant', [ids.grant, 'H-G']);

  const done: string[] = [];
  let searched: Searched = { count: 0, accepted: 0 };
  const hit = async (draw: fc.GeneratorValue): Promise<void> => {
    const { by, act, id, input } = hostileAct(draw, hostile, known, searched.count);
    const came = await city.act(by, act, id, input, time());
    const accepted = 'result' in came;
    searched = { ...searched, count: searched.count + 1, accepted: searched.accepted + Number(accepted) };
    if (!accepted) return;
    note(act, id);
    done.push(`${act} ${id} ${JSON.stringify(input)} → ${outcomeOf(came)}`);
  };
  const play = async (draw: fc.GeneratorValue): Promise<void> => {
    for (let round = 0; searched.count < acts; round++) {
      for (const { by, act, id, input } of lawfulRound(round, departments[0])) {
        for (let more = 0; more < BETWEEN && searched.count < acts; more++) await hit(draw);
        note(act, id);
        const at = time();
        const [is, was] = [
          outcomeOf(await city.act(by, act, id, input, at)),
          outcomeOf(await quiet.act(by, act, id, input, at)),
        ];
        if (is !== was) {
          const how = `without: ${was}\nwith:    ${is}\nafter\n${done.slice(-40).join('\n')}`;
          searched = { ...searched, harm: { act: `${act} ${id}`, how: `a hostile ${role} changes it\n${how}` } };
          return;
        }
        if (/^[A-Z]/.test(was)) throw new Error(`${act} ${id} is to be lawful: ${was}`);
      }
    }
  };
  const rethrow = ({ errorInstance }: { readonly errorInstance: unknown }): void => {
    if (errorInstance instanceof Error) throw errorInstance;
  };
  await fc.assert(fc.asyncProperty(fc.gen(), play), { seed, numRuns: 1, endOnFailure: true, reporter: rethrow });
  return searched;
}
