// SPDX-License-Identifier: Apache-2.0
import { those, type Act, type Deed, type Left } from './act';
import { isWithin } from './reach';
import { isRegistered } from './registrations';
import { anyUnshareable } from './resources';
import type { Facts } from './facts';
import type { World } from './world';

const agency = (was: Facts) => [was.agency];

/** What is in a catalogue: the resources as they are now. */
function entered(world: World, ids: readonly string[]): Pick<Facts, 'entries' | 'versions'> {
  return {
    entries: ids,
    versions: Object.fromEntries(ids.map((id) => [id, world.now(`resource/${id}`)?.version ?? 0])),
  };
}

/** A published catalogue with what a draft adds and without what that drops; what was told of its entries is past. */
function revised(world: World, { noted: _, ...was }: Facts, draft: Facts): Facts {
  const kept = (was.entries ?? []).filter((id) => !draft.drop?.includes(id));
  const entries = [...new Set([...kept, ...(draft.entries ?? [])])].sort();
  const all = { ...was.versions, ...draft.versions };
  const providers = entries.flatMap((id) => world.now(`resource/${id}`)?.facts.provider ?? []);
  return { ...was, entries, providers, versions: Object.fromEntries(entries.map((id) => [id, all[id] ?? 0])) };
}

/** The published records that a catalogue consists of: itself, and its sections. */
function partsOf(world: World, whole: string): readonly { readonly id: string; readonly facts: Facts }[] {
  return world.all('catalogue').flatMap(({ ref, now: { state, facts } }) => {
    const id = ref.replace('catalogue/', '');
    return state === 'published' && (facts.partOf ?? id) === whole ? [{ id, facts }] : [];
  });
}

/** Which section a record is, or drafts, and of which catalogue. */
function placeOf(id: string, { of, partOf }: Facts): { readonly own: string; readonly whole: string } {
  const own = of?.replace(/^catalogue\/|@.*$/g, '') ?? id;
  return { own, whole: partOf ?? own };
}

/** Rules on sections: of a catalogue of one's own, and with no entry of another. */
function sectionRules({ world, call }: Deed, { facts }: Left): string[] {
  const { entries = [], partOf, agency: by, region = '' } = facts;
  const { own, whole } = placeOf(call.id, facts);
  const named = world.now(`catalogue/${partOf ?? ''}`);
  const isFit =
    named?.state === 'published' &&
    named.facts.agency === by &&
    named.facts.partOf === undefined &&
    isWithin(region, named.facts.region ?? '');
  const others = partsOf(world, whole).filter(({ id }) => id !== own);
  return those({
    'section-of-catalogue': partOf !== undefined && !isFit,
    'entered-once': others.some((one) => entries.some((id) => one.facts.entries?.includes(id))),
  });
}

/** The catalogue that a section is of, once that is as `facts` say. */
function intoWhole(world: World, { own, whole }: ReturnType<typeof placeOf>, facts: Facts) {
  const now = world.now(`catalogue/${whole}`);
  if (own === whole || !now) return [];
  const others = partsOf(world, whole).filter(({ id }) => id !== own && id !== whole);
  const sections = JSON.stringify(
    [...others, { id: own, facts }].map((one) => `${one.id} ${JSON.stringify(one.facts.versions)}`).sort(),
  );
  return [{ ref: `catalogue/${whole}`, state: 'published', facts: { ...now.facts, sections } }];
}

function entryRules(world: World, { entries = [], region = '' }: Facts): string[] {
  const isEnterable = (id: string): boolean => {
    const found = world.now(`resource/${id}`);
    return found?.state === 'graded' && isWithin(found.facts.region ?? '', region);
  };
  return those({
    'entries-graded': !entries.every(isEnterable),
    'core-or-barred': anyUnshareable(world, entries),
  });
}

/** A draft revises its agency's own published catalogue as that is now, and drops what that has. */
function isStale(world: World, { of = '', agency: by, drop = [], entries = [] }: Facts): boolean {
  const [ref = '', version] = of.split('@');
  const now = world.now(ref);
  return (
    now?.state !== 'published' ||
    now.facts.agency !== by ||
    now.version !== Number(version) ||
    (now.facts.sections !== undefined && entries.length > 0) ||
    drop.some((id) => !now.facts.entries?.includes(id))
  );
}

