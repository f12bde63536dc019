// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { anyHolder, type ActContext, type Issued, type Reader } from '../../kind/act.js';
import { covering, reaches } from '../organization/reach.js';
import { placeOfFinding, placeOfSubject } from './about.js';
import { haltedSince } from '../../chain/halt.js';
import { earliestEnd } from '../../rulebook/period.js';
import { breach, breachIf, type Breach } from '../../kind/rule.js';
import { limitAfter, RULEBOOK_ID, type RulebookBody } from '../../rulebook/rulebook.js';
import { agreement, haltAgreement } from '../agreement/agreement.js';
import { finding, findingBody, overseers, raised, stated } from './finding.js';
import { grant, haltGrant } from '../grant/grant.js';
import { organization } from '../organization/organization.js';
import { rulebook } from '../rulebook/rulebook.js';

/** 预警 — what those who oversee see coming; served, it warns the one concerned. */
export const alert = finding.creation('alert', {
  title: '预警',
  by: { ...overseers, 'implementing-agency': anyHolder },
  to: 'alerted',
  input: stated,
  effect: raised,
});

/**
 * An emergency measure is taken on a link in force, by one of its parties or who oversees it, and for no longer than
 * allowed, counted from the first of those that the agency has not answered. Once the agency has answered it, the operator
 * takes no other on that link until those who oversee it have ruled on the incident.
 */
export const emergencyMeasure = finding.rule('emergency-measure', async (context) => {
  const { body, caller, time } = context;
  const { measure } = body;
  if (!measure) return [];
  const link = await linkOf(measure.halts, context);
  const found: Breach[] = [];
  let since = time;
  if (link && (await mayHalt(link, context))) since = haltedSince(link.body, link.state, time);
  else {
    // which of the two it is, is not theirs to learn
    found.push(breach('not-to-halt', { link: measure.halts, organization: caller.organization }));
  }
  const rules = await rulesNow(context);
  const latest = rules && limitAfter(since, rules, LIMIT);
  const { until } = measure;
  const answered = link && (await answeredBefore(link, context));
  return [
    ...found,
    ...breachIf(answered !== undefined, 'halted-before', {
      organization: caller.organization,
      incident: answered ?? '',
    }),
    ...(latest !== undefined && until > latest
      ? [breach('halt-too-long', { until, since, latest })]
      : breachIf(until <= time, 'halt-over', { until })),
  ];
});

const incidentInput = stated.extend({ measure: findingBody.shape.measure });

/** 事件 — something has happened to data or their security; an emergency measure halts a link at once (Art. 26). */
export const incident = finding.creation('incident', {
  title: '事件报告',
  report: true,
  by: {
    operator: anyHolder,
    developer: anyHolder,
    department: anyHolder,
    supplier: anyHolder,
    platform: anyHolder,
    'implementing-agency': anyHolder,
    ...overseers,
  },
  to: 'incident',
  anywhere: true,
  input: incidentInput,
  rules: [emergencyMeasure],
  effect: async (context) => {
    const { input, caller } = context;
    const begun = { ...input, rules: [], raisedBy: caller.organization };
    const link = input.measure && (await linkOf(input.measure.halts, context));
    if (!link || !(await mayHalt(link, context))) {
      return { body: { ...begun, ...(await placeOfFinding(input.about, context)) } };
    }
    const { region, agency, domains } = link.body;
    const halted = { region, ...(domains ? { domains: [...domains] } : {}) };
    const subject = await placeOfSubject(input.about, context);
    const place = covering([halted, ...(subject ? [subject] : [])]); // a measure moves it away from nobody who oversees it
    return { body: { ...begun, ...place, told: agency }, also: await halting(link, context) };
  },
});

type IncidentContext = ActContext<unknown, z.infer<typeof incidentInput>>;
type Link = Awaited<ReturnType<typeof linkOf>> & object;

/** The grant or agreement, if it is there to be halted. */
async function linkOf(ref: string, { find }: Pick<Reader, 'find'>) {
  const record = (await find(grant, ref)) ?? (await find(agreement, ref));
  return record && ['in-force', 'signed', 'halted'].includes(record.state) ? record : undefined;
}

type Reporter = Pick<ActContext<unknown, unknown>, 'caller' | 'find'>;

/** Whether the reporter may halt a link, whatever role it reports in: a party to it, or one that stands and oversees it. */
async function mayHalt(link: Link, context: Reporter): Promise<boolean> {
  const { body } = link;
  const { caller } = context;
  const parties = 'developer' in body ? [body.agency, body.operator] : [body.agency];
  return parties.includes(caller.organization) || oversees(link, context);
}

async function oversees({ body }: Link, { caller, find }: Reporter): Promise<boolean> {
  const own = await find(organization, caller.organization);
  if (own?.state !== 'admitted') return false;
  return own.body.roles.some((held) => held.role in overseers && reaches(held, body));
}

/** The incident for which an operator halted a link, where the agency has answered that and no one ruled on it. */
async function answeredBefore(link: Link, context: Reporter): Promise<string | undefined> {
  const { caller, find } = context;
  const { agency, operator } = link.body;
  if (caller.organization !== operator || operator === agency || (await oversees(link, context))) return undefined;
  const { halt } = link.body;
  const stated = 'developer' in link.body ? link.body.operatorHalt : undefined;
  const before = stated ?? (halt?.by === caller.organization ? halt.incident : undefined); // a halt of before it was kept
  if (before === undefined || (link.state === 'halted' && halt?.incident === before)) return undefined;
  return (await find(finding, before))?.state === 'closed' ? undefined : before;
}

const LIMIT = 'emergency-measure';

/** The rulebook of today: a measure is taken now, whenever what it answers happened. */
async function rulesNow({ find }: Pick<Reader, 'find'>): Promise<RulebookBody | undefined> {
  return (await find(rulebook, RULEBOOK_ID))?.body;
}

async function halting(link: Link, context: IncidentContext): Promise<readonly Issued[]> {
  const { input, caller, ref, time } = context;
  if (!input.measure || (await answeredBefore(link, context)) !== undefined) return [];
  const { reason, until: stated } = input.measure;
  const since = haltedSince(link.body, link.state, time);
  const rules = await rulesNow(context);
  const limit = rules?.limits?.[LIMIT];
  const latest = limit === undefined ? undefined : earliestEnd(since, limit, rules?.calendar); // refuses no report
  const until = latest !== undefined && latest < stated ? latest : stated;
  const going = link.state === 'halted' ? link.body.halt?.until : undefined;
  if (until <= time || (going !== undefined && until <= going)) return []; // nobody shortens another's measure
  const isOperators = caller.organization === link.body.operator;
  const halt = { incident: ref, reason, by: caller.organization, at: time, ...(since < time ? { since } : {}), until };
  return 'developer' in link.body
    ? [haltGrant.of(link.id, { ...link.body, halt, ...(isOperators ? { operatorHalt: ref } : {}) })]
    : [haltAgreement.of(link.id, { ...link.body, halt })];
}
