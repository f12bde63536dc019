// SPDX-License-Identifier: Apache-2.0
import { those, type Act, type Asked, type Deed } from './act';
import {
  forScenario,
  isBesideScenario,
  isPlanPast,
  isWider,
  lacksActions,
  lacksParts,
  parentsFall,
  scenarioOf,
} from './link-rules';
import { endOf } from './periods';
import { aboutOf } from './reach';
import { anyUnshareable } from './resources';
import type { Facts, Terms } from './facts';
import type { World } from './world';

const agency = (was: Facts) => [was.agency];
const parties = { 'implementing-agency': agency, operator: (was: Facts) => [was.operator] };

function underPlan(deed: Deed, facts: Facts): string[] {
  return those({
    'parents-stand': parentsFall(deed, facts),
    'plan-current': isPlanPast(deed.world, facts),
    'not-wider': isWider(deed.world, facts.terms, `plan/${facts.plan ?? ''}`),
    'core-or-barred': anyUnshareable(deed.world, facts.terms?.resources ?? []),
    '~actions-suffice': lacksActions(facts.terms),
  });
}

const partsOf = (facts: Facts): string[] => those({ 'required-parts': lacksParts('agreement', facts) });

/** An agreement with what an amendment changes. */
function changed(world: World, was: Facts, { plan, terms, parts }: Asked = {}): Facts {
  const about = aboutOf(world, terms ?? was.terms, plan ?? `plan/${was.plan ?? ''}`);
  return {
    ...was,
    ...about,
    ...(plan === undefined ? {} : { plan: plan.replace('plan/', '') }),
    ...(terms === undefined ? {} : { terms }),
    ...(parts === undefined ? {} : { parts }),
  };
}

const paperOf = ({ document }: Asked): string | undefined => document?.digest;

const ENDED = /^(revoked|terminated|exited)$/;
const isPast = (terms: Terms | undefined, at: string): boolean => terms !== undefined && at >= terms.to;

/** A link is cut: what a wind-down keeps goes on, and one stated before does not. */
function cut(state: string, ...from: readonly string[]): Act {
  return {
    who: { 'implementing-agency': agency },
    from,
    leaves: ({ input, was, time }) => {
      const cuts = { ...was.cuts, [state]: { at: time, windDown: input.windDown } };
      return { to: state, facts: { ...was, cuts } };
    },
    broken: ({ world, ref, input: { windDown }, was, time }) => {
      if (!windDown) return [];
      const { keeps, until } = windDown;
      const isUnder = (one: string): boolean => {
        const { agreement, authority } = world.now(one)?.facts ?? {};
        const above = authority ?? `agreement/${agreement ?? ''}`;
        return above === ref || (above.startsWith('grant/') && isUnder(above));
      };
      const late = until <= time || until > (was.terms?.to ?? '');
      return those({ 'wind-down-inside': late || !keeps.every(isUnder) });
    },
  };
}

function restored(to: string): Act {
  return {
    who: { 'implementing-agency': agency },
    from: ['suspended', 'halted'],
    leaves: ({ was }) => ({ to, facts: was }),
  };
}

