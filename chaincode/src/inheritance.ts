// SPDX-License-Identifier: Apache-2.0
import type { Reader } from './act.js';
import type { LedgerRecord } from './record.js';
import type { ExternalInputBody } from './records/external-input.js';
import type { Grading, ProductBody } from './records/product-body.js';
import { resource, type ResourceBody } from './records/resource.js';
import { gradeRank, highestGrade, sortedSet, type Grade } from './vocabulary.js';

/** An exact version that a product is made from. */
export type Input = LedgerRecord<ResourceBody> | LedgerRecord<ProductBody> | LedgerRecord<ExternalInputBody>;

type Current = Pick<Reader, 'current'>;
type Source = ProductBody['sources'][number];

/**
 * What a product takes from its inputs: the union of their sources, their highest grade, the personal flag. A resource
 * counts as the version used and as it is now, whichever is the stricter (就高从严); a product as {@link strictest}.
 */
export async function inherited(
  inputs: readonly Input[],
  reader: Current,
): Promise<Pick<ProductBody, 'sources' | 'domains' | 'inheritedGrade' | 'personal'>> {
  const bySource = new Map<string, Source>();
  const grades: (Grade | undefined)[] = [];
  let personal = false;
  for (const input of inputs) {
    for (const source of await sourcesOf(input, reader)) {
      bySource.set(source.resource, stricter(source, bySource.get(source.resource)));
    }
    const taken = await takenFrom(input, reader);
    grades.push(taken.grade);
    personal ||= taken.personal;
  }
  const sources = sortedSet(bySource.keys()).flatMap((id) => bySource.get(id) ?? []);
  const top = highest(grades);
  return {
    sources,
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

/** What a product's inputs demand of it: as it took it from them, or more where a source has been raised since. */
export async function demanded(body: ProductBody, { current }: Current): Promise<Strictness> {
  const raised: (Grade | undefined)[] = [body.inheritedGrade];
  let { personal } = body;
  for (const source of body.sources) {
    const now = (await current(resource, source.resource))?.body;
    if (gradeRank(now?.grade) > gradeRank(source.grade)) raised.push(now?.grade);
    if (now?.personal === true && !source.personal) personal = true;
  }
  return { grade: highest(raised), personal };
}

/**
 * The grade that a product counts as: its own, or what its inputs demand if that is higher. A decision to grade it lower
 * covers what its inputs demanded when it was taken.
 */
export async function strictest(body: ProductBody, reader: Current, asOf?: string): Promise<Strictness> {
  const { grade, personal } = await demanded(body, reader);
  const own = gradingOf(body, asOf);
  const covered = own?.decision !== undefined && gradeRank(own.over) >= gradeRank(grade);
  return { grade: covered ? own.grade : highest([own?.grade, grade]), personal };
}

/** The last grading of a product, now or as of a time; undefined while it is not graded. */
export function gradingOf(body: ProductBody, asOf?: string): Omit<Grading, 'at'> | undefined {
  const later = body.regrades?.findLast(({ at }) => asOf === undefined || at <= asOf);
  if (later || !body.grade) return later;
  return { grade: body.grade, decision: body.gradingDecision, over: body.gradedOver ?? body.inheritedGrade };
}

async function sourcesOf({ id, body }: Input, { current }: Current): Promise<readonly Source[]> {
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
    const { grade, personal } = await strictest(body, reader);
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
