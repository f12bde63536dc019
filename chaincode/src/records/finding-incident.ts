// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { anyHolder, type ActContext, type Issued, type Reader } from '../act.js';
import type { Caller } from '../caller.js';
import { breach, breachIf, type Breach } from '../rule.js';
import { limitAfter } from '../rulebook.js';
import { agreement, haltAgreement } from './agreement.js';
import { finding, findingBody, overseers } from './finding.js';
import { grant, haltGrant } from './grant.js';

const about = { about: true, against: true, region: true, domains: true, summary: true, evidence: true } as const;

/** 预警 — what those who oversee see coming; served, it warns the one concerned. */
export const alert = finding.creation('alert', {
  title: '预警',
  by: { ...overseers, 'implementing-agency': anyHolder },
  to: 'alerted',
  input: findingBody.pick(about),
  effect: ({ input, caller }) => ({ body: { ...input, rules: [], raisedBy: caller.organization } }),
});

/** An emergency measure is taken on a link in force, by one of its parties or who oversees it, and for no longer than allowed. */
export const emergencyMeasure = finding.rule('emergency-measure', async ({ body, caller, find, time, rulebook }) => {
  const { measure } = body;
  if (!measure) return [];
  const link = await linkOf(measure.halts, { find });
  const found: Breach[] = [];
  if (!link) found.push(breach(`${measure.halts} is not in force`, 'name the grant or agreement to halt'));
  else if (!entitled(link, caller)) {
    found.push(
      breach(`${measure.halts} is not ${caller.organization}’s to halt`, 'ask its agency, or who oversees it'),
    );
  }
  const latest = limitAfter(time, rulebook, 'emergency-measure');
  const { until } = measure;
  return [
    ...found,
    ...breachIf(
      until <= time || (latest !== undefined && until > latest),
      `it would last until ${until}, not between now and ${latest ?? 'then'}`,
      'have it confirmed: the agency suspends the link',
    ),
  ];
});

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
  input: findingBody.pick({ ...about, measure: true }),
  rules: [emergencyMeasure],
  effect: async (context) => {
    const { input, caller, find } = context;
    const link = input.measure && (await linkOf(input.measure.halts, { find }));
    const place = link ? { region: link.body.region } : {}; // whoever halts it reaches it
    const body = { ...input, ...place, rules: [], raisedBy: caller.organization };
    return { body, also: link && entitled(link, caller) ? halting(link, context) : [] };
  },
});

type IncidentInput = Pick<z.infer<typeof findingBody>, 'measure'>;
type Link = Awaited<ReturnType<typeof linkOf>> & object;

/** The grant or agreement, if it is there to be halted. */
async function linkOf(ref: string, { find }: Pick<Reader, 'find'>) {
  const record = (await find(grant, ref)) ?? (await find(agreement, ref));
  return record && ['in-force', 'signed', 'halted'].includes(record.state) ? record : undefined;
}

function entitled({ body }: Link, { organization, role }: Caller): boolean {
  const parties = 'developer' in body ? [body.agency, body.operator] : [body.agency];
  return role in overseers || parties.includes(organization);
}

function halting(link: Link, { input, caller, ref, time }: ActContext<unknown, IncidentInput>): readonly Issued[] {
  const { measure } = input;
  if (!measure || measure.until <= time) return [];
  const { reason, until } = measure;
  const halt = { incident: ref, reason, by: caller.organization, at: time, until };
  return 'developer' in link.body
    ? [haltGrant.of(link.id, { ...link.body, halt })]
    : [haltAgreement.of(link.id, { ...link.body, halt })];
}
