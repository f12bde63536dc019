// SPDX-License-Identifier: Apache-2.0
import { any, those, type Act, type Asked, type Deed, type Left } from './act';
import type { Facts } from './facts';
import type { World } from './world';

const provider = (was: Facts) => [was.provider];
const byProvider = { department: provider, supplier: provider };

/** 1 to 4 general, 5 important, 6 core. */
export function rankOf(grade: Asked['grade']): number {
  return grade?.class === 'core' ? 6 : grade?.class === 'important' ? 5 : (grade?.level ?? 0);
}

export function isSuspended(world: World, organization: string): boolean {
  return world.now(`organization/${organization}`)?.state === 'suspended';
}

/** Core data, and data barred from sharing, are in no catalogue and no scope. What is not there cannot be either. */
export function anyUnshareable(world: World, ids: readonly string[], asOf?: string): boolean {
  return ids.some((id) => {
    const moment = asOf === undefined ? world.now(`resource/${id}`) : world.then(`resource/${id}`, asOf);
    return !moment || moment.facts.grade === 6 || moment.facts.sharing === 'barred';
  });
}

/** Published catalogues that list a resource, where an act takes it out of every scope or lets it back: each says so five times. */
function noting({ world, call: { id }, was, time }: Deed, facts: Facts): Pick<Left, 'changes'> {
  const isAvailable = (one: Facts): boolean =>
    one.withdrawn === undefined && one.grade !== 6 && one.sharing !== 'barred';
  if (isAvailable(facts) === isAvailable(was)) return {};
  const listing = world
    .all('catalogue')
    .filter(({ now: { state, facts: one } }) => state === 'published' && one.entries?.includes(id) === true);
  const changes = listing
    .filter(
      ({
        now: {
          facts: { noted = [] },
        },
      }) => noted.filter((one) => one.startsWith(`${id} `)).length < 5,
    )
    .map(({ ref, now }) => ({
      ref,
      state: now.state,
      facts: { ...now.facts, noted: [...(now.facts.noted ?? []), `${id} ${time}`] },
    }));
  return { changes };
}

function changed(deed: Deed, to: string, more: Facts): Left {
  const facts = { ...deed.was, ...more };
  return { to, facts, ...noting(deed, facts) };
}

/** Organisations, and the resources that departments hold. */
export const resourceActs: Readonly<Record<string, Act>> = {
  'organization:qualify': {
    who: { 'implementing-agency': any },
    from: ['admitted'],
    leaves: ({ call, input, was, time }) => ({
      to: 'admitted',
      facts: {
        ...was,
        qualified: [...(was.qualified ?? []), { by: `${call.by}/${input.role ?? ''}`, at: time }],
        ...(input.role === 'developer' ? { qualifiedBy: [...(was.qualifiedBy ?? []), call.by] } : {}),
      },
    }),
    broken: ({ call }, { facts }) =>
      those({
        'decided-by-another': call.id === call.by,
        'own-share': (facts.qualified ?? []).filter(({ by }) => by.startsWith(`${call.by}/`)).length > 20,
      }),
  },
  'organization:suspend': {
    who: {
      'data-authority': any,
      'implementing-agency': (was) => (was.role === 'operator' || was.role === 'developer' ? undefined : []),
    },
    from: ['admitted'],
    leaves: ({ call, was }) =>
      call.id === call.by ? 'INPUT_INVALID' : { to: 'suspended', facts: { ...was, suspendedBy: call.by } },
    broken: ({ world, call, was, time }) => {
      const isAgreed = world.all('agreement').some(({ now: { state, facts } }) => {
        const isTheirs = facts.agency === call.by && facts.operator === call.id;
        return isTheirs && /^(signed|halted|suspended)$/.test(state) && time < (facts.terms?.to ?? '');
      });
      const isActedOn = (was.qualified ?? []).some(
        ({ by, at }) => by.startsWith(`${call.by}/`) && at <= (world.accepted.get(`${call.id}/${by}`) ?? ''),
      );
      const isItsOwn = isAgreed || isActedOn;
      return those({ 'suspended-by-its-agency': call.role === 'implementing-agency' && !isItsOwn });
    },
  },
  'organization:reinstate': {
    who: { 'data-authority': any, 'implementing-agency': (was) => [was.suspendedBy] },
    from: ['suspended'],
    leaves: ({ was: { suspendedBy: _, ...rest } }) => ({ to: 'admitted', facts: rest }),
  },
  'resource:anchor': {
    who: byProvider,
    leaves: ({ call, input: { title, domain, digest, personal, region } }) => ({
      to: 'anchored',
      facts: { title, domain, digest, personal, region, provider: call.by },
    }),
  },
  'resource:catalogue': {
    who: byProvider,
    from: ['anchored'],
    leaves: ({ input, was }) => ({ to: 'catalogued', facts: { ...was, sharing: input.sharing?.type } }),
  },
  'resource:change-sharing': {
    who: byProvider,
    from: ['catalogued', 'graded'],
    always: true,
    leaves: (deed) => {
      const { type, approver } = deed.input.sharing ?? {};
      return changed(deed, deed.before?.state ?? '', { sharing: type, approver });
    },
    broken: ({ world, call, input: { sharing }, was }) => {
      const isLifted = was.sharing === 'barred' && sharing?.type !== 'barred';
      const isDecided = sharing?.document !== undefined && sharing.approver !== undefined;
      return those({ 'lowered-by-decision': isLifted && (!isDecided || isSuspended(world, call.by)) });
    },
  },
  'resource:grade': {
    who: byProvider,
    from: ['catalogued'],
    leaves: ({ input, was }) => ({ to: 'graded', facts: { ...was, grade: rankOf(input.grade) } }),
  },
  'resource:regrade': {
    who: byProvider,
    from: ['graded'],
    always: true,
    leaves: (deed) => changed(deed, 'graded', { grade: rankOf(deed.input.grade) }),
    broken: ({ world, call, input, was }) => {
      const isLower = rankOf(input.grade) < (was.grade ?? 0);
      return those({ 'lowered-by-decision': isLower && (input.approver === undefined || isSuspended(world, call.by)) });
    },
  },
  'resource:revise': {
    who: byProvider,
    from: ['anchored', 'catalogued', 'graded'],
    always: true,
    leaves: ({ input, was, before }) => ({ to: before?.state ?? '', facts: { ...was, ...(input as Facts) } }),
  },
  'resource:withdraw': {
    who: byProvider,
    from: ['anchored', 'catalogued', 'graded'],
    always: true,
    leaves: (deed) => changed(deed, 'withdrawn', { withdrawn: deed.time }),
  },
};
