// SPDX-License-Identifier: Apache-2.0
import { any, those, type Act, type Deed, type Left } from './act';
import { endOf } from './periods';
import type { Facts } from './facts';
import type { World } from './world';

const applicants = ({ applicant, agent }: Facts) => [applicant, agent];
const byApplicant = {
  department: applicants,
  supplier: applicants,
  operator: applicants,
  developer: applicants,
  platform: applicants,
};
const byRegistrar = { registrar: any };
const byAnyone = {
  'data-authority': any,
  registrar: any,
  'implementing-agency': any,
  operator: any,
  developer: any,
  department: any,
  supplier: any,
  supervisor: any,
  platform: any,
};

const thing = (exact = ''): string => exact.replace(/@.*$/, '');

/** The registrations that are valid at a time: coded, and not expired. */
function valid(world: World, subject: string, at: string) {
  return world
    .all('registration')
    .filter(({ now: { state, facts } }) => state === 'coded' && thing(facts.subject) === subject)
    .filter(({ now: { facts } }) => at < (facts.validUntil ?? ''));
}

export function isRegistered(world: World, id: string, at: string): boolean {
  return valid(world, `resource/${id}`, at).length > 0;
}

/** A first registration where none is valid, any other on the valid one of the same holder and subject. */
function isOutOfTurn({ world, time }: Deed, { type, of, applicant, subject }: Facts): boolean {
  const found = valid(world, thing(subject), time);
  if (type === 'initial') return found.length > 0;
  return !found.some(({ ref, now }) => ref === of && now.facts.applicant === applicant);
}

function isAnothers({ world }: Deed, { subject = '', applicant }: Facts): boolean {
  const { provider, holder } = world.now(thing(subject))?.facts ?? {};
  return (provider ?? holder) !== applicant;
}

const isLate = ({ was, time }: Deed): boolean => time > (was.dueBy?.at(-1) ?? '');
const inTime = (deed: Deed): string[] => those({ '~registrar-in-time': isLate(deed) });

type Step = 'registration-acceptance' | 'registration-review';

/** It comes to a step, with the registrar's time for that. */
function atStep({ was, time }: Deed, to: string, step: Step): Left {
  return { to, facts: { ...was, dueBy: [...(was.dueBy ?? []), endOf(step, time)] } };
}

/** What a change, correction, renewal or cancellation brings to an end. */
function ending({ world, was: { of } }: Deed, state: string): Left['changes'] {
  const found = world.now(of ?? '');
  return of !== undefined && found ? [{ ref: of, state, facts: found.facts }] : [];
}

