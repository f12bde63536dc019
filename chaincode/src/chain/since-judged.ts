// SPDX-License-Identifier: Apache-2.0
import type { Mark, Reader } from '../kind/act.js';
import { exceptionMarks, exceptionsAmong, faceAt, withFace, type Face } from './exceptions.js';
import { isListed, LISTED, listingsOf } from './listed.js';
import { completes, type LedgerRecord } from '../kind/record.js';
import { resource, type ResourceBody } from '../records/resource/resource.js';
import { holds } from '../kind/spans.js';
import { gradeRank, sortedSet, type Grade } from '../vocabulary/vocabulary.js';

/**
 * Mark on a product: under which catalogues its sources were judged, one by one, and when. From then on the exceptions of
 * such a catalogue tell what is otherwise, so that a use reads as much of a product with three sources as with three
 * hundred. A product without the mark, or at a time before it, is judged source by source.
 */
const JUDGED = 'judged';

interface Judgement {
  readonly since: string;
  /** What was not as it should be then, or is not covered by the catalogue's exceptions: read one by one. */
  readonly apart?: readonly string[];
}
type Judged = Readonly<Record<string, Judgement>>;

/** Sources that may be apart: with more of them a product is judged source by source. */
const MOST_APART = 20;

/** When something is judged, as an act's context says it. */
interface At {
  readonly asOf: string | undefined;
  readonly time: string;
}
type Reads = Pick<Reader, 'current' | 'marked'>;

/** A product, as far as its scope is judged; without an id it is one in the making, or no product. */
export interface Made {
  readonly id?: string | undefined;
  readonly sources: readonly string[];
  /** Products that it comes from. */
  readonly through?: readonly string[];
}

/** Which of its sources are not in a catalogue in force. */
export async function unlistedOf(made: Made, catalogue: string, reader: Reads, at: At): Promise<readonly string[]> {
  const judgement = made.sources.length === 0 ? undefined : (await judgedOf(made, reader, at)).get(catalogue);
  const among = judgement && (await exceptionsAmong(catalogue, made.sources, reader));
  const found: string[] = [];
  for (const id of made.sources) {
    const spans = among?.get(id)?.spans;
    const isIn =
      !judgement || judgement.apart?.includes(id)
        ? isListed(await reader.marked(LISTED, id), catalogue, at)
        : spans === undefined || holds(spans, at);
    if (!isIn) found.push(id);
  }
  return found;
}

/** What a source, or a product among those that one comes from, is now; `undefined` where the ledger holds none. */
export interface Faces {
  readonly sources: ReadonlyMap<string, Face | undefined>;
  /** By id; of those that may be graded otherwise than when it was judged. */
  readonly products: ReadonlyMap<string, Face | undefined>;
}

/**
 * The faces of what a product comes from: of all of it where it was not judged as a whole, else of what has changed since.
 * What is left out is as the product's own record says it.
 */
export async function facesOf(
  made: Made,
  gradeOf: (product: string) => Promise<Grade | undefined>,
  reader: Reads,
  at: Pick<At, 'asOf'>,
): Promise<Faces> {
  const through = made.through ?? [];
  const sources = new Map<string, Face | undefined>();
  const products = new Map<string, Face | undefined>();
  if (made.sources.length + through.length === 0) return { sources, products };
  const [judged] = await judgedOf(made, reader, at);
  const among = judged && (await exceptionsAmong(judged[0], [...made.sources, ...through.map(productKey)], reader));
  const known = (key: string): Face | 'unknown' | undefined => {
    if (!judged || judged[1].apart?.includes(key)) return 'unknown';
    const exception = among?.get(key);
    return exception && faceAt(exception, at.asOf);
  };
  for (const id of made.sources) {
    const face = known(id);
    if (face === undefined) continue;
    if (face !== 'unknown') sources.set(id, face);
    else {
      const record = await reader.current(resource, id);
      sources.set(id, record && faceOf(record.body));
    }
  }
  for (const id of through) {
    const face = known(productKey(id));
    if (face === undefined) continue;
    products.set(id, face === 'unknown' ? graded(await gradeOf(id)) : face);
  }
  return { sources, products };
}

/** A product with what its record says of the sources and products that it comes from. */
export interface Snapshot {
  readonly id: string;
  readonly sources: ReadonlyMap<string, Face>;
  readonly through: ReadonlyMap<string, Face>;
}

