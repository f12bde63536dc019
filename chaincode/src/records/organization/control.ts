// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { says } from '../../vocabulary/issue.js';
import type { ContractCode, ContractEntries } from '../../messages/contract.js';
import type { Given } from '../../messages/template.js';
import { anyHolder, type ActContext, type Issued } from '../../kind/act.js';
import { CONTROLLED, control, declared, type Declared } from '../../chain/control.js';
import { refusal, type ContractError } from '../../vocabulary/error.js';
import { breachIf } from '../../kind/rule.js';
import { shareOfAll } from '../../kind/share.js';
import {
  creditCode,
  document,
  EXAMPLE_CODE,
  instant,
  roleNames,
  sortedSet,
  text,
} from '../../vocabulary/vocabulary.js';
import { clue } from '../finding/finding.js';
import { findingId } from '../finding/finding-id.js';
import { placeOfFinding } from '../finding/about.js';
import { answersFor } from './agency.js';
import { organization, type OrganizationBody } from './organization.js';

const itself = (_: unknown, id: string): string => id;
const controlAct = {
  by: Object.fromEntries(roleNames.map((role) => [role, itself])),
  from: ['admitted', 'suspended'],
  anywhere: true,
  whileSuspended: true,
  waits: false,
} as const;
/** Which of the two it is that the other controls. */
const direction = { controller: creditCode.optional(), over: creditCode.optional() };
type Direction = { readonly controller?: string | undefined; readonly over?: string | undefined };
const oneOfBoth = (input: Direction): boolean => (input.controller === undefined) !== (input.over === undefined);
const NAMES_ONE = says('names-one-party');

type ControlContext<Input> = ActContext<OrganizationBody, Input>;

/** An organisation declares so many relations of one other, ended ones too. */
const ownDeclarations = shareOfAll<OrganizationBody, Direction>('controls', 20, async ({ id, input, marked }) => {
  const before = declared(await marked(CONTROLLED, input.over ?? id));
  return [...before.map(({ declaredBy }) => declaredBy), id];
});

/**
 * 控制关系申报 — an organisation declares who controls it, or whom it controls. Its word alone is a claim: sealed, for the other
 * party, their agencies and those who oversee. Once the other party declares the same it is confirmed, and public.
 */
export const declareControl = organization.act('declare-control', {
  title: '控制关系申报',
  ...controlAct,
  input: control
    .omit({ controller: true, until: true })
    .extend(direction)
    .refine(oneOfBoth, NAMES_ONE)
    .meta({ examples: [{ controller: EXAMPLE_CODE, basis: 'equity', since: '2026-01-31T08:00:00+08:00' }] }),
  rules: [ownDeclarations],
  effect: async (context) => {
    const { body, id, input, time, marked } = context;
    const { over, controller = id, ...rest } = input;
    const below = over ?? id;
    requireDated(rest.since, time);
    if (controller === below) throw wrong('controls-itself');
    const before = declared(await marked(CONTROLLED, below));
    if (before.some((one) => one.declaredBy === id && isOpen(one, controller, rest.basis))) {
      throw wrong('control-declared', { below, controller });
    }
    const relation = { ...rest, controller };
    const marks = [{ name: CONTROLLED, key: below, value: [...before, { ...relation, declaredBy: id }] }];
    const confirms = before.some(
      (one) => one.declaredBy !== id && isOpen(one, controller, rest.basis) && one.determined?.until === undefined,
    );
    if (!confirms) return { marks, also: await told(context, `declares that ${controller} controls ${below}`) };
    const entry = { ...relation, ...(over === undefined ? {} : { over }) };
    return { body: { ...body, controls: [...(body.controls ?? []), entry] }, marks };
  },
});

/** 控制关系终止 — the one that declared it says when it ended; of one that an office determined, not before that office did. */
export const endControl = organization.act('end-control', {
  title: '控制关系终止',
  ...controlAct,
  input: z
    .strictObject({ ...direction, basis: control.shape.basis, until: instant, evidence: document.optional() })
    .refine(oneOfBoth, NAMES_ONE)
    .meta({ examples: [{ controller: EXAMPLE_CODE, basis: 'equity', until: '2026-01-31T08:00:00+08:00' }] }),
  effect: async ({ body, id, input: { over, controller = id, basis, until, evidence }, time, marked }) => {
    const below = over ?? id;
    requireDated(until, time);
    const close = <One extends Declared | (typeof control)['_output']>(one: One): One => ({
      ...one,
      until,
      ...(evidence ? { evidence } : {}),
    });
    const before = declared(await marked(CONTROLLED, below));
    const open = before.find((one) => one.declaredBy === id && isOpen(one, controller, basis));
    if (!open || until < open.since) throw wrong('control-not-ended', { below, controller, until });
    const { result, until: found } = open.determined ?? {};
    if (result === 'stands' && (found === undefined || until < found)) {
      throw wrong('control-determined-already', { below, controller });
    }
    const closes = (one: {
      controller: string;
      over?: string | undefined;
      basis: string;
      until?: string | undefined;
    }) => (one.over ?? id) === below && isOpen(one, controller, basis);
    return {
      ...(body.controls?.some(closes)
        ? { body: { ...body, controls: body.controls.map((one) => (closes(one) ? close(one) : one)) } }
        : {}),
      marks: [{ name: CONTROLLED, key: below, value: before.map((one) => (one === open ? close(one) : one)) }],
    };
  },
});

