// SPDX-License-Identifier: Apache-2.0
import { those, type Act, type Deed, type Left } from './act';
import { allows, holderOf, termsOf, walk, type Use } from './chain';
import { areAffiliated } from './controls';
import { isUnlicensed } from './external-inputs';
import { isUnfiled, isUnqualified } from './link-rules';
import { demandedOf, isGradedDown, isPersonal, takenFrom } from './grading';
import { isBackfilled } from './periods';
import { isRegistered } from './registrations';
import { domainsOf } from './reach';
import { anyUnshareable, isSuspended, rankOf } from './resources';
import type { Facts } from './facts';
import type { World } from './world';

const holder = (was: Facts) => [was.holder];
const byHolder = { operator: holder, developer: holder };

/** Rules on a use of an authority: its chain stands, the actor holds it, every link allows it; no product taken was cut off.
 * What a wind-down keeps may be among what is `kept`. */
export function outsideAuthority(
  { world, time, asOf }: Deed,
  authority: string,
  actors: readonly string[],
  use: Use,
  taken: readonly string[],
  kept: readonly string[] = [],
): Readonly<Record<string, boolean>> {
  const { stands, links } = walk(world, authority, time, asOf, kept);
  const cutOff = taken.some((exact) => {
    const made = exact.startsWith('product/') ? world.version(exact, asOf) : undefined;
    const resting = [exact.replace(/@.*$/, ''), authority];
    return made?.state === 'released' && walk(world, made.facts.authority ?? '', time, asOf, resting).cut;
  });
  const owner = holderOf(world, authority);
  const terms = links.flatMap(({ moment }) => termsOf(moment.facts) ?? []);
  const unlisted = terms.some(({ catalogue }) => use.resources.some((id) => !world.lists(catalogue, id, asOf)));
  const foreign = owner === undefined || !actors.includes(owner);
  return {
    'chain-stands': foreign || !stands || cutOff,
    'within-chain': foreign || unlisted || terms.some((one) => !allows(world, one, use)),
    'core-or-barred': anyUnshareable(world, use.resources, asOf),
  };
}

/** A product that is one's own or was delivered to one by then, and not refused. */
export function isObtained(world: World, exact: string, by: string, asOf?: string): boolean {
  if (!exact.startsWith('product/') || world.version(exact)?.facts.holder === by) return true;
  const id = exact.replace(/^product\/|@.*$/g, '');
  const delivered = world.delivered.get(`${id}/${by}`);
  return delivered?.some(({ at }) => asOf === undefined || at <= asOf) ?? false;
}

/** An exact version that exists, and is graded, released or declared. */
export function isUsable(world: World, exact: string, asOf?: string): boolean {
  const input = world.version(exact, asOf);
  if (isBackfilled(asOf)) return input !== undefined;
  return (
    input !== undefined &&
    !(asOf !== undefined && input.since > asOf) &&
    /^(graded|released|declared)$/.test(input.state)
  );
}

/** What a product is to an organisation: one that is not public, and that does not name it, is as none. */
export function knownTo(world: World, exact: string, by: string): Facts | undefined {
  const made = world.version(exact);
  const { holder: whose, operator, agency, sources = [] } = made?.facts ?? {};
  const providers = sources.map(({ id }) => world.now(`resource/${id}`)?.facts.provider);
  const isKnown =
    /^(released|withdrawn)$/.test(made?.own ?? '') || [whose, operator, agency, ...providers].includes(by);
  return isKnown ? made?.facts : undefined;
}

/** Ids of the resources that an exact version comes from, as far as an organisation may know. */
export function sourcesOf(world: World, exact: string, by: string): readonly string[] {
  if (exact.startsWith('product/')) return knownTo(world, exact, by)?.sources?.map(({ id }) => id) ?? [];
  return world.version(exact) ? [exact.replace(/^resource\/|@.*$/g, '')] : [];
}

/** The operator that a product came about under, if it was delivered to anyone. */
function operatorOf(world: World, exact: string): string | undefined {
  const made = exact.startsWith('product/') ? world.version(exact)?.facts : undefined;
  const delivered = world.delivered.get(exact.replace(/^product\/|@.*$/g, ''));
  return delivered !== undefined && delivered.length > 0 ? made?.operator : undefined;
}

/** Rules on a product under the authority that it was made under, as that is now. */
function outsideOwn(deed: Deed): Readonly<Record<string, boolean>> {
  const { holder: by, authority = '', sources = [], purpose = '' } = deed.was;
  const use = { resources: sources.map(({ id }) => id), purpose, action: 'develop', at: deed.time };
  return outsideAuthority(deed, authority, by === undefined ? [] : [by], use, deed.was.inputs ?? [], [deed.ref]);
}

function develop({ world, call, input, time }: Deed): Left | 'NOT_FOUND' {
  const { authority = '', purpose, form, digest } = input;
  const under = world.now(authority)?.facts;
  if (!under) return 'NOT_FOUND';
  const inputs = [...new Set(input.inputs)].sort();
  const derived = call.role === 'developer' || authority.startsWith('grant/');
  const taken = takenFrom(world, inputs);
  const facts = {
    holder: call.by,
    authority,
    operator: under.operator,
    agency: under.agency,
    region: under.region,
    domains: domainsOf(world, taken.sources?.map(({ id }) => id) ?? []),
    ...(derived ? { developer: call.by } : {}),
    derived,
    purpose,
    form,
    digest,
    inputs,
    ...taken,
  };
  const opens = inputs.some((exact) => {
    const operator = operatorOf(world, exact);
    if (operator === undefined || operator === call.by) return false;
    const [confirmed, claimed] = (['confirmed', 'claimed'] as const).map((by) =>
      areAffiliated(world, operator, call.by, time, by),
    );
    return !confirmed && claimed === true;
  });
  return { to: 'developed', facts, opens };
}

