// SPDX-License-Identifier: Apache-2.0
import { those, type Act, type Deed, type Left } from './act';
import { allows, holderOf, termsOf, walk, type Use } from './chain';
import { areAffiliated } from './controls';
import { isUnlicensed } from './external-inputs';
import { isUnfiled, isUnqualified } from './link-rules';
import { demandedOf, isCore, isGradedDown, isPersonal, takenFrom } from './grading';
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

/** The operator that a product came about under. */
function operatorOf(world: World, exact: string): string | undefined {
  return exact.startsWith('product/') ? world.version(exact)?.facts.operator : undefined;
}

const idOf = (exact: string): string => exact.replace(/^product\/|@.*$/g, '');

/** What a product is developed from: its inputs, and what those come from that another holds. */
function developedFrom(world: World, inputs: readonly string[], by: string): readonly string[] {
  return inputs.flatMap((exact) => {
    const made = exact.startsWith('product/') ? world.version(exact)?.facts : undefined;
    const beyond = made && made.holder !== by ? (made.through ?? []).map(({ id }) => `product/${id}@1`) : [];
    return [exact, ...beyond];
  });
}

/** Which of the inputs were delivered, to anyone, before the product was made of them: by its operator, or an affiliate. */
function redevelopment(world: World, { inputs = [], holder: by = '' }: Facts, time: string, madeAt?: string) {
  const operators = developedFrom(world, inputs, by).flatMap((exact) => {
    const delivered = world.delivered.get(idOf(exact)) ?? [];
    const isBefore = delivered.some(({ at }) => madeAt === undefined || at <= madeAt);
    return isBefore ? (operatorOf(world, exact) ?? []) : [];
  });
  return {
    'operator-redevelops': operators.includes(by),
    '~operator-redevelops': operators.some((one) => areAffiliated(world, one, by, madeAt ?? time, 'confirmed')),
  };
}

/** A delivery from before its product was developed further by the operator, or an affiliate. */
export function isRedeveloped(world: World, exact: string, at: string): boolean {
  const operator = operatorOf(world, exact) ?? '';
  return [...(world.redeveloped.get(idOf(exact)) ?? [])].some(
    ([by, last]) => at <= last && (by === operator || areAffiliated(world, operator, by, last, 'confirmed')),
  );
}

/** It is, or is offered as, a resource as it was used or is, which nobody opens in this model. */
export function isRaw(world: World, { inputs = [], sources = [], form, digest }: Facts, asOf?: string): boolean {
  const direct = inputs.filter((exact) => exact.startsWith('resource/'));
  const used = direct.map((exact) => exact.replace(/^resource\/|@.*$/g, ''));
  const others = sources
    .filter(({ id }) => !used.includes(id))
    .map(({ id }) => (asOf === undefined ? world.now(`resource/${id}`) : world.then(`resource/${id}`, asOf)));
  return [...direct.map((exact) => world.version(exact)), ...others].some(
    (input) => input !== undefined && (form === 'raw' || input.facts.digest === digest),
  );
}

/** The released product that is delivered or used counts as core data. */
export function isCoreProduct(world: World, exact: string, asOf?: string): boolean {
  const made = exact.startsWith('product/') ? world.version(exact, asOf) : undefined;
  return made?.state === 'released' && isCore(world, made.facts, asOf);
}

/** Rules on a product under the authority that it was made under, as that is now. */
function outsideOwn(deed: Deed): Readonly<Record<string, boolean>> {
  const { holder: by, authority = '', sources = [], purpose = '' } = deed.was;
  const use = { resources: sources.map(({ id }) => id), purpose, action: 'develop', at: deed.time };
  return outsideAuthority(deed, authority, by === undefined ? [] : [by], use, deed.was.inputs ?? [], [deed.ref]);
}

/** Rules on the grade of a product at each step to the market. */
function graveness(world: World, facts: Facts): Readonly<Record<string, boolean>> {
  const ids = facts.sources?.map(({ id }) => id) ?? [];
  return {
    'core-or-barred': anyUnshareable(world, ids) || isCore(world, facts),
    'graded-down': isGradedDown(world, facts),
  };
}

/** Rules on a use, with that on core data broken by a product too. */
export function withCore(rules: Readonly<Record<string, boolean>>, core: boolean): Readonly<Record<string, boolean>> {
  return { ...rules, 'core-or-barred': rules['core-or-barred'] === true || core };
}

