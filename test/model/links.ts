// SPDX-License-Identifier: Apache-2.0
import { any, those, type Act } from './act';
import {
  forScenario,
  isBesideScenario,
  isUnfiled,
  isUnqualified,
  isWider,
  lacksActions,
  lacksParts,
  parentsFall,
} from './link-rules';
import { anyUnshareable } from './resources';
import { aboutOf } from './reach';
import type { Facts } from './facts';

const agency = (was: Facts) => [was.agency];

/** A catalogue of another agency, or a section of one: what a plan names is a whole one of its agency. */
function isForeign(named: Facts | undefined, { agency }: Facts): boolean {
  return named?.agency !== agency || named?.partOf !== undefined;
}

/** Plan and scenario: what authority is asked for. */
export const linkActs: Readonly<Record<string, Act>> = {
  'plan:draft': {
    who: { 'implementing-agency': agency },
    follows: ['drafted'],
    leaves: (deed) => ({
      to: 'drafted',
      facts: {
        title: deed.input.title,
        region: deed.input.region,
        ...aboutOf(deed.world, deed.input.terms),
        agency: deed.call.by,
        terms: deed.input.terms,
        parts: deed.input.parts,
        guided: deed.was.guided,
      },
    }),
    broken: ({ world, input }) =>
      those({
        'core-or-barred': anyUnshareable(world, input.terms?.resources ?? []),
        '~actions-suffice': lacksActions(input.terms),
      }),
  },
  'plan:guide': {
    who: { 'data-authority': any },
    from: ['drafted'],
    leaves: ({ was, time }) => ({ to: 'drafted', facts: { ...was, guided: [...(was.guided ?? []), time] } }),
    broken: (_, { facts }) => those({ 'own-share': (facts.guided ?? []).length > 50 }),
  },
  'plan:approve': {
    who: { 'data-authority': any },
    from: ['drafted'],
    leaves: ({ was }) => ({ to: 'approved', facts: was }),
    broken: ({ world, input, before, was }) =>
      those({
        'approved-as-laid': input.version !== before?.version,
        'required-parts': lacksParts('plan', was),
        'district-consent': !/0000$/.test(was.region ?? '') && input.leadingGroup === undefined,
        'catalogue-own': isForeign(world.now(`catalogue/${was.terms?.catalogue ?? ''}`)?.facts, was),
        'core-or-barred': anyUnshareable(world, was.terms?.resources ?? []),
        '~actions-suffice': lacksActions(was.terms),
      }),
  },
  'plan:supersede': {
    who: { 'data-authority': any },
    from: ['approved'],
    leaves: ({ input, was }) => ({ to: 'superseded', facts: { ...was, supersededUntil: input.until } }),
    broken: ({ world, call, input, was, time }) => {
      const next = world.now(input.by ?? '');
      const fits =
        next?.state === 'approved' &&
        next.facts.agency === was.agency &&
        next.facts.region === was.region &&
        input.by !== `plan/${call.id}`;
      const { until } = input;
      const late = until !== undefined && (until < time || until > (was.terms?.to ?? ''));
      return those({ 'superseded-by-approved': !fits || late });
    },
  },
  'scenario:apply': {
    who: { developer: (was) => [was.developer] },
    leaves: (deed) => {
      const { agreement = '', purpose } = deed.input;
      const under = deed.world.now(agreement)?.facts;
      if (!under) return 'NOT_FOUND';
      const { operator, agency: by, region } = under;
      const facts = { agreement: agreement.replace('agreement/', ''), purpose, parts: deed.input.parts };
      return {
        to: 'applied',
        facts: { ...facts, developer: deed.call.by, operator, agency: by, region, domains: deed.input.domains },
        then: () => deed.world.accepted.set(`${deed.call.by}/${by ?? ''}/developer`, deed.time),
      };
    },
    broken: (deed, { facts }) =>
      those({
        'parents-stand': parentsFall(deed, facts),
        'developer-qualified': isUnqualified(deed.world, facts),
        'required-parts': lacksParts('scenario', facts),
      }),
  },
  'scenario:forward': {
    who: {
      operator: (was) => [was.operator],
      'implementing-agency': (was) => (was.developer === was.operator ? [was.agency] : []),
    },
    from: ['applied'],
    leaves: ({ was }) => ({ to: 'forwarded', facts: was }),
    broken: (deed) => those({ 'parents-stand': parentsFall(deed, deed.was) }),
  },
  'scenario:assess': {
    who: { 'implementing-agency': agency },
    from: ['forwarded'],
    leaves: ({ world, call, input, was }) => {
      if (input.result === 'reject' || !input.grant) return { to: 'rejected', facts: was };
      const { agreement, developer, operator, agency: by, region } = was;
      const { id } = input.grant;
      const terms = forScenario(input.grant.terms, was);
      const broken = those({
        'not-wider': isWider(world, terms, `agreement/${agreement ?? ''}`),
        'within-scenario': isBesideScenario(world, terms, was),
        'core-or-barred': anyUnshareable(world, terms?.resources ?? []),
      });
      const about = aboutOf(world, terms, `agreement/${agreement ?? ''}`);
      const facts = { scenario: call.id, agreement, developer, operator, agency: by, region, terms, ...about };
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
};