/** The mark of a product once its sources have been judged under catalogues, as they are now; none if they were. */
export async function judgedMarks(
  { id: product, sources, through }: Snapshot,
  catalogues: readonly string[],
  gradeOf: (product: string) => Promise<Grade | undefined>,
  { find, marked, time }: Pick<Reader, 'find' | 'marked'> & { readonly time: string },
): Promise<Mark[]> {
  const before = ((await marked(JUDGED, product)) ?? {}) as Judged;
  const added: Record<string, Judgement> = {};
  for (const catalogue of catalogues) {
    if (Object.hasOwn(before, catalogue)) continue;
    const apart: string[] = [];
    for (const [id, then] of sources) {
      if (apart.length > MOST_APART) break;
      const record = await find(resource, id);
      const isIn = isListed(await marked(LISTED, id), catalogue, { asOf: undefined, time });
      if (!record || !isIn || !isCovered(faceOf(record.body), then)) apart.push(id);
    }
    for (const [id, then] of through) {
      if (apart.length > MOST_APART) break;
      const isKept = Object.hasOwn((await marked(JUDGED, id)) ?? {}, catalogue);
      const grade = await gradeOf(id);
      if (!isKept || !grade || gradeRank(grade) > gradeRank(then.grade)) apart.push(productKey(id));
    }
    if (apart.length <= MOST_APART) added[catalogue] = { since: time, ...(apart.length > 0 ? { apart } : {}) };
  }
  if (Object.keys(added).length === 0) return [];
  return [{ name: JUDGED, key: product, value: { ...before, ...added } }];
}

/** Whether a source is no stricter than a product took it for, and may be in a scope. */
function isCovered(now: Face, then: Face | undefined): boolean {
  if (now.barred || now.grade?.class === 'core') return false;
  return gradeRank(now.grade) <= gradeRank(then?.grade) && (!now.personal || then?.personal === true);
}

/**
 * The marks that tell the products made from a resource that it changed: in the exceptions of every catalogue that has
 * listed it. What is only lowered, and was no exception before, changes nothing for them.
 */
export async function changedMarks(
  record: LedgerRecord<ResourceBody> | undefined,
  body: ResourceBody,
  { id, marked, time }: Pick<Reader, 'marked'> & { readonly id: string; readonly time: string },
): Promise<Mark[]> {
  const [before, after] = [record && faceOf(record.body), faceOf(body)];
  if (!record || !before || isSame(before, after)) return [];
  const started = record.timeline.find(({ version }) => version === record.version)?.at ?? time;
  const from = completes(body, record.body) ? started : time;
  const marks: Mark[] = [];
  for (const catalogue of sortedSet(listingsOf(await marked(LISTED, id)).keys())) {
    const raises = after.barred === true || !isCovered(after, before);
    marks.push(
      ...(await exceptionMarks(
        catalogue,
        [id],
        (_, exception) => (raises || exception?.faces ? withFace(exception, after, from) : undefined),
        { marked },
      )),
    );
  }
  return marks;
}

/** As {@link changedMarks}, for a product that is graded otherwise. */
export async function regradedMarks(
  { id, before, after }: { readonly id: string; readonly before: Grade | undefined; readonly after: Grade },
  { marked, time }: Pick<Reader, 'marked'> & { readonly time: string },
): Promise<Mark[]> {
  const marks: Mark[] = [];
  const raises = gradeRank(after) > gradeRank(before);
  for (const catalogue of sortedSet(Object.keys((await marked(JUDGED, id)) ?? {}))) {
    marks.push(
      ...(await exceptionMarks(
        catalogue,
        [productKey(id)],
        (_, exception) => (raises || exception?.faces ? withFace(exception, { grade: after }, time) : undefined),
        { marked },
      )),
    );
  }
  return marks;
}

function isSame(one: Face, other: Face): boolean {
  return (
    gradeRank(one.grade) === gradeRank(other.grade) && one.personal === other.personal && one.barred === other.barred
  );
}

/** The judgements of a product that hold at a time. */
async function judgedOf(
  { id }: Made,
  { marked }: Pick<Reader, 'marked'>,
  { asOf }: Pick<At, 'asOf'>,
): Promise<ReadonlyMap<string, Judgement>> {
  const judged = ((id === undefined ? undefined : await marked(JUDGED, id)) ?? {}) as Judged;
  return new Map(Object.entries(judged).filter(([, { since }]) => asOf === undefined || asOf >= since));
}

/** What a resource says that bears on the products made from it. */
export function faceOf({ grade, personal, sharing }: ResourceBody): Face {
  return {
    ...(grade ? { grade } : {}),
    ...(personal === true ? { personal } : {}),
    ...(sharing?.type === 'barred' ? { barred: true } : {}),
  };
}

function graded(grade: Grade | undefined): Face {
  return grade ? { grade } : {};
}

function productKey(id: string): string {
  return `product/${id}`;
}
