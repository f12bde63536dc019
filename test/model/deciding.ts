// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import { roleNames, type RoleName } from 'yuanliu-chaincode/vocabulary/vocabulary';
import type { Member } from 'yuanliu-demo/cast';
import { cast, CITY, demoCode, storyTo } from '../builders';
import { journeys } from '../matrix/world';
import { Fork, rulesOf, type Contract } from './fork';
import { departments } from './random-act';

/** What the property reads of a record: who holds, made, applied for or reported it. */
interface Body {
  readonly holder?: string;
  readonly developer?: string;
  readonly operator?: string;
  readonly agency?: string;
  readonly applicant?: string;
  readonly agent?: string;
  readonly user?: string;
  readonly against?: string;
  readonly raisedBy?: string;
  readonly order?: { readonly by: string };
  readonly objections?: readonly { readonly organization: string }[];
}

interface Decided {
  readonly id: string;
  readonly body: Body;
  readonly input: { readonly controller?: string; readonly objection?: number };
  /** Whether the record began as an incident. */
  readonly isIncident: boolean;
}

type Benefits = (decided: Decided) => readonly (string | undefined)[];

const applying: Benefits = ({ body }) => [body.applicant, body.agent];
const scenarioOf: Benefits = ({ body }) => [body.developer];
const productOf: Benefits = ({ body }) => [body.holder];
const concerned: Benefits = ({ body, isIncident }) => [body.against, isIncident ? body.raisedBy : undefined];
const ofItself: Benefits = ({ body }) => (body.agency === body.operator ? [body.agency] : []);

/** Decisions on another's matter, and whose matter it is, by the rulebook: that one does not decide. */
export const decisions: Readonly<Record<string, Benefits>> = {
  'organization:qualify': ({ id }) => [id],
  'organization:determine-control': ({ id, input }) => [id, input.controller],
  'registration:accept': applying,
  'registration:request-supplement': applying,
  'registration:decline': applying,
  'registration:review': applying,
  'registration:publicize': applying,
  'registration:code': applying,
  'registration:cancel': applying,
  'registration:resolve': ({ body, input: { objection = 1 } }) => [
    ...[body.applicant, body.agent],
    body.objections?.[objection - 1]?.organization,
  ],
  'plan:approve': ({ body }) => [body.agency],
  'plan:supersede': ({ body }) => [body.agency],
  'agreement:propose': ofItself,
  'agreement:sign': ofItself,
  'agreement:resume': ofItself,
  'scenario:forward': scenarioOf,
  'scenario:opine': scenarioOf,
  'scenario:assess': scenarioOf,
  'grant:amend': scenarioOf,
  'grant:resume': scenarioOf,
  'product:clear-export': productOf,
  'product:check': productOf,
  'usage:correct': ({ body }) => [body.user],
  'finding:serve': concerned,
  'finding:order-rectification': concerned,
  'finding:verify': concerned,
  'finding:close': concerned,
  'finding:decide-appeal': (decided) => [...concerned(decided), decided.body.raisedBy, decided.body.order?.by],
};

/** Decisions that are nobody else's: on what one applies for, makes, holds or agrees to. */
const own = [
  ...['declare-control', 'end-control', 'contest-control'].map((name) => `organization:${name}`),
  ...['anchor', 'catalogue', 'grade', 'revise', 'change-sharing', 'regrade', 'withdraw'].map(
    (one) => `resource:${one}`,
  ),
  ...['apply', 'supplement', 'withdraw', 'object'].map((name) => `registration:${name}`),
  ...['open', 'compile', 'revise', 'confirm', 'publish'].map((name) => `catalogue:${name}`),
  ...['plan:draft', 'agreement:file', 'agreement:amend', 'agreement:sign-amendment'],
  ...['apply', 'complain', 'reapply', 'consult'].map((name) => `scenario:${name}`),
  ...['external-input:declare', 'external-input:withdraw', 'product:develop', 'product:grade', 'product:regrade'],
  ...['price', 'certify-ip', 'withdraw', 'request-release', 'release'].map((name) => `product:${name}`),
  ...['delivery:confirm', 'delivery:refuse', 'usage:request', 'finding:appeal'],
  'usage:meter', // counts what was reported, and decides nothing
];

/** Decisions that give nobody anything: they burden the one whose matter it is, or say what an office thinks. */
const burdens = [
  ...['organization:suspend', 'registration:revoke', 'scenario:return', 'scenario:decline', 'grant:suspend'],
  ...['grant:revoke', 'agreement:suspend', 'agreement:revoke', 'agreement:terminate', 'finding:raise', 'finding:alert'],
  'plan:guide',
];