const broken = ({ world }: Deed, { facts }: Left): string[] => entryRules(world, facts);

/** Catalogues and their revisions. */
export const catalogueActs: Readonly<Record<string, Act>> = {
  'catalogue:open': {
    who: { 'implementing-agency': agency },
    leaves: ({ call, input }) => ({
      to: 'published',
      facts: { agency: call.by, region: input.region, entries: [], providers: [], sections: '[]' },
    }),
  },
  'catalogue:compile': {
    who: { 'implementing-agency': agency },
    leaves: ({ world, call, input }) => {
      const entries = [...new Set(input.resources)].sort();
      const providers = entries.map((id) => world.now(`resource/${id}`)?.facts.provider);
      return providers.every((one) => one !== undefined)
        ? {
            to: 'compiled',
            facts: {
              agency: call.by,
              region: input.region,
              partOf: input.partOf,
              ...entered(world, entries),
              providers,
              confirmed: [],
            },
          }
        : 'NOT_FOUND';
    },
    broken: (deed, left) => [...broken(deed, left), ...sectionRules(deed, left)],
  },
  'catalogue:confirm': {
    who: { department: (was) => was.providers ?? [], supplier: (was) => was.providers ?? [] },
    from: ['compiled'],
    leaves: ({ call, was }) => ({
      to: 'compiled',
      facts: { ...was, confirmed: [...(was.confirmed ?? []), call.by] },
      beside: {
        ref: `confirmation/${call.id}.${call.by}`,
        state: 'given',
        facts: { agency: was.agency, region: was.region },
      },
    }),
  },
  'catalogue:revise': {
    who: { 'implementing-agency': agency },
    malformed: ({ add = [], drop = [] }) => add.length + drop.length === 0,
    leaves: ({ world, call, input }) => {
      const { of = '', add = [], drop = [] } = input;
      const entries = [...new Set(add)].sort();
      const providers = entries.flatMap((id) => world.now(`resource/${id}`)?.facts.provider ?? []);
      const revising = world.version(of);
      if (!revising || providers.length < entries.length) return 'NOT_FOUND';
      return {
        to: 'compiled',
        facts: {
          agency: call.by,
          region: revising.facts.region,
          partOf: revising.facts.partOf,
          of,
          drop,
          ...entered(world, entries),
          providers,
          confirmed: [],
        },
      };
    },
    broken: (deed, left) => [
      ...broken(deed, left),
      ...sectionRules(deed, left).filter((rule) => rule === 'entered-once'),
      ...those({ 'revises-current': isStale(deed.world, left.facts) }),
    ],
  },
  'catalogue:publish': {
    who: { 'implementing-agency': agency },
    from: ['compiled'],
    leaves: ({ world, call, was, time }) => {
      const { of } = was;
      const place = placeOf(call.id, was);
      const ref = `catalogue/${place.own}`;
      const facts = of === undefined ? was : revised(world, world.now(ref)?.facts ?? {}, was);
      const whole = intoWhole(world, place, facts);
      const then = (): void => {
        const entries = partsOf(world, place.whole).flatMap((one) => one.facts.entries ?? []);
        world.list(`catalogue/${place.whole}`, entries, time);
      };
      if (of === undefined) return { to: 'published', facts, changes: whole, then };
      const change = {
        ref,
        state: 'published',
        facts,
        malformed: facts.entries?.length === 0 && facts.sections === undefined,
      };
      return { to: 'merged', facts: was, changes: [{ ...change, broken: entryRules(world, facts) }, ...whole], then };
    },
    broken: (deed, left) => [
      ...broken(deed, left),
      ...sectionRules(deed, left),
      ...those({
        'revises-current': deed.was.of !== undefined && isStale(deed.world, deed.was),
        'catalogue-confirmed': (deed.was.providers ?? []).some((one) => !deed.was.confirmed?.includes(one)),
        '~registered': (deed.was.entries ?? []).some((id) => !isRegistered(deed.world, id, deed.time)),
      }),
    ],
  },
};