/** Registration: of a resource, or of a product. */
export const registrationActs: Readonly<Record<string, Act>> = {
  'registration:apply': {
    who: byApplicant,
    always: true,
    malformed: ({ type = 'initial', of, holder, letter }) =>
      (type === 'initial') !== (of === undefined) || (holder === undefined) !== (letter === undefined),
    leaves: ({ world, call, input, time }) => {
      const { subject = '', type = 'initial', of, holder } = input;
      if (!world.version(subject)) return 'NOT_FOUND';
      const agent = holder === undefined || holder === call.by ? undefined : call.by;
      const dueBy = [endOf('registration-acceptance', time)];
      const { region, domain, domains } = world.version(subject)?.facts ?? {};
      const place = { region, domains: domains ?? (domain === undefined ? [] : [domain]) };
      return { to: 'applied', facts: { applicant: holder ?? call.by, agent, subject, type, of, dueBy, ...place } };
    },
    broken: (deed, { facts }) =>
      those({ 'registers-own': isAnothers(deed, facts), 'registration-follows': isOutOfTurn(deed, facts) }),
  },
  'registration:accept': {
    who: byRegistrar,
    from: ['applied'],
    leaves: (deed) => atStep(deed, 'accepted', 'registration-review'),
    broken: inTime,
  },
  'registration:request-supplement': {
    who: byRegistrar,
    from: ['applied', 'accepted'],
    leaves: ({ was, before }) => ({
      to: 'supplement-requested',
      facts: { ...was, askedIn: [...(was.askedIn ?? []), before?.state ?? ''] },
    }),
    broken: inTime,
  },
  'registration:supplement': {
    who: byApplicant,
    from: ['supplement-requested'],
    always: true,
    leaves: (deed) => {
      const to = deed.was.askedIn?.at(-1) ?? '';
      return atStep(deed, to, to === 'applied' ? 'registration-acceptance' : 'registration-review');
    },
  },
  'registration:decline': {
    who: byRegistrar,
    from: ['applied'],
    leaves: ({ was }) => ({ to: 'declined', facts: was }),
    broken: inTime,
  },
  'registration:review': {
    who: byRegistrar,
    from: ['accepted'],
    leaves: ({ input, was }) => {
      const passed = was.type === 'cancellation' ? 'cancelling' : 'passed';
      return { to: input.result === 'pass' ? passed : 'failed', facts: was };
    },
    broken: inTime,
  },
  'registration:withdraw': {
    who: byApplicant,
    from: ['applied', 'supplement-requested', 'accepted', 'passed', 'cancelling', 'publicized', 'objected'],
    always: true,
    leaves: ({ was }) => ({ to: 'withdrawn', facts: was }),
  },
  'registration:publicize': {
    who: byRegistrar,
    from: ['passed'],
    leaves: ({ was, time }) => ({ to: 'publicized', facts: { ...was, publicUntil: endOf('publicity', time) } }),
  },
  'registration:object': {
    who: byAnyone,
    from: ['publicized', 'objected'],
    always: true,
    anywhere: true,
    leaves: ({ call, was }) => ({
      to: 'objected',
      facts: { ...was, objections: [...(was.objections ?? []), call.by] },
    }),
    broken: ({ was, time }, { facts }) => {
      const own = facts.objections?.filter((one) => one === facts.objections?.at(-1)) ?? [];
      return those({ 'objection-in-publicity': time >= (was.publicUntil ?? ''), 'own-share': own.length > 3 });
    },
  },
  'registration:resolve': {
    who: byRegistrar,
    from: ['objected'],
    broken: ({ call, was, input: { objection = 0 } }) =>
      those({ 'decided-by-another': was.objections?.[objection - 1] === call.by }),
    leaves: ({ input: { objection = 0, outcome }, was }) => {
      const [before, count] = [was.settled ?? [], was.objections?.length ?? 0];
      if (before.includes(objection) || objection > count) return 'INPUT_INVALID';
      const settled = [...before, objection];
      const dismissed = settled.length === count ? 'publicized' : 'objected';
      return { to: outcome === 'upheld' ? 'failed' : dismissed, facts: { ...was, settled } };
    },
  },
  'registration:code': {
    who: byRegistrar,
    from: ['publicized'],
    leaves: (deed) => {
      const { input, was, time } = deed;
      const kept = was.type === 'renewal' ? undefined : deed.world.now(was.of ?? '')?.facts.validUntil;
      const validUntil = input.validUntil ?? kept ?? endOf('registration-validity', time);
      return { to: 'coded', facts: { ...was, code: input.code, validUntil }, changes: ending(deed, 'superseded') };
    },
    broken: (deed, { facts: { code, validUntil = '', subject } }) => {
      const { world, was, time } = deed;
      const coded = world.all('registration').filter(({ now: { facts } }) => facts.code === code);
      return those({
        'registration-follows': isOutOfTurn(deed, was),
        'registers-own': isAnothers(deed, was),
        'publicity-over': time < (was.publicUntil ?? ''),
        'registration-validity': validUntil <= time || validUntil > endOf('registration-validity', time),
        'code-unique': coded.some(({ now: { facts } }) => thing(facts.subject) !== thing(subject)),
      });
    },
  },
  'registration:cancel': {
    who: byRegistrar,
    from: ['cancelling'],
    leaves: (deed) => ({ to: 'completed', facts: deed.was, changes: ending(deed, 'cancelled') }),
    broken: (deed) => those({ 'registration-follows': isOutOfTurn(deed, deed.was) }),
  },
  'registration:revoke': {
    who: byRegistrar,
    from: ['coded'],
    leaves: ({ was }) => ({ to: 'revoked', facts: was }),
  },
};
