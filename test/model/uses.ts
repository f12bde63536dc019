// SPDX-License-Identifier: Apache-2.0
import { those, type Act, type Deed, type Left } from './act';
import { allows, holderOf, termsOf, walk } from './chain';
import { isGradedDown, isPersonal } from './grading';
import { isUnfiled } from './link-rules';
import { isBackfilled } from './periods';
import {
  isCoreProduct,
  isObtained,
  isRaw,
  isRedeveloped,
  isUsable,
  knownTo,
  outsideAuthority,
  sourcesOf,
  withCore,
} from './products';
import type { Facts } from './facts';
import type { World } from './world';

const recipient = (was: Facts) => [was.recipient];
const byRecipient = {
  developer: recipient,
  operator: recipient,
  department: recipient,
  supplier: recipient,
  platform: recipient,
};
const sender = (was: Facts) => [was.sender];
const user = (was: Facts) => [was.user];
export const byUser = { developer: user, operator: user, department: user, supplier: user, platform: user };

const thing = (exact: string): string => exact.replace(/@.*$/, '');
const idOf = (exact: string): string => exact.replace(/^product\/|@.*$/g, '');

/** Of an authority that none of them holds, nothing is told. */
export function isUnder(world: World, authority: string, actors: readonly string[]): boolean {
  return actors.includes(holderOf(world, authority) ?? '');
}

/** Where something done under an authority is: there, or if it is not one's own, where one is oneself. */
function placeOf(world: World, authority: string, actors: readonly string[]): string | undefined {
  const ref = isUnder(world, authority, actors) ? authority : `organization/${actors[0] ?? ''}`;
  return world.now(ref)?.facts.region;
}

/** What is delivered or used was released, at that version, at that time; before go-live nobody can tell but that there is it. */
function isReleased(world: World, exact: string, asOf?: string): boolean {
  const found = world.version(exact, asOf);
  return isBackfilled(asOf) ? found !== undefined : found?.state === 'released';
}

function used({ world, call, input }: Deed): Left {
  const { subject = '', authority = '', purpose = '', action = '', quantity = 1 } = input;
  const made = subject.startsWith('product/') ? knownTo(world, subject, call.by) : world.version(subject)?.facts;
  const { domain, domains = domain === undefined ? [] : [domain] } = made ?? {};
  const agency = isUnder(world, authority, [call.by]) ? world.now(authority)?.facts.agency : undefined;
  const place = { region: placeOf(world, authority, [call.by]), domains, ...(agency === undefined ? {} : { agency }) };
  return { to: '', facts: { ...place, user: call.by, subject, authority, purpose, action, quantity } };
}

export function useRules(deed: Deed, { facts }: Left): Readonly<Record<string, boolean>> {
  const { world, call, time, asOf } = deed;
  const { subject = '', authority = '', purpose = '', action = '' } = facts;
  const at = asOf ?? time;
  const use = { resources: sourcesOf(world, subject, call.by), purpose, action, at };
  return {
    ...withCore(
      outsideAuthority(deed, authority, [call.by], use, [subject], [thing(subject)]),
      isCoreProduct(world, subject, asOf),
    ),
    'within-quota': limits(deed, authority).some(({ ref, quota }) => {
      const more = uncounted(deed);
      return more > 0 && (world.taken.get(ref) ?? 0) + more > quota;
    }),
    'inputs-exact': subject.startsWith('resource/') && !isUsable(world, subject, asOf),
    'product-released': subject.startsWith('product/') && !isReleased(world, subject, asOf),
    'product-obtained': !isObtained(world, subject, call.by, asOf),
  };
}

/** Every quota on the way up from an authority of one's own: of another's, none is learnt or used up. */
function limits({ world, call, time, asOf }: Deed, authority: string): { ref: string; quota: number }[] {
  if (holderOf(world, authority) !== call.by) return [];
  return walk(world, authority, time, asOf).links.flatMap(({ ref, moment: { facts } }) =>
    facts.terms?.quota === undefined ? [] : [{ ref, quota: facts.terms.quota }],
  );
}