/** Decisions of the data-authority on the channel itself. A suspended organisation does not reinstate itself: it begins nothing. */
const ofOffice = ['rulebook:adopt', 'rulebook:amend', 'organization:admit', 'organization:reinstate'];

/** Decisions of the contract of which this file does not say whose matter they are, and those that the contract lacks. */
export function unsaid(): string[] {
  const known = new Set([...Object.keys(decisions), ...own, ...burdens, ...ofOffice]);
  const all = kinds.flatMap((kind) =>
    [...kind.acts.values()].filter(({ nature }) => nature === 'decision').map(({ name }) => `${kind.name}:${name}`),
  );
  return [...all.filter((one) => !known.has(one)), ...[...known].filter((one) => !all.includes(one))];
}

/** Rules that keep an organisation from deciding on its own matter. */
const KEEPS = [
  'decided-by-another',
  'control-determined',
  'finding-handled-by-another',
  'appeal-ruled-by-another',
  'correction-takes-back',
];

/** What a walk with one cast came to. */
export interface Walked {
  /** Decisions that somebody tried on its own matter, and how often. */
  readonly tried: ReadonlyMap<string, number>;
  /** Those that went through with nothing on record. */
  readonly passed: readonly string[];
}

/** Others that hold the roles: they do what an organisation may not do on its own matter, so that the walk goes on. */
const standIns = Object.fromEntries(
  roleNames.map((role, i) => [
    role,
    { name: `另一${role}(演示)`, code: demoCode(870 + i), msp: 'AuthorityMSP', role, user: '岗位' },
  ]),
) as Readonly<Record<RoleName, Member>>;

/** Those of the story, of whom a cast makes one organisation. */
export const core: readonly Member[] = [...Object.values(cast), ...departments];

/** Everybody who does anything in the journeys. */
const players: readonly Member[] = [
  ...new Map([...storyTo('produced'), ...journeys()].map(({ by }) => [by.code, by])).values(),
];

/**
 * Plays the journeys, which perform every act, with a cast in which some are one organisation with all their roles: so that
 * it comes to decide on its own matter.
 */
export async function walk(contract: Contract, merged: readonly Member[]): Promise<Walked> {
  const [one] = merged;
  if (!one) throw new Error('somebody plays');
  const codes = merged.slice(1).map(({ code }) => code);
  const roles = [...new Set(merged.map(({ role }) => role))].map((role) => ({ role, region: CITY }));
  const renamed = (text: string): string => codes.reduce((all, code) => all.replaceAll(code, one.code), text);
  const playing = (by: Member): Member => (codes.includes(by.code) ? { ...one, role: by.role } : by);

  const city = new Fork(contract);
  const tried = new Map<string, number>();
  const passed: string[] = [];
  let now = Date.parse('2026-06-01T00:00:00.000Z');
  const time = (): string => new Date((now += 1000)).toISOString();
  let isFounded = false;
  const another = async (act: string, id: string, input: object): Promise<void> => {
    const others = new Map([...Object.values(standIns), ...players.map(playing)].map((other) => [other.code, other]));
    for (const other of others.values()) if ('result' in (await city.act(other, act, id, input, time()))) return;
  };
  for (const { by, act, id: first, input: said } of [...storyTo('produced'), ...journeys()]) {
    const [id, stated] = [renamed(first), JSON.parse(renamed(JSON.stringify(said))) as Decided['input']];
    const isAdmission = act === 'organization:admit';
    if (isAdmission && codes.includes(first)) continue; // it is admitted with all its roles
    const input = isAdmission && id === one.code ? { ...stated, roles } : stated;
    const decider = playing(by);
    const before = city.fork();
    const came = await city.act(decider, act, id, input, time());
    if (act === 'rulebook:adopt' && !isFounded) {
      isFounded = true;
      for (const { name, code, msp, role } of Object.values(standIns)) {
        const admitted = { name, msp, roles: [{ role, region: CITY }] };
        await city.act(playing(cast.authority), 'organization:admit', code, admitted, time());
      }
    }
    const benefits = decisions[act];
    if (!benefits) continue;
    const kind = act.split(':')[0] ?? '';
    const record = before.get(`${kind}/${id}`) ?? ('result' in came ? came.result.record : undefined);
    const body = (record?.body ?? { ...input, agency: decider.code }) as Body;
    const isIncident = record?.timeline[0]?.state === 'incident';
    if (!benefits({ id, body, input: stated, isIncident }).includes(decider.code)) continue;
    const isKept = rulesOf(came).some((rule) => KEEPS.includes(rule));
    if ('error' in came && !isKept) continue; // it did not come to that
    tried.set(act, (tried.get(act) ?? 0) + 1);
    if (!isKept) passed.push(`${act} ${id} by ${decider.name}`);
    else if ('error' in came) await another(act, id, input);
  }
  return { tried, passed };
}
