// SPDX-License-Identifier: Apache-2.0
import type { Mark, Reader } from '../kind/act.js';
import { parseRef, type LedgerRecord } from '../kind/record.js';
import type { ExternalInputBody } from '../records/external-input/external-input.js';
import { kindNamed } from '../kind/kind.js';
import { isProduct, type Grading, type ProductBody } from '../records/product/body.js';
import { resource, type ResourceBody } from '../records/resource/resource.js';
import { facesOf, judgedMarks } from './since-judged.js';
import { gradeRank, highestGrade, sortedSet, type Grade } from '../vocabulary/vocabulary.js';

/** An exact version that a product is made from. */
export type Input = LedgerRecord<ResourceBody> | LedgerRecord<ProductBody> | LedgerRecord<ExternalInputBody>;

type Current = Pick<Reader, 'current' | 'marked'>;
/** A product with its id; without one yet while it is in the making. */
type Product = Pick<LedgerRecord<ProductBody>, 'id' | 'body'>;
/** The time that a product is judged at, as an act's context has it. */
interface At {
  readonly asOf: string | undefined;
}
const NOW: At = { asOf: undefined };
type Source = ProductBody['sources'][number];
type Ancestor = NonNullable<ProductBody['through']>[number];

/**
 * What a product takes from its inputs: the union of their sources and of the products that they come from, their highest
 * grade, the personal flag. A resource counts as the version used and as it is now, whichever is the stricter (就高从严);
 * a product as {@link strictest}.
 */
export async function inherited(
  inputs: readonly Input[],
  reader: Current,
): Promise<Pick<ProductBody, 'sources' | 'through' | 'domains' | 'inheritedGrade' | 'personal'>> {
  const bySource = new Map<string, Source>();
  const byProduct = new Map<string, Ancestor>();
  const grades: (Grade | undefined)[] = [];
  let personal = false;
  for (const input of inputs) {
    for (const source of await sourcesOf(input, reader)) {
      bySource.set(source.resource, stricter(source, bySource.get(source.resource)));
    }
    for (const one of await ancestorsOf(input, reader)) {
      byProduct.set(one.product, higher(one, byProduct.get(one.product)));
    }
    const taken = await takenFrom(input, reader);
    grades.push(taken.grade);
    personal ||= taken.personal;
  }
  const sources = sortedSet(bySource.keys()).flatMap((id) => bySource.get(id) ?? []);
  const through = sortedSet(byProduct.keys()).flatMap((id) => byProduct.get(id) ?? []);
  const top = highest(grades);
  return {
    sources,
    ...(through.length > 0 ? { through } : {}),
    domains: sortedSet(sources.map(({ domain }) => domain)),
    ...(top ? { inheritedGrade: top } : {}),
    personal,
  };
}

/** How a product is to be graded, and whether it holds personal information. */
export interface Strictness {
  readonly grade: Grade | undefined;
  readonly personal: boolean;
}

/**
 * What a product's inputs demand of it: as it took it from them, or more where a source, or a product that it comes from, has
 * been raised since.
 */
export async function demanded({ id, body }: Product, reader: Current, at = NOW): Promise<Strictness> {
  const raised: (Grade | undefined)[] = [body.inheritedGrade];
  let { personal } = body;
  const ancestors = through(body);
  const made = {
    id,
    sources: body.sources.map((one) => one.resource),
    through: ancestors.map(({ product }) => product),
  };
  const faces = await facesOf(made, (product) => gradeOf(product, reader, at), reader, at);
  for (const source of body.sources) {
    const now = faces.sources.get(source.resource);
    if (gradeRank(now?.grade) > gradeRank(source.grade)) raised.push(now?.grade);
    if (now?.personal === true && !source.personal) personal = true;
  }
  for (const { product, grade } of ancestors) {
    const now = faces.products.get(product)?.grade;
    if (gradeRank(now) > gradeRank(grade)) raised.push(now);
  }
  return { grade: highest(raised), personal };
}

/**
 * The grade that a product counts as: its own, or what its inputs demand if that is higher. A decision to grade it lower
 * covers what its inputs demanded when it was taken.
 */
export async function strictest(product: Product, reader: Current, at = NOW): Promise<Strictness> {
  const { grade, personal } = await demanded(product, reader, at);
  const own = gradingOf(product.body, at.asOf);
  const covered = own?.decision !== undefined && gradeRank(own.over) >= gradeRank(grade);
  return { grade: covered ? own.grade : highest([own?.grade, grade]), personal };
}

