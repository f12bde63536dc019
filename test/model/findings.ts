// SPDX-License-Identifier: Apache-2.0
import { any, those, type Act, type Deed, type Left } from './act';
import { endOf } from './periods';
import type { Facts } from './facts';
import { isWithin, reaches } from './reach';
import { CITY } from '../builders';
import type { Moment } from './world';

const overseers = { supervisor: any, 'data-authority': any };
const byAnyone = {
  operator: any,
  developer: any,
  department: any,
  supplier: any,
  platform: any,
  'implementing-agency': any,
  ...overseers,
};

/** Whether who reports oversees the link, in the role it reports in; and is not suspended. */
function isOverseer({ world, call }: Deed, { facts: { region, domains } }: Moment): boolean {
  const stands = world.now(`organization/${call.by}`)?.state === 'admitted';
  return call.role in overseers && stands && reaches(world, call.by, { region, domains });
}

/** The link that a measure is about, if it is in force and whoever reports may halt it: its agency, a grant's operator, an overseer. */
function haltable(deed: Deed): Moment | undefined {
  const { world, call } = deed;
  const { measure } = deed.input;
  const link = world.now(measure?.halts ?? '');
  if (!measure || !link || !/^(signed|in-force|halted)$/.test(link.state)) return undefined;
  const { agency, operator } = link.facts;
  const isParty = call.by === agency || (measure.halts.startsWith('grant/') && call.by === operator);
  return isParty || isOverseer(deed, link) ? link : undefined;
}

/** An operator has halted the link before, and the agency has answered that: no second time, until the incident is ruled on. */
function isAnswered(deed: Deed, link: Moment): boolean {
  const { world, call } = deed;
  const { measure } = deed.input;
  const { state, facts } = link;
  if (call.by === facts.agency || isOverseer(deed, link)) return false;
  const before = world.haltedBy.get(`${measure?.halts ?? ''}/${call.by}`);
  return before !== undefined && !(state === 'halted' && facts.halt?.by === before);
}

/** Until when it halts that: no longer than the rulebook lets it. */
function haltedUntil(deed: Deed): string | undefined {
  const { until = '' } = deed.input.measure ?? {};
  const longest = endOf('emergency-measure', deed.time);
  const link = haltable(deed);
  if (!link || isAnswered(deed, link) || until <= deed.time) return undefined;
  return until < longest ? until : longest;
}

function halting(deed: Deed): Left['changes'] {
  const [link, until] = [haltable(deed), haltedUntil(deed)];
  if (!link || until === undefined || (link.state === 'halted' && until <= (link.facts.halt?.until ?? ''))) return [];
  const ref = deed.input.measure?.halts ?? '';
  return [{ ref, state: 'halted', facts: { ...link.facts, halt: { by: deed.ref, until } } }];
}

type Place = Pick<Facts, 'region' | 'domains'>;

/** Where a finding is: where what it is about is, if whoever raises it may know that; else where that one is. */
function placeOf(deed: Deed): Place {
  const own = deed.world.now(`organization/${deed.call.by}`)?.facts;
  return placeOfSubject(deed) ?? { region: own?.region, domains: own?.remit };
}

/** Where the record is that a finding is about, if whoever raises it may know that. */
function placeOfSubject({ world, call, input: { about = '' } }: Deed): Place | undefined {
  const subject = world.now(about)?.facts; // a link
  const { region, domains } = subject ?? {};
  const isParty = subject && [subject.agency, subject.operator, subject.developer].includes(call.by);
  const isOffice = call.role in overseers && reaches(world, call.by, { region, domains });
  return subject && region !== undefined && (isParty || isOffice) ? { region, domains } : undefined;
}

/** Where both are: the division around them, and the domains of both, or all if one of them is about all. */
function around(one: Place, other: Place = one): Place {
  const [inner = '', outer = ''] = [one.region ?? '', other.region ?? ''].sort().reverse();
  const domains = one.domains && other.domains && [...new Set([...one.domains, ...other.domains])];
  return { region: isWithin(inner, outer) ? outer : CITY, domains };
}

/** Alerts, and incidents with what is halted for them. */
export const findingActs: Readonly<Record<string, Act>> = {
  'finding:alert': {
    who: { ...overseers, 'implementing-agency': any },
    leaves: (deed) => ({ to: 'alerted', facts: placeOf(deed) }),
  },
  'finding:incident': {
    who: byAnyone,
    report: true,
    anywhere: true,
    leaves: (deed) => {
      const link = haltable(deed)?.facts;
      const { region, domains } = link ? around(link, placeOfSubject(deed)) : placeOf(deed);
      const changes = halting(deed);
      const then = (): void => {
        for (const { ref } of changes ?? []) deed.world.haltedBy.set(`${ref}/${deed.call.by}`, deed.ref);
      };
      return { to: 'incident', facts: { region, domains }, changes, then };
    },
    broken: (deed) => {
      const { measure } = deed.input;
      const until = haltedUntil(deed);
      return those({ 'emergency-measure': measure !== undefined && until !== measure.until });
    },
  },
};