function develop({ world, call, input, time }: Deed): Left | 'NOT_FOUND' {
  const { authority = '', purpose, form, digest } = input;
  const under = world.now(authority)?.facts;
  if (!under) return 'NOT_FOUND';
  const inputs = [...new Set(input.inputs)].sort();
  const derived = authority.startsWith('grant/');
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
  const from = developedFrom(world, inputs, call.by);
  const opens = from.some((exact) => {
    const isHanded = (world.delivered.get(idOf(exact)) ?? []).length > 0;
    const operator = isHanded ? operatorOf(world, exact) : undefined;
    if (operator === undefined || operator === call.by) return false;
    const [confirmed, claimed] = (['confirmed', 'claimed'] as const).map((by) =>
      areAffiliated(world, operator, call.by, time, by),
    );
    return !confirmed && claimed === true;
  });
  const then = (): void => {
    for (const exact of inputs.filter((one) => one.startsWith('product/'))) {
      world.used.add(`${idOf(exact)}/${call.by}`);
    }
    for (const exact of from.filter((one) => one.startsWith('product/'))) {
      const operator = operatorOf(world, exact) ?? '';
      if (operator !== call.by && !areAffiliated(world, operator, call.by, time, 'confirmed')) continue;
      world.redeveloped.set(idOf(exact), new Map([...(world.redeveloped.get(idOf(exact)) ?? []), [call.by, time]]));
    }
  };
  const acting = (): void => {
    then();
    if (facts.developer === undefined) return;
    world.accepted.set(`${call.by}/${facts.agency ?? ''}/developer`, time);
  };
  return { to: 'developed', facts, opens, then: acting };
}

function graded({ world, input, was, time, before }: Deed): Left {
  const grading = {
    grade: rankOf(input.grade),
    decided: input.decision !== undefined,
    demanded: demandedOf(world, was).grade,
    at: time,
  };
  const isLower = grading.grade < (was.gradings?.at(-1)?.grade ?? 0);
  const next: Readonly<Record<string, string>> = {
    developed: 'graded',
    checked: 'returned',
    ...(isLower ? { cleared: 'graded' } : {}),
  };
  const to = next[before?.state ?? ''] ?? before?.state ?? '';
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
        ...withCore(outsideAuthority(deed, authority, [call.by], use, inputs), isCore(world, facts)),
        'inputs-exact': !inputs.every((exact) => isUsable(world, exact)),
        'environment-named': input.environment === undefined,
        'developer-qualified': isUnqualified(world, facts),
        'product-obtained': !inputs.every((exact) => isObtained(world, exact, call.by)),
        'external-licensed': inputs.some((exact) => isUnlicensed(world, exact, call.by, time)),
        ...redevelopment(world, facts, time),
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
    broken: ({ world, call, input, was, before }, { facts }) => {
      const isLower = rankOf(input.grade) < (was.gradings?.at(-1)?.grade ?? 0);
      const isUndecided = isLower && before?.state === 'released' && input.decision === undefined;
      const isBySuspended = isLower && isSuspended(world, call.by);
      return those({ 'graded-down': isGradedDown(world, facts) || isUndecided || isBySuspended });
    },
  },
  'product:clear-export': {
    who: { 'implementing-agency': (was) => [was.agency], operator: (was) => [was.operator] },
    from: ['graded', 'cleared', 'returned', 'checked'],
    leaves: ({ input, was, time }) => ({
      to: 'cleared',
      facts: { ...was, cleared: time, anonymized: input.anonymization !== undefined },
    }),
    broken: (deed, { facts }) => [
      ...those({ 'personal-leaves': isPersonal(deed.world, facts), ...graveness(deed.world, facts) }),
      ...byAnother(deed),
    ],
  },
  'product:request-release': {
    who: byHolder,
    from: ['cleared', 'returned'],
    leaves: ({ was }) => ({ to: 'release-requested', facts: was }),
    broken: (deed) => those({ ...outsideOwn(deed), ...graveness(deed.world, deed.was) }),
  },
  'product:check': {
    who: {
      operator: (was) => [was.operator],
      'implementing-agency': (was) => (was.holder === was.operator ? [was.agency] : []),
    },
    from: ['release-requested'],
    leaves: ({ input, was, time }) => ({
      to: input.result === 'pass' ? 'checked' : 'returned',
      facts: { ...was, checked: time },
    }),
    broken: (deed) => [
      ...(deed.input.result === 'pass' ? those(graveness(deed.world, deed.was)) : []),
      ...byAnother(deed),
    ],
  },
  'product:release': {
    who: byHolder,
    from: ['cleared', 'checked'],
    leaves: ({ was, time }) => ({ to: 'released', facts: { ...was, released: time } }),
    broken: (deed) => {
      const { world, was, before, ref, time } = deed;
      return those({
        ...outsideOwn(deed),
        ...graveness(world, was),
        ...redevelopment(world, was, time, world.version(`${ref}@1`)?.since),
        'release-checked': was.derived === true && before?.state !== 'checked',
        'raw-to-market': isRaw(world, was),
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
