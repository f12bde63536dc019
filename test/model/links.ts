// SPDX-License-Identifier: Apache-2.0
import { demoRulebook } from 'yuanliu-scripts/demo/rulebook';
import { any, those, type Act, type Deed, type Left } from './act';
import { above, agreementOf, isNarrower, termsOf, walk } from './chain';
import { endOf } from './periods';
import { anyUnshareable } from './resources';
import type { Facts, Terms, World } from './world';

const agency = (was: Facts) => [was.agency];
const parties = { 'implementing-agency': agency, operator: (was: Facts) => [was.operator] };
function lacksParts(of: keyof typeof demoRulebook.parts, { parts = {} }: Facts): boolean {
  return demoRulebook.parts[of].some((part) => parts[part] === undefined);
}

function parentsFall({ world, ref, time }: Deed, facts: Facts): boolean {
  return !above(ref, facts).every((parent) => walk(world, parent, time).stands);
}

/** An agreement is made under the agency's own plan, which no other has taken the place of. */
function isPlanPast(world: World, { plan, agency: by }: Facts): boolean {
  const found = world.now(`plan/${plan ?? ''}`);
  return found?.state === 'superseded' || found?.facts.agency !== by;
}

function isWider(world: World, child: Terms | undefined, parent: string): boolean {
  const limits = termsOf(world.now(parent)?.facts);
  return child !== undefined && limits !== undefined && !isNarrower(world, child, limits);
}

export function isUnqualified(world: World, { developer, agency: by }: Facts): boolean {
  const qualifiedBy = world.now(`organization/${developer ?? ''}`)?.facts.qualifiedBy ?? [];
  return developer !== undefined && !qualifiedBy.includes(by ?? '');
}

/** An agreement is filed in time after it was signed. */
export function isUnfiled(world: World, authority: string, at: string): boolean {
  const facts = world.now(agreementOf(world, authority) ?? '')?.facts;
  return facts?.signedAt !== undefined && facts.filed === undefined && at > endOf('filing', facts.signedAt);
}

function cut(from: string, state: 'suspended' | 'revoked'): Pick<Act, 'who' | 'from' | 'leaves'> {
  return {
    who: { 'implementing-agency': agency },
    from: state === 'revoked' ? [from, 'suspended'] : [from],
    leaves: ({ was, time }) => ({ to: state, facts: { ...was, [state]: time } }),
  };
}

function restored(to: string): Act {
  return { who: { 'implementing-agency': agency }, from: ['suspended'], leaves: ({ was }) => ({ to, facts: was }) };
}

const ungraded = ({ world }: Deed, { facts: { entries = [] } }: Left): boolean =>
  entries.some((id) => world.now(`resource/${id}`)?.state !== 'graded');