/** How many uses an authority has left; undefined where no quota binds it. */
export function quotaLeft(world: World, authority: string, time: string): number | undefined {
  const left = walk(world, authority, time).links.flatMap(({ ref, moment: { facts } }) =>
    facts.terms?.quota === undefined ? [] : [facts.terms.quota - (world.taken.get(ref) ?? 0)],
  );
  return left.length === 0 ? undefined : Math.min(...left);
}

/** How many of these uses no permit has counted yet. */
function uncounted({ input, was, before }: Deed): number {
  const permitted = before && was.authority === input.authority ? (was.quantity ?? 0) : 0;
  return Math.max(0, (input.quantity ?? 1) - permitted);
}

/**
 * What a use takes from each quota: all of it from a grant, which is its user's alone; from what others share no more than
 * the grant still allows, and nothing if it is outside the chain or does not fit.
 */
function countsOf(deed: Deed, { subject = '', authority = '', purpose = '', action = '' }: Facts): [string, number][] {
  const { world, call, time, asOf } = deed;
  const more = uncounted(deed);
  const left = ({ ref, quota }: { ref: string; quota: number }): number => quota - (world.taken.get(ref) ?? 0);
  const isOwn = ({ ref }: { ref: string }): boolean => ref.startsWith('grant/');
  const use = { resources: sourcesOf(world, subject, call.by), purpose, action, at: asOf ?? time };
  const { stands, links } = walk(world, authority, time, asOf, [thing(subject)]);
  const inside = links.every(({ moment: { facts } }) => {
    const terms = termsOf(facts);
    return terms === undefined || allows(world, terms, use);
  });
  const limited = limits(deed, authority);
  const allowed = stands && inside ? Math.min(more, ...limited.filter(isOwn).map((one) => Math.max(0, left(one)))) : 0;
  return limited
    .map((one): [string, number] => [one.ref, isOwn(one) ? more : allowed <= left(one) ? allowed : 0])
    .filter(([, count]) => count > 0);
}

export function counting(deed: Deed, to: string): Left {
  const { world, was } = deed;
  const { facts } = used(deed);
  const counts = countsOf(deed, facts);
  const counted: Record<string, number> = { ...was.counted };
  for (const [ref, count] of counts) counted[ref] = (counted[ref] ?? 0) + count;
  const then = (): void => {
    for (const [ref, count] of counts) world.taken.set(ref, (world.taken.get(ref) ?? 0) + count);
    const { subject = '' } = facts;
    const isKnown = subject.startsWith('product/') && knownTo(world, subject, deed.call.by) !== undefined;
    if (to === 'recorded' && isKnown) world.used.add(`${idOf(subject)}/${deed.call.by}`);
  };
  return { to, facts: { ...facts, counted }, then };
}