function graded({ world, input, was, time, before }: Deed): Left {
  const grading = {
    grade: rankOf(input.grade),
    decided: input.decision !== undefined,
    demanded: demandedOf(world, was).grade,
    at: time,
  };
  const to = before?.state === 'developed' ? 'graded' : (before?.state ?? '');
  return { to, facts: { ...was, gradings: [...(was.gradings ?? []), grading] } };
}

/** Nobody passes what it holds itself; that an affiliate of its holder does is on record. */
function byAnother({ world, call: { by }, was: { holder = '' }, time }: Deed): string[] {
  const isRelated = by !== holder && areAffiliated(world, by, holder, time, 'confirmed');
  return those({ 'decided-by-another': by === holder, '~decided-by-another': isRelated });
}

/** Products, from their making to the market. */
export const productActs: Readonly<Record<string, Act>> = {
  'product:develop': {
    who: byHolder,
    leaves: develop,
    broken: (deed, { facts }) => {
      const { world, call, input, time } = deed;
      const { authority = '', inputs = [], sources = [], purpose = '' } = facts;
      const use = { resources: sources.map(({ id }) => id), purpose, action: 'develop', at: time };
      return those({
        ...outsideAuthority(deed, authority, [call.by], use, inputs),
        'inputs-exact': !inputs.every((exact) => isUsable(world, exact)),
        'environment-named': input.environment === undefined,
        'developer-qualified': isUnqualified(world, facts),
        'product-obtained': !inputs.every((exact) => isObtained(world, exact, call.by)),
        'external-licensed': inputs.some((exact) => isUnlicensed(world, exact, call.by, time)),
        'operator-redevelops': inputs.some((exact) => operatorOf(world, exact) === call.by),
        '~operator-redevelops': inputs.some((exact) => {
          const operator = operatorOf(world, exact);
          return operator !== undefined && areAffiliated(world, operator, call.by, time, 'confirmed');
        }),
        '~registered': sources.some(({ id }) => !isRegistered(world, id, time)),
        '~agreement-filed': isUnfiled(world, authority, time),
      });
    },
  },
  'product:grade': {
    who: byHolder,
    from: ['developed'],
    leaves: graded,
    broken: ({ world }, { facts }) => those({ 'graded-down': isGradedDown(world, facts) }),
  },
  'product:regrade': {
    who: byHolder,
    from: ['graded', 'cleared', 'release-requested', 'returned', 'checked', 'released'],
    always: true,
    leaves: graded,
    broken: ({ world, call, input, was }, { facts }) => {
      const isLower = rankOf(input.grade) < (was.gradings?.at(-1)?.grade ?? 0);
      return those({ 'graded-down': isGradedDown(world, facts) || (isLower && isSuspended(world, call.by)) });
    },
  },
  'product:clear-export': {
    who: { 'implementing-agency': (was) => [was.agency], operator: (was) => [was.operator] },
    from: ['graded', 'cleared', 'returned', 'checked'],
    leaves: ({ input, was, time }) => ({
      to: 'cleared',
      facts: { ...was, cleared: time, anonymized: input.anonymization !== undefined },
    }),
    broken: (deed, { facts }) => [...those({ 'personal-leaves': isPersonal(deed.world, facts) }), ...byAnother(deed)],
  },
  'product:request-release': {
    who: byHolder,
    from: ['cleared', 'returned'],
    leaves: ({ was }) => ({ to: 'release-requested', facts: was }),
    broken: (deed) => {
      const { 'core-or-barred': _, ...rules } = outsideOwn(deed);
      return those(rules);
    },
  },
  'product:check': {
    who: {
      operator: (was) => [was.operator],
      'implementing-agency': (was) => (was.holder === was.operator ? [was.agency] : []),
    },
    from: ['release-requested'],
    broken: byAnother,
    leaves: ({ input, was, time }) => ({
      to: input.result === 'pass' ? 'checked' : 'returned',
      facts: { ...was, checked: time },
    }),
  },
  'product:release': {
    who: byHolder,
    from: ['cleared', 'checked'],
    leaves: ({ was, time }) => ({ to: 'released', facts: { ...was, released: time } }),
    broken: (deed) => {
      const { world, was, before } = deed;
      const raw = (was.inputs ?? []).some((exact) => {
        const input = exact.startsWith('resource/') ? world.version(exact)?.facts : undefined;
        return input !== undefined && (was.form === 'raw' || input.digest === was.digest);
      });
      return those({
        ...outsideOwn(deed),
        'release-checked': was.derived === true && before?.state !== 'checked',
        'raw-to-market': raw,
        'graded-down': isGradedDown(world, was),
        'personal-leaves': isPersonal(world, was),
      });
    },
  },
  'product:withdraw': {
    who: { ...byHolder, 'implementing-agency': (was) => [was.agency] },
    from: ['released'],
    always: true,
    leaves: ({ was, time }) => ({ to: 'withdrawn', facts: { ...was, withdrawn: time } }),
  },
};
