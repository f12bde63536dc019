// SPDX-License-Identifier: Apache-2.0
import type { ActContext, Reader } from '../kind/act.js';
import type { Message } from '../messages/template.js';
import { kindNamed, type Exercise } from '../kind/kind.js';
import { parseRef, type LedgerRecord } from '../kind/record.js';
import { resource } from '../records/resource/resource.js';
import { breach, defineRule, recorded, type Breach } from '../kind/rule.js';
import { unlistedOf } from './since-judged.js';
import { actionChoice, outside, widerThan, type Terms } from '../kind/terms.js';
import { sortedSet } from '../vocabulary/vocabulary.js';

/**
 * Plan, agreement, grant and whatever else stands above were in force at the time; and nothing of what a released product
 * rests on that is delivered, used or made into another was cut. That a term is over cuts no product released in it.
 */
export const chainStands = defineRule<Taking>('chain-stands', async (context) => {
  const exercise = await exerciseOf(context);
  const { authority } = exercise;
  const { broken } = await context.standing(authority, restingOf(context));
  if (await ofAnother(context, exercise)) return [noneOfTheirs(exercise)];
  if (broken) return [breach('chain-broken', { why: whyOf(broken) })];
  const { product, subject, inputs = [] } = context.body;
  for (const ref of [product, subject, ...inputs]) {
    if (ref?.startsWith('product/') && (await restsOnCut(context, ref, authority))) {
      return [breach('product-cut', { ref })];
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
  for (const { ref, terms } of chain) {
    if (!terms) continue;
    found.push(...outside(use, terms, ref));
  }
  for (const catalogue of await cataloguesOf(authority, context)) {
    const made = { id: exercise.product, sources: use.resources.map(({ id }) => id) };
    for (const id of await unlistedOf(made, catalogue, context, context)) {
      found.push(breach('not-in-catalogue', { resource: id, catalogue }));
    }
  }
  return found;
});

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
    found.push(...widerThan(body.terms, above, { parent, domainOf: (id) => domains.get(id) }));
  }
  return found;
});

/**
 * What is made under a plan or an agreement is developed and delivered, and under a grant delivered unless it is for its
 * developer's own use: a link that names actions and leaves these out is made, and says so on record.
 */
export const actionsSuffice = defineRule<LinkBody>('actions-suffice', ({ body: { terms }, ref }) => {
  const needed = ref.startsWith('grant/') ? ['deliver'] : ['develop', 'deliver'];
  const missing = needed.filter((one) => terms.actions?.includes(one) === false).map(actionChoice);
  return missing.length === 0 ? [] : [recorded('actions-left-out', { missing })];
});

/** A link is made on standing parents only; their term may be yet to begin, since terms are held to terms and use waits. */
export const parentsStand = defineRule('parents-stand', async (context) => {
  for (const parent of kindNamed(parseRef(context.ref).kind)?.parents?.(context.body) ?? []) {
    const { over } = await context.standing(parent);
    if (over) return [breach('parent-not-standing', { why: whyOf(over), parent })];
  }
  return [];
});

/** The catalogues that the links of an authority's chain name. */
export async function cataloguesOf(authority: string, { standing }: Pick<Reader, 'standing'>): Promise<string[]> {
  const { chain } = await standing(authority);
  return sortedSet(chain.flatMap(({ terms }) => terms?.catalogue ?? []));
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

/** Why a link does not stand, as a message inside another. */
export function whyOf({ code, params }: Message): Message {
  return { code, params };
}

/** What an act does under its authority; undefined of one whose kind does nothing under one. */
export async function exercised(context: ActContext<unknown, unknown>): Promise<Exercise | undefined> {
  const { kind, id } = parseRef(context.ref);
  const exercise = await kindNamed(kind)?.exercise?.(context.body, context, context.occurredAt);
  return exercise && kind === 'product' ? { ...exercise, product: id } : exercise;
}

/** What the act does under its authority. Throws if its kind does nothing under one. */
export async function exerciseOf(context: ActContext<unknown, unknown>): Promise<Exercise> {
  const exercise = await exercised(context);
  if (!exercise) throw new Error(`${context.ref} exercises no authority: its kind lacks \`exercise\``);
  return exercise;
}

/** One breach for an authority that others hold and for none: which of the two it is is not theirs to learn. */
function noneOfTheirs({ authority, actors }: Exercise): Breach {
  return breach('not-their-authority', { authority, actors });
}

/** Whether none of those who exercise the authority holds it: others do, or it is not there. */
export async function ofAnother(
  { find }: Pick<Reader, 'find'>,
  { authority, actors }: Pick<Exercise, 'authority' | 'actors'>,
): Promise<boolean> {
  const link = kindNamed(parseRef(authority).kind);
  const record = link && (await find(link, authority));
  const holder = record && link.holder?.(record.body);
  return holder === undefined || !actors.includes(holder);
}

/** The domains of resources, by id; of those that there are. */
export async function domainsOf(reader: Pick<Reader, 'find'>, ids: readonly string[]): Promise<Map<string, string>> {
  const records: (LedgerRecord<{ domain: string }> | undefined)[] = [];
  for (const id of ids) records.push(await reader.find(resource, id));
  return new Map(records.flatMap((record) => (record ? [[record.id, record.body.domain] as const] : [])));
}
