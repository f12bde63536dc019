// SPDX-License-Identifier: Apache-2.0
import { any, those, type Act, type Deed, type Left } from './act';
import { endOf } from './periods';
import { reaches } from './reach';
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

/** The link that a measure is about, if it is in force and whoever reports may halt it: its agency, a grant's operator, an overseer. */
function haltable({ world, call, input: { measure } }: Deed): Moment | undefined {
  const link = world.now(measure?.halts ?? '');
  if (!measure || !link || !/^(signed|in-force|halted)$/.test(link.state)) return undefined;
  const { agency, operator, region, domains } = link.facts;
  const isParty = call.by === agency || (measure.halts.startsWith('grant/') && call.by === operator);
  const stands = world.now(`organization/${call.by}`)?.state === 'admitted';
  const oversees = call.role in overseers && stands && reaches(world, call.by, { region, domains });
  return isParty || oversees ? link : undefined;
}

/** Until when it halts that: no longer than the rulebook lets it. */
function haltedUntil(deed: Deed): string | undefined {
  const { until = '' } = deed.input.measure ?? {};
  const longest = endOf('emergency-measure', deed.time);
  if (!haltable(deed) || until <= deed.time) return undefined;
  return until < longest ? until : longest;
}

function halting(deed: Deed): Left['changes'] {
  const [link, until] = [haltable(deed), haltedUntil(deed)];
  if (!link || until === undefined || (link.state === 'halted' && until <= (link.facts.halt?.until ?? ''))) return [];
  const ref = deed.input.measure?.halts ?? '';
  return [{ ref, state: 'halted', facts: { ...link.facts, halt: { by: deed.ref, until } } }];
}

/** Alerts, and incidents with what is halted for them. */
export const findingActs: Readonly<Record<string, Act>> = {
  'finding:alert': {
    who: { ...overseers, 'implementing-agency': any },
    leaves: () => ({ to: 'alerted', facts: {} }),
  },
  'finding:incident': {
    who: byAnyone,
    report: true,
    anywhere: true,
    leaves: (deed) => {
      const { region } = haltable(deed)?.facts ?? deed.input;
      return { to: 'incident', facts: { region }, changes: halting(deed) };
    },
    broken: (deed) => {
      const { measure } = deed.input;
      const until = haltedUntil(deed);
      return those({ 'emergency-measure': measure !== undefined && until !== measure.until });
    },
  },
};
