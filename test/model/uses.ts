// SPDX-License-Identifier: Apache-2.0
import { those, type Act, type Deed, type Left } from './act';
import { holderOf, walk } from './chain';
import { isGradedDown, isPersonal } from './grading';
import { isUnfiled } from './link-rules';
import { isBackfilled } from './periods';
import { isObtained, isUsable, knownTo, outsideAuthority, sourcesOf } from './products';
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
  const place = { region: placeOf(world, authority, [call.by]), domains };
  return { to: '', facts: { ...place, user: call.by, subject, authority, purpose, action, quantity } };
}

export function useRules(deed: Deed, { facts }: Left): Readonly<Record<string, boolean>> {
  const { world, call, time, asOf } = deed;
  const { subject = '', authority = '', purpose = '', action = '' } = facts;
  const at = asOf ?? time;
  const use = { resources: sourcesOf(world, subject, call.by), purpose, action, at };
  return {
    ...outsideAuthority(deed, authority, [call.by], use, [subject], [thing(subject)]),
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

export function counting(deed: Deed, to: string): Left {
  const { facts } = used(deed);
  const more = uncounted(deed);
  const then = (): void => {
    for (const { ref } of limits(deed, facts.authority ?? '')) {
      deed.world.taken.set(ref, (deed.world.taken.get(ref) ?? 0) + more);
    }
  };
  return { to, facts, then };
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
      const facts = { product, sender: call.by, recipient: to, authority, purpose, region };
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
        ...outsideAuthority(deed, authority, actors, use, [product], [thing(product)]),
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
      const same = (['subject', 'authority', 'purpose', 'action'] as const).every((fact) => facts[fact] === was[fact]);
      return those({
        ...useRules(deed, left),
        'inside-permit': before !== undefined && (!same || (facts.quantity ?? 1) > (was.quantity ?? 1)),
        'agreement-filed':
          isUnder(deed.world, facts.authority ?? '', [deed.call.by]) &&
          isUnfiled(deed.world, facts.authority ?? '', asOf ?? time),
      });
    },
  },
};