/** Agreement and grant: what authorizes. */
export const agreementActs: Readonly<Record<string, Act>> = {
  'agreement:propose': {
    who: { 'implementing-agency': agency },
    leaves: (deed) => {
      const { plan = '', operator, terms } = deed.input;
      const under = deed.world.now(plan)?.facts;
      if (!under) return 'NOT_FOUND';
      const facts = {
        plan: plan.replace('plan/', ''),
        operator,
        terms,
        agency: deed.call.by,
        parts: deed.input.parts,
        region: under.region,
      };
      return { to: 'proposed', facts: { ...facts, ...aboutOf(deed.world, terms, plan), signed: [] } };
    },
    broken: (deed, { facts }) => underPlan(deed, facts),
  },
  'agreement:sign': {
    who: parties,
    from: ['proposed'],
    leaves: ({ world, call, input, was, time }) => {
      const texts = { ...was.texts, [call.by]: paperOf(input) ?? '' };
      const signed = [...(was.signed ?? []).filter((one) => one !== call.by), call.by];
      const complete = [was.agency, was.operator].every((one) => signed.includes(one ?? ''));
      const facts = { ...was, signed, signings: { ...was.signings, [call.by]: time }, texts };
      const then = (): void => {
        if (call.by === was.operator) world.accepted.set(`${call.by}/${was.agency ?? ''}/operator`, time);
      };
      return complete
        ? { to: 'signed', facts: { ...facts, fileBy: endOf('filing', time) }, then }
        : { to: 'proposed', facts, then };
    },
    broken: (deed, { facts }) => [
      ...those({ 'same-text-signed': new Set(Object.values(facts.texts ?? {})).size > 1 }),
      ...underPlan(deed, facts),
      ...partsOf(facts),
    ],
  },
  'agreement:file': {
    who: { 'implementing-agency': agency },
    from: ['signed', 'halted', 'suspended'],
    always: true,
    leaves: ({ was, before, time }) => ({ to: before?.state ?? '', facts: { ...was, filed: time } }),
  },
  'agreement:amend': {
    who: parties,
    from: ['signed'],
    malformed: ({ changes = {} }) => Object.keys(changes).length === 0,
    leaves: ({ call, input, was, time }) => ({
      to: 'signed',
      facts: {
        ...was,
        amendment: {
          by: call.by,
          at: time,
          changes: input.changes,
          paper: paperOf(input),
          proposals: [...(was.amendment?.proposals ?? []), call.by],
        },
      },
    }),
    broken: (deed, { facts: { amendment } }) => {
      const facts = changed(deed.world, deed.was, deed.input.changes);
      const own = amendment?.proposals.filter((one) => one === deed.call.by) ?? [];
      return [...underPlan(deed, facts), ...partsOf(facts), ...those({ 'own-share': own.length > 20 })];
    },
  },
  'agreement:sign-amendment': {
    who: parties,
    from: ['signed'],
    leaves: ({ world, was, time }) => {
      const { amendment, filed, ...rest } = was;
      const toFile = filed === undefined ? {} : { fileBy: endOf('filing', time) };
      return { to: 'signed', facts: { ...changed(world, rest, amendment?.changes), ...toFile } };
    },
    broken: (deed, { facts }) => {
      const { amendment } = deed.was;
      const agreed = amendment && amendment.by !== deed.call.by && amendment.paper === paperOf(deed.input);
      return [...those({ 'amendment-agreed': !agreed }), ...underPlan(deed, facts), ...partsOf(facts)];
    },
  },
  'agreement:suspend': cut('suspended', 'signed', 'halted'),
  'agreement:resume': restored('signed'),
  'agreement:revoke': cut('revoked', 'signed', 'halted', 'suspended'),
  'agreement:terminate': cut('terminated', 'signed', 'halted', 'suspended'),
  'agreement:exit': {
    who: { operator: (was) => [was.operator] },
    from: ['signed', 'halted', 'suspended', 'revoked', 'terminated', 'exited'],
    report: true,
    leaves: ({ world, ref, input, was, before, time, asOf }) => {
      const { state = '' } = before ?? {};
      const then = asOf === undefined ? before : world.then(ref, asOf);
      const isOver = ENDED.test(then?.state ?? '') || isPast(was.terms, asOf ?? time);
      return { to: isOver && input.held?.length === 0 ? 'exited' : state, facts: was };
    },
    broken: ({ world, ref, input, was, before, time, asOf }) => {
      const at = asOf ?? time;
      const { state = '', facts = was } = (asOf === undefined ? before : world.then(ref, asOf)) ?? {};
      const isEnded = ENDED.test(state) || isPast(facts.terms, at);
      const { windDown } = was.cuts?.[state] ?? {};
      const isKept = windDown !== undefined && at < windDown.until;
      return those({ 'exit-held': isEnded && !isKept && (input.held ?? []).length > 0 });
    },
  },
  'grant:amend': {
    who: { 'implementing-agency': agency },
    from: ['in-force'],
    leaves: ({ world, input, was }) => {
      const terms = forScenario(input.terms, scenarioOf(world, was));
      const about = aboutOf(world, terms, `agreement/${was.agreement ?? ''}`);
      return { to: 'in-force', facts: { ...was, ...about, terms } };
    },
    broken: (deed, { facts }) =>
      those({
        'parents-stand': parentsFall(deed, facts),
        'not-wider': isWider(deed.world, facts.terms, `agreement/${facts.agreement ?? ''}`),
        'within-scenario': isBesideScenario(deed.world, facts.terms, scenarioOf(deed.world, facts)),
        'core-or-barred': anyUnshareable(deed.world, facts.terms?.resources ?? []),
        '~actions-suffice': lacksActions(facts.terms, ['deliver']),
      }),
  },
  'grant:suspend': cut('suspended', 'in-force', 'halted'),
  'grant:resume': restored('in-force'),
  'grant:revoke': cut('revoked', 'in-force', 'halted', 'suspended'),
};
