// SPDX-License-Identifier: Apache-2.0
import type { ActContext, Mark, Reader } from './act.js';
import { kindNamed, type Exercise } from './kind.js';
import { parseRef, type LedgerRecord } from './record.js';
import { resource, type ResourceBody } from './records/resource.js';
import { breach, defineRule, type Breach } from './rule.js';
import { holds, spansOf, type Span } from './spans.js';
import { outside, widerThan, type Terms } from './terms.js';

/** Mark on a resource that was entered in published catalogues. */
export const LISTED = 'listed';
/** In which catalogues, by id, and when. */
export type Listed = Readonly<Record<string, { readonly spans: readonly Span[] }>>;
/** Mark that counts the uses taken from a link's quota. */
const TALLY = 'tally';

/**
 * Plan, agreement, grant and whatever else stands above were in force at the time; and nothing of what a released product
 * rests on that is delivered, used or made into another was cut. That a term is over cuts no product released in it.
 */
export const chainStands = defineRule<Taking>('chain-stands', async (context) => {
  const exercise = await exerciseOf(context);
  const { authority } = exercise;
  const { broken } = await context.standing(authority, restingOf(context));
  if (await ofAnother(context, exercise)) return [noneOfTheirs(exercise)];
  if (broken) return [breach(broken.why, 'act once the whole chain is in force')];
  const { product, subject, inputs = [] } = context.body;
  for (const ref of [product, subject, ...inputs]) {
    if (ref?.startsWith('product/') && (await restsOnCut(context, ref, authority))) {
      return [breach(`what ${ref} rests on was cut`, 'take a product whose own authority stands')];
    }
  }
  return [];
});

/** What names products that it takes, at exact versions. */
interface Taking {
  readonly product?: string;
  readonly subject?: string;
  readonly inputs?: readonly string[];
}

/** Used by the chain's holder, inside every link's resources, purposes, actions and term. */
export const withinChain = defineRule('within-chain', async (context) => {
  const exercise = await exerciseOf(context);
  const { authority, use } = exercise;
  const { chain } = await context.standing(authority);
  if (await ofAnother(context, exercise)) return [noneOfTheirs(exercise)]; // its terms are not theirs to learn
  const found: Breach[] = [];
  const catalogues = new Set<string>();
  for (const { ref, terms } of chain) {
    if (!terms) continue;
    catalogues.add(terms.catalogue);
    found.push(
      ...outside(use, terms).map((message) =>
        breach(`${ref}: ${message}`, 'stay inside the authorization, or have it amended'),
      ),
    );
  }
  for (const catalogue of catalogues) {
    for (const { id } of use.resources) {
      if (!(await listed(context, catalogue, id))) {
        found.push(
          breach(`resource ${id} is not in catalogue ${catalogue} in force`, 'use what the published catalogue lists'),
        );
      }
    }
  }
  return found;
});

/** Within the number of uses that each link allows, beside what a permit of the record has counted already. */
export const withinQuota = defineRule('within-quota', async (context) => {
  const exercise = await uncounted(await exerciseOf(context), context);
  const found: Breach[] = [];
  for (const { ref, quota, taken } of await quotas(context, exercise)) {
    if (exercise.quantity > 0 && taken + exercise.quantity > quota) {
      found.push(
        breach(
          `${ref}: ${taken} of ${quota} uses are taken, ${exercise.quantity} more asked`,
          'ask for a larger quota',
        ),
      );
    }
  }
  return found;
});

/** The marks that count a use against every quota of its chain; none where no link sets one, or it is another's chain. */
export async function tally(reader: Reader, exercise: Exercise): Promise<Mark[]> {
  if (exercise.quantity === 0) return [];
  const limited = await quotas(reader, exercise);
  return limited.map(({ ref, taken }) => ({ name: TALLY, key: ref, value: taken + exercise.quantity }));
}

/** What an exercise takes that the permit on the same record has not counted, under the authority it was given under. */
export async function uncounted(exercise: Exercise, context: Permitted): Promise<Exercise> {
  const { record, ref, occurredAt } = context;
  const permit = record && (await kindNamed(parseRef(ref).kind)?.exercise?.(record.body, context, occurredAt));
  const counted = permit?.authority === exercise.authority ? permit.quantity : 0;
  return { ...exercise, quantity: Math.max(0, exercise.quantity - counted) };
}

type Permitted = Reader & Pick<ActContext<unknown, unknown>, 'record' | 'ref' | 'occurredAt'>;

/** A link of the authority chain, as the rules on links see it. */
interface LinkBody {
  readonly terms: Terms;
}

/** No link is wider than the ones it rests on. */
export const notWider = defineRule<LinkBody>('not-wider', async (context) => {
  const { body } = context;
  const found: Breach[] = [];
  const domains = await domainsOf(context, body.terms.resources ?? []);
  for (const parent of kindNamed(parseRef(context.ref).kind)?.parents?.(body) ?? []) {
    const kind = kindNamed(parseRef(parent).kind);
    const record = kind?.terms && (await context.find(kind, parent));
    const above = record && kind.terms?.(record.body);
    if (!above) continue;
    const wider = widerThan(body.terms, above, (id) => domains.get(id));
    found.push(...wider.map((message) => breach(`wider than ${parent}: ${message}`, `narrow it to ${parent}`)));
  }
  return found;
});