/** Delivery and use: the destinations. */
export const useActs: Readonly<Record<string, Act>> = {
  'delivery:deliver': {
    who: { operator: sender, developer: sender, department: sender, supplier: sender },
    report: true,
    anywhere: true,
    leaves: ({ world, call, input, ref, time, asOf }) => {
      const { product = '', to = '', authority = '', purpose = '' } = input;
      const at = asOf ?? time;
      const actors = knownTo(world, product, call.by)?.holder === call.by ? [call.by, to] : [call.by];
      const region = placeOf(world, authority, actors);
      const domains = knownTo(world, product, call.by)?.domains ?? [];
      const facts = { product, sender: call.by, recipient: to, authority, purpose, region, domains };
      const then = (): void => {
        if (world.version(product)?.facts.holder !== call.by) return;
        for (const key of [idOf(product), `${idOf(product)}/${to}`]) {
          world.delivered.set(key, [...(world.delivered.get(key) ?? []), { by: ref, at }]);
        }
      };
      return { to: 'delivered', facts, then };
    },
    broken: (deed, { facts }) => {
      const { world, call, time, asOf } = deed;
      const { product = '', recipient: to = '', authority = '', purpose = '' } = facts;
      const at = asOf ?? time;
      const made = knownTo(world, product, call.by);
      const actors = made?.holder === call.by ? [call.by, to] : [call.by];
      const use = { resources: sourcesOf(world, product, call.by), purpose, action: 'deliver', at };
      return those({
        ...withCore(
          outsideAuthority(deed, authority, actors, use, [product], [thing(product)]),
          isCoreProduct(world, product, asOf),
        ),
        'raw-to-market': made !== undefined && isRaw(world, made, asOf),
        'operator-redevelops': made?.holder === call.by && isRedeveloped(world, product, at),
        'product-released': !isReleased(world, product, asOf),
        'delivers-own': made?.holder !== call.by,
        'personal-delivered': made !== undefined && isPersonal(world, made, asOf),
        'graded-down': made !== undefined && isGradedDown(world, made, asOf),
        'agreement-filed': isUnder(world, authority, actors) && isUnfiled(world, authority, at),
      });
    },
  },
  'delivery:confirm': {
    who: byRecipient,
    from: ['delivered'],
    anywhere: true,
    always: true,
    leaves: ({ was }) => ({ to: 'confirmed', facts: was }),
  },
  'delivery:refuse': {
    who: byRecipient,
    from: ['delivered'],
    anywhere: true,
    always: true,
    leaves: ({ world, was, ref }) => {
      const id = idOf(was.product ?? '');
      const then = (): void => {
        for (const key of [id, `${id}/${was.recipient ?? ''}`]) {
          const others = world.delivered.get(key)?.filter(({ by }) => by !== ref);
          if (others) world.delivered.set(key, others);
        }
      };
      return { to: 'refused', facts: was, then };
    },
    broken: ({ world, was, ref }) => {
      const key = `${idOf(was.product ?? '')}/${was.recipient ?? ''}`;
      const hasOther = world.delivered.get(key)?.some(({ by }) => by !== ref) === true;
      return those({ 'used-not-refused': world.used.has(key) && !hasOther });
    },
  },
  'usage:request': {
    who: byUser,
    leaves: (deed) => counting(deed, 'permitted'),
    broken: (deed, left) =>
      those({
        ...useRules(deed, left),
        '~agreement-filed':
          isUnder(deed.world, left.facts.authority ?? '', [deed.call.by]) &&
          isUnfiled(deed.world, left.facts.authority ?? '', deed.time),
      }),
  },
  'usage:record': {
    who: byUser,
    report: true,
    anywhere: true,
    follows: ['permitted'],
    leaves: (deed) => counting(deed, 'recorded'),
    broken: (deed, left) => {
      const { before, was, asOf, time } = deed;
      const { facts } = left;
      const isEarlier = asOf !== undefined && asOf < time && asOf < (before?.at ?? '');
      const same = (['subject', 'authority', 'purpose', 'action'] as const).every((fact) => facts[fact] === was[fact]);
      return those({
        ...useRules(deed, left),
        'inside-permit': before !== undefined && (isEarlier || !same || (facts.quantity ?? 1) > (was.quantity ?? 1)),
        'agreement-filed':
          isUnder(deed.world, facts.authority ?? '', [deed.call.by]) &&
          isUnfiled(deed.world, facts.authority ?? '', asOf ?? time),
      });
    },
  },
  'usage:correct': {
    who: { 'implementing-agency': (was) => [was.agency] },
    from: ['recorded'],
    leaves: ({ world, input, was }) => {
      const before = was.corrections?.at(-1)?.counted ?? was.counted ?? {};
      const { quantity = 0 } = input;
      const counted = Object.fromEntries(
        Object.entries(before).flatMap(([ref, count]) => (quantity > 0 ? [[ref, Math.min(count, quantity)]] : [])),
      );
      const then = (): void => {
        for (const [ref, count] of Object.entries(before)) {
          world.taken.set(ref, Math.max(0, (world.taken.get(ref) ?? 0) - count + (counted[ref] ?? 0)));
        }
      };
      return {
        to: 'recorded',
        facts: { ...was, corrections: [...(was.corrections ?? []), { quantity, counted }] },
        then,
      };
    },
    broken: ({ call, input, was }) =>
      those({
        'correction-takes-back':
          call.by === was.user || (input.quantity ?? 0) >= (was.corrections?.at(-1)?.quantity ?? was.quantity ?? 0),
      }),
  },
};