/** Catalogue, plan, agreement, scenario and grant: what authorizes. */
export const linkActs: Readonly<Record<string, Act>> = {
  'catalogue:compile': {
    who: { 'implementing-agency': agency },
    leaves: ({ world, call, input }) => {
      const entries = [...new Set(input.resources)].sort();
      const providers = entries.map((id) => world.now(`resource/${id}`)?.facts.provider);
      return providers.every((one) => one !== undefined)
        ? { to: 'compiled', facts: { agency: call.by, entries, providers, confirmed: [] } }
        : 'NOT_FOUND';
    },
    broken: (deed, left) =>
      those({
        'entries-graded': ungraded(deed, left),
        'core-or-barred': anyUnshareable(deed.world, left.facts.entries ?? []),
      }),
  },
  'catalogue:confirm': {
    who: { department: (was) => was.providers ?? [], supplier: (was) => was.providers ?? [] },
    from: ['compiled'],
    leaves: ({ call, was }) => ({ to: 'compiled', facts: { ...was, confirmed: [...(was.confirmed ?? []), call.by] } }),
  },
  'catalogue:publish': {
    who: { 'implementing-agency': agency },
    from: ['compiled'],
    leaves: ({ world, call, was, time }) => ({
      to: 'published',
      facts: was,
      then: () => {
        for (const id of was.entries ?? []) world.listed.set(`${call.id}/${id}`, time);
      },
    }),
    broken: (deed, left) =>
      those({
        'catalogue-confirmed': (deed.was.providers ?? []).some((one) => !deed.was.confirmed?.includes(one)),
        'entries-graded': ungraded(deed, left),
        'core-or-barred': anyUnshareable(deed.world, deed.was.entries ?? []),
        '~registered': true,
      }),
  },
  'plan:draft': {
    who: { 'implementing-agency': agency },
    follows: ['drafted'],
    leaves: (deed) => ({
      to: 'drafted',
      facts: {
        title: deed.input.title,
        agency: deed.call.by,
        terms: deed.input.terms,
        parts: deed.input.parts,
        guided: deed.was.guided,
      },
    }),
    broken: ({ world, input }) => those({ 'core-or-barred': anyUnshareable(world, input.terms?.resources ?? []) }),
  },
  'plan:guide': {
    who: { 'data-authority': any },
    from: ['drafted'],
    leaves: ({ was, time }) => ({ to: 'drafted', facts: { ...was, guided: [...(was.guided ?? []), time] } }),
  },
  'plan:approve': {
    who: { 'data-authority': any },
    from: ['drafted'],
    leaves: ({ was }) => ({ to: 'approved', facts: was }),
    broken: ({ world, was }) =>
      those({
        'required-parts': lacksParts('plan', was),
        'core-or-barred': anyUnshareable(world, was.terms?.resources ?? []),
      }),
  },
  'plan:supersede': {
    who: { 'data-authority': any },
    from: ['approved'],
    leaves: ({ input, was }) => ({ to: 'superseded', facts: { ...was, supersededUntil: input.until } }),
    broken: ({ world, call, input, was, time }) => {
      const next = world.now(input.by ?? '');
      const fits = next?.state === 'approved' && next.facts.agency === was.agency && input.by !== `plan/${call.id}`;
      const { until } = input;
      const late = until !== undefined && (until < time || until > (was.terms?.to ?? ''));
      return those({ 'superseded-by-approved': !fits || late });
    },
  },
  'agreement:propose': {
    who: { 'implementing-agency': agency },
    leaves: (deed) => {
      const { plan = '', operator, terms } = deed.input;
      if (!deed.world.now(plan)) return 'NOT_FOUND';
      const facts = { plan: plan.replace('plan/', ''), operator, terms, agency: deed.call.by, parts: deed.input.parts };
      return { to: 'proposed', facts: { ...facts, signed: [] } };
    },
    broken: (deed, { facts }) =>
      those({
        'parents-stand': parentsFall(deed, facts),
        'plan-current': isPlanPast(deed.world, facts),
        'not-wider': isWider(deed.world, facts.terms, `plan/${facts.plan ?? ''}`),
        'core-or-barred': anyUnshareable(deed.world, facts.terms?.resources ?? []),
      }),
  },
  'agreement:sign': {
    who: parties,
    from: ['proposed'],
    leaves: ({ call, was, time }) => {
      const signed = [...(was.signed ?? []).filter((one) => one !== call.by), call.by];
      const complete = [was.agency, was.operator].every((one) => signed.includes(one ?? ''));
      const facts = { ...was, signed, signings: { ...was.signings, [call.by]: time } };
      return complete ? { to: 'signed', facts: { ...facts, signedAt: time } } : { to: 'proposed', facts };
    },
    broken: (deed, { facts }) =>
      those({
        'parents-stand': parentsFall(deed, facts),
        'plan-current': isPlanPast(deed.world, facts),
        'not-wider': isWider(deed.world, facts.terms, `plan/${facts.plan ?? ''}`),
        'core-or-barred': anyUnshareable(deed.world, facts.terms?.resources ?? []),
        'required-parts': lacksParts('agreement', facts),
      }),
  },
  'agreement:file': {
    who: { 'implementing-agency': agency },
    from: ['signed', 'suspended'],
    always: true,
    leaves: ({ was, before, time }) => ({ to: before?.state ?? '', facts: { ...was, filed: time } }),
  },
  'agreement:suspend': cut('signed', 'suspended'),
  'agreement:resume': restored('signed'),
  'agreement:revoke': cut('signed', 'revoked'),
  'scenario:apply': {
    who: { developer: (was) => [was.developer] },
    leaves: (deed) => {
      const { agreement = '', purpose } = deed.input;
      const under = deed.world.now(agreement)?.facts;
      if (!under) return 'NOT_FOUND';
      const { operator, agency: by } = under;
      const facts = { agreement: agreement.replace('agreement/', ''), purpose, parts: deed.input.parts };
      return { to: 'applied', facts: { ...facts, developer: deed.call.by, operator, agency: by } };
    },
    broken: (deed, { facts }) =>
      those({
        'parents-stand': parentsFall(deed, facts),
        'developer-qualified': isUnqualified(deed.world, facts),
        'required-parts': lacksParts('scenario', facts),
      }),
  },
  'scenario:forward': {
    who: { operator: (was) => [was.operator] },
    from: ['applied'],
    leaves: ({ was }) => ({ to: 'forwarded', facts: was }),
    broken: (deed) => those({ 'parents-stand': parentsFall(deed, deed.was) }),
  },
  'scenario:assess': {
    who: { 'implementing-agency': agency },
    from: ['forwarded'],
    leaves: ({ world, input, was }) => {
      if (input.result === 'reject' || !input.grant) return { to: 'rejected', facts: was };
      const { agreement, developer, operator, agency: by } = was;
      const { id, terms } = input.grant;
      const broken = those({
        'not-wider': isWider(world, terms, `agreement/${agreement ?? ''}`),
        'core-or-barred': anyUnshareable(world, terms?.resources ?? []),
      });
      const facts = { agreement, developer, operator, agency: by, terms };
      return { to: 'approved', facts: was, creates: { ref: `grant/${id}`, state: 'in-force', facts, broken } };
    },
    broken: (deed) =>
      those(
        deed.input.result === 'reject'
          ? {}
          : {
              'parents-stand': parentsFall(deed, deed.was),
              'developer-qualified': isUnqualified(deed.world, deed.was),
              '~agreement-filed': isUnfiled(deed.world, `agreement/${deed.was.agreement ?? ''}`, deed.time),
            },
      ),
  },
  'grant:amend': {
    who: { 'implementing-agency': agency },
    from: ['in-force'],
    leaves: ({ input, was }) => ({ to: 'in-force', facts: { ...was, terms: input.terms } }),
    broken: (deed, { facts }) =>
      those({
        'parents-stand': parentsFall(deed, facts),
        'not-wider': isWider(deed.world, facts.terms, `agreement/${facts.agreement ?? ''}`),
        'core-or-barred': anyUnshareable(deed.world, facts.terms?.resources ?? []),
      }),
  },
  'grant:suspend': cut('in-force', 'suspended'),
  'grant:resume': restored('in-force'),
  'grant:revoke': cut('in-force', 'revoked'),
};