/** A link is made on standing parents only. */
export const parentsStand = defineRule('parents-stand', async (context) => {
  for (const parent of kindNamed(parseRef(context.ref).kind)?.parents?.(context.body) ?? []) {
    const { broken } = await context.standing(parent);
    if (broken) return [breach(broken.why, `wait until ${parent} stands`)];
  }
  return [];
});

/** Why a resource may be in no catalogue and no scope as it stands; undefined if it may. */
export function unshareable({ grade, sharing }: ResourceBody): string | undefined {
  if (grade?.class === 'core') return 'is core data';
  return sharing?.type === 'barred' ? 'is barred from sharing' : undefined;
}

/**
 * Core data, and data legally barred from sharing, are in no catalogue and no scope: neither entered nor named, nor in what
 * is made, released, delivered or used. Judged by the resource as it is now, whichever version that comes from.
 */
export const shareable = defineRule<Naming>('core-or-barred', async (context) => {
  const found: Breach[] = [];
  for (const id of await resourcesOf(context)) {
    const record = await context.current(resource, id);
    const why = record && unshareable(record.body);
    if (!record) found.push(breach(`resource ${id} does not exist`, 'anchor it first'));
    else if (why !== undefined) found.push(breach(`resource ${id} ${why}`, 'leave it out'));
  }
  return found;
});

/** What is about resources: a link by its terms, a catalogue by its entries, anything else by what it does under an authority. */
interface Naming {
  readonly authority?: string;
  readonly terms?: Terms;
  readonly entries?: readonly { readonly resource: string }[];
}

/** Ids of the resources that an act is about: what it exercises its authority on, or names. */
async function resourcesOf(context: ActContext<Naming, unknown>): Promise<readonly string[]> {
  const { body, ref, occurredAt } = context;
  const exercise = await kindNamed(parseRef(ref).kind)?.exercise?.(body, context, occurredAt);
  if (exercise) return exercise.use.resources.map(({ id }) => id);
  return body.entries?.map((entry) => entry.resource) ?? body.terms?.resources ?? [];
}

/** What the act is about, as far as a wind-down can name it: the record itself, and what it rests on. */
export function restingOf({ ref, body }: ActContext<unknown, unknown>): string[] {
  const parents = kindNamed(parseRef(ref).kind)?.parents?.(body) ?? [];
  return [ref, ...parents.map((parent) => parent.replace(/@.*/, ''))];
}

/** Whether a released product rests on another authority than the one judged already, and that was cut. */
async function restsOnCut(context: ActContext<unknown, unknown>, ref: string, judged: string): Promise<boolean> {
  const { kind: name, id } = parseRef(ref);
  const kind = kindNamed(name);
  const record = kind && (await context.find(kind, ref));
  if (!record || context.moment(record)?.state !== 'released') return false; // told by the rules on what is taken
  const resting = [...restingOf(context), `${name}/${id}`];
  for (const parent of kind.parents?.(record.body) ?? []) {
    if (parent !== judged && (await context.standing(parent, resting)).cut) return true;
  }
  return false;
}

/** What the act does under its authority. Throws if its kind does nothing under one. */
export async function exerciseOf(context: ActContext<unknown, unknown>): Promise<Exercise> {
  const exercise = await kindNamed(parseRef(context.ref).kind)?.exercise?.(context.body, context, context.occurredAt);
  if (!exercise) throw new Error(`${context.ref} exercises no authority: its kind lacks \`exercise\``);
  return exercise;
}

async function listed(context: ActContext<unknown, unknown>, catalogue: string, id: string): Promise<boolean> {
  const mark = (await context.marked(LISTED, id)) as Listed | undefined;
  return holds(mark && Object.hasOwn(mark, catalogue) ? spansOf(mark[catalogue]) : [], context);
}

/** One breach for an authority that others hold and for none: which of the two it is is not theirs to learn. */
function noneOfTheirs({ authority, actors }: Exercise): Breach {
  return breach(`${authority} is no authority of ${actors.join(' or ')}`, 'act under an authority of your own');
}

/** Whether none of those who exercise the authority holds it: others do, or it is not there. */
export async function ofAnother({ find }: Reader, { authority, actors }: Exercise): Promise<boolean> {
  const link = kindNamed(parseRef(authority).kind);
  const record = link && (await find(link, authority));
  const holder = record && link.holder?.(record.body);
  return holder === undefined || !actors.includes(holder);
}

/** The quotas of its chain; none of another's, which a false report must neither use up nor learn. */
async function quotas(reader: Reader, exercise: Exercise): Promise<{ ref: string; quota: number; taken: number }[]> {
  const found: { ref: string; quota: number; taken: number }[] = [];
  if (await ofAnother(reader, exercise)) return found;
  const { chain } = await reader.standing(exercise.authority);
  for (const { ref, terms } of chain) {
    if (terms?.quota === undefined) continue;
    found.push({ ref, quota: terms.quota, taken: Number((await reader.marked(TALLY, ref)) ?? 0) });
  }
  return found;
}

/** The domains of resources, by id; of those that there are. */
export async function domainsOf(reader: Pick<Reader, 'find'>, ids: readonly string[]): Promise<Map<string, string>> {
  const records: (LedgerRecord<{ domain: string }> | undefined)[] = [];
  for (const id of ids) records.push(await reader.find(resource, id));
  return new Map(records.flatMap((record) => (record ? [[record.id, record.body.domain] as const] : [])));
}