/** 控制关系异议 — the other party contests what one declared: it goes on being told, and an office determines it. */
export const contestControl = organization.act('contest-control', {
  title: '控制关系异议',
  ...controlAct,
  input: z
    .strictObject({ ...direction, basis: control.shape.basis, reason: text, evidence: document.optional() })
    .refine(oneOfBoth, NAMES_ONE)
    .meta({ examples: [{ controller: EXAMPLE_CODE, basis: 'equity', reason: '不存在该控制关系' }] }),
  effect: async (context) => {
    const { id, input, time, marked } = context;
    const { over, controller = id, basis, reason } = input;
    const below = over ?? id;
    const before = declared(await marked(CONTROLLED, below));
    const open = before.filter((one) => isOpen(one, controller, basis));
    if (open.length === 0 || open.some((one) => one.declaredBy === id || one.contested || one.determined)) {
      throw wrong('control-not-contestable', { below, controller });
    }
    const contested = { reason, at: time };
    const value = before.map((one) => (open.includes(one) ? { ...one, contested } : one));
    const also = await told(context, `contests that ${controller} controls ${below}`);
    return { marks: [{ name: CONTROLLED, key: below, value }], also };
  },
});

/** Control is determined by the data-authority or the office of market supervision, and by no party of it. */
const controlDetermined = organization.rule<{ readonly controller: string }>(
  'control-determined',
  async ({ id, input, caller, find }) => {
    const own = await find(organization, caller.organization);
    const isMarket = own?.body.roles.some(({ role, office }) => role === 'supervisor' && office === 'market');
    return [
      ...breachIf(caller.role === 'supervisor' && !isMarket, 'not-market-office', {
        organization: caller.organization,
      }),
      ...breachIf([id, input.controller].includes(caller.organization), 'party-of-control', {
        organization: caller.organization,
      }),
    ];
  },
);

/**
 * 控制关系认定 — whether one organisation controls this one, from when, and until when, by a document: claims of it stand, or
 * are struck. What stands is control, though a claim of it called it state ownership.
 */
export const determineControl = organization.act('determine-control', {
  title: '控制关系认定',
  waits: false,
  by: { 'data-authority': anyHolder, supervisor: anyHolder },
  from: ['admitted', 'suspended'],
  input: control
    .pick({ controller: true, basis: true })
    .extend({ result: z.enum(['stands', 'struck']), since: instant.optional(), until: instant.optional() })
    .extend({ reason: text, document })
    .meta({
      examples: [
        {
          controller: EXAMPLE_CODE,
          basis: 'equity',
          result: 'struck',
          reason: '查无此控制关系',
          document: { number: '沪市监〔2026〕1号', digest: `sha256:${'0'.repeat(64)}` },
        },
      ],
    }),
  rules: [controlDetermined],
  effect: async ({ body, id, input, caller, time, marked }) => {
    const { controller, basis, result, until, document: evidence } = input;
    if (controller === id) throw wrong('controls-itself');
    const before = declared(await marked(CONTROLLED, id));
    const isMeant = (one: Declared): boolean => isOpen(one, controller, basis) && one.determined?.until === undefined;
    const dates = before.filter(isMeant).map((one) => one.since);
    if (result === 'struck' && dates.length === 0) throw wrong('control-not-declared', { below: id, controller });
    const since = input.since ?? sortedSet(dates)[0] ?? time;
    requireDated(since, time);
    if (until !== undefined) requireDated(until, time);
    if (until !== undefined && (result === 'struck' || until < since)) throw wrong('control-end-unfit', { until });
    const ended = until === undefined ? {} : { until };
    const determined = { result, by: caller.organization, document: evidence, at: time, ...ended };
    const found = { controller, basis, since, evidence, declaredBy: caller.organization, determined };
    const judged = ({ state, ...one }: Declared): Declared =>
      result === 'struck'
        ? { ...one, ...(state ? { state } : {}), determined }
        : { ...one, since: input.since ?? one.since, determined };
    const value = dates.length > 0 ? before.map((one) => (isMeant(one) ? judged(one) : one)) : [...before, found];
    const others = (body.controls ?? []).filter((one) => one.over !== undefined || !isOpen(one, controller, basis));
    const controls = result === 'stands' ? [...others, { controller, basis, since, ...ended, evidence }] : others;
    return { body: { ...body, controls }, marks: [{ name: CONTROLLED, key: id, value }] };
  },
});

/** Tells the other party, the agencies that answer for either, and those who oversee, of what an organisation states. */
async function told(context: ControlContext<Direction>, statement: string): Promise<readonly Issued[]> {
  const { id, body, input, find } = context;
  const other = input.over ?? input.controller ?? id;
  const second = await find(organization, other);
  const agencies: string[] = [];
  for (const party of [{ id, body }, ...(second ? [second] : [])]) {
    for (const agency of sortedSet(party.body.qualifications.map(({ by }) => by))) {
      if (await answersFor(agency, party, context)) agencies.push(agency);
    }
  }
  const about = `organization/${other}`;
  return [
    clue.of(findingId(context), {
      about,
      ...(await placeOfFinding(about, context)),
      rules: [],
      summary: `${id} ${statement}`,
      raisedBy: id,
      told: [other, ...sortedSet(agencies)].slice(0, 50),
    }),
  ];
}

function isOpen(
  one: { controller: string; basis: string; until?: string | undefined },
  controller: string,
  basis: string,
): boolean {
  return one.controller === controller && one.basis === basis && one.until === undefined;
}

function requireDated(at: string, time: string): void {
  if (at > time) throw wrong('date-ahead', { at, now: time });
}

function wrong<Code extends ContractCode>(code: Code, ...given: Given<ContractEntries[Code]>): ContractError {
  return refusal('INPUT_INVALID', code, ...given);
}