/** The mark of a product whose sources have been judged one by one under catalogues; none if it has it. */
export function judgedUnder(
  { id, body }: Product,
  catalogues: readonly string[],
  context: Pick<Reader, 'find' | 'marked'> & { readonly time: string },
): Promise<Mark[]> {
  const { find } = context;
  const sources = new Map(body.sources.map(({ resource: source, ...face }) => [source, face]));
  const ancestors = new Map(through(body).map(({ product, grade }) => [product, grade ? { grade } : {}]));
  const current: Reader['current'] = (kind, one) => find(kind, one);
  return judgedMarks({ id, sources, through: ancestors }, catalogues, (one) => gradeOf(one, { current }), context);
}

/** The last grading of a product, now or as of a time; undefined while it is not graded. */
export function gradingOf(body: ProductBody, asOf?: string): Omit<Grading, 'at'> | undefined {
  const later = body.regrades?.findLast(({ at }) => asOf === undefined || at <= asOf);
  if (later || !body.grade) return later;
  return { grade: body.grade, decision: body.gradingDecision, over: body.gradedOver ?? body.inheritedGrade };
}

/** The products that a product comes from; one made before they were kept names those among its inputs. */
function through(body: ProductBody): readonly Ancestor[] {
  if (body.through) return body.through;
  const made = body.inputs.filter((ref) => ref.startsWith('product/'));
  return sortedSet(made.map((ref) => parseRef(ref).id)).map((product) => ({
    product,
    ...(body.inheritedGrade ? { grade: body.inheritedGrade } : {}),
  }));
}

/** The own grade of a product, as it is or was; undefined of one that is not graded, or not there. */
async function gradeOf(id: string, { current }: Pick<Reader, 'current'>, at = NOW): Promise<Grade | undefined> {
  const kind = kindNamed('product');
  const body = kind && (await current(kind, id))?.body;
  return isProduct(body) ? gradingOf(body, at.asOf)?.grade : undefined;
}

/** What an input adds to the products that one comes from: itself, and those it comes from, as they are graded by now. */
async function ancestorsOf({ id, body }: Input, reader: Current): Promise<readonly Ancestor[]> {
  if (!isProduct(body)) return [];
  const found: Ancestor[] = [];
  for (const one of [...through(body), { product: id }]) {
    const grade = await gradeOf(one.product, reader);
    found.push(higher(one, grade ? { product: one.product, grade } : undefined));
  }
  return found;
}

function higher(one: Ancestor, other: Ancestor | undefined): Ancestor {
  const grade = highest([one.grade, other?.grade]);
  return { product: one.product, ...(grade ? { grade } : {}) };
}

async function sourcesOf({ id, body }: Input, { current }: Pick<Reader, 'current'>): Promise<readonly Source[]> {
  if ('licence' in body) return []; // no public data: no link of the chain allows or bars it
  const sources: readonly Source[] =
    'sources' in body ? body.sources : [{ resource: id, domain: body.domain, provider: body.provider, ...flags(body) }];
  const found: Source[] = [];
  for (const source of sources) {
    const now = (await current(resource, source.resource))?.body;
    found.push(now ? stricter(source, { ...source, ...flags(now) }) : source);
  }
  return found;
}

async function takenFrom({ id, body }: Input, reader: Current): Promise<Strictness> {
  if ('licence' in body) return { grade: undefined, personal: body.personal };
  if ('sources' in body) {
    const { grade, personal } = await strictest({ id, body }, reader);
    return { grade, personal: personal && !body.export?.anonymization };
  }
  const now = (await reader.current(resource, id))?.body;
  return { grade: highest([body.grade, now?.grade]), personal: body.personal === true || now?.personal === true };
}

function flags({ grade, personal }: ResourceBody): Pick<Source, 'grade' | 'personal'> {
  return { ...(grade ? { grade } : {}), ...(personal === true ? { personal } : {}) };
}

function stricter(one: Source, other: Source | undefined): Source {
  const grade = highest([one.grade, other?.grade]);
  const personal = one.personal ?? other?.personal;
  return { ...one, ...(grade ? { grade } : {}), ...(personal ? { personal } : {}) };
}

function highest(grades: readonly (Grade | undefined)[]): Grade | undefined {
  return highestGrade(grades.flatMap((one) => one ?? []));
}
