// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Mark, Reader } from '../kind/act.js';
import type { Span } from '../kind/spans.js';
import { sortedSet, type Grade } from '../vocabulary/vocabulary.js';

/** What a resource says that bears on the scope and grade of products made from it, or a product's own grade. */
export interface Face {
  readonly grade?: Grade;
  readonly personal?: true;
  readonly barred?: true;
}

/** A face, and when what it says began. */
interface FaceSince extends Face {
  readonly from: string;
}

/** How an entry of a catalogue, or a product judged under it, is otherwise than when it was entered or judged. */
export interface Exception {
  /** When it was listed, once it has been dropped. */
  readonly spans?: readonly Span[];
  /** What it has said since it first changed, oldest first. */
  readonly faces?: readonly FaceSince[];
  /** Older faces were left out: what it was before the first of these is read from its record. */
  readonly cut?: true;
}

/**
 * Mark on a catalogue: what is exceptional about its entries, by `ID` of a resource or `product/ID`. Normally small; past
 * {@link WHOLE} entries it is kept in {@link CHUNKS} marks, `CATALOGUE/n`, so that a use reads a bounded number.
 */
const EXCEPTIONS = 'exceptions';
const WHOLE = 200;
const CHUNKS = 64;
/** Faces kept of one entry. */
const MOST_FACES = 20;

type Exceptions = Readonly<Record<string, Exception>>;
/** The mark on the catalogue itself. */
type Head = { readonly of: Exceptions } | { readonly chunks: number };

/** The exceptions among some entries of a catalogue, by key. */
export async function exceptionsAmong(
  catalogue: string,
  keys: readonly string[],
  { marked }: Pick<Reader, 'marked'>,
): Promise<ReadonlyMap<string, Exception>> {
  const head = (await marked(EXCEPTIONS, catalogue)) as Head | undefined;
  if (!head) return new Map();
  if ('of' in head) return among(keys, head.of);
  const found = new Map<string, Exception>();
  for (const [chunk, own] of chunked(keys)) {
    for (const [key, one] of among(own, await chunkOf(catalogue, chunk, { marked }))) found.set(key, one);
  }
  return found;
}

/** The marks of a catalogue once exceptions are as `change` says; `change` gets what is kept of an entry so far. */
export async function exceptionMarks(
  catalogue: string,
  keys: readonly string[],
  change: (key: string, before: Exception | undefined) => Exception | undefined,
  { marked }: Pick<Reader, 'marked'>,
): Promise<Mark[]> {
  const changed = (before: Exceptions, own: readonly string[]): Exceptions | undefined => {
    const found = among(own, before);
    const after = own.flatMap((key): [string, Exception][] => {
      const one = change(key, found.get(key));
      return one ? [[key, one]] : [];
    });
    return after.length === 0 ? undefined : { ...before, ...Object.fromEntries(after) };
  };
  if (keys.length === 0) return [];
  const head = ((await marked(EXCEPTIONS, catalogue)) as Head | undefined) ?? { of: {} };
  const marks: Mark[] = [];
  if ('of' in head) {
    const of = changed(head.of, sortedSet(keys));
    if (!of) return [];
    const all = Object.keys(of);
    if (all.length <= WHOLE) return [{ name: EXCEPTIONS, key: catalogue, value: { of } }];
    for (const [chunk, own] of chunked(sortedSet(all)))
      marks.push(chunkMark(catalogue, chunk, fromMap(among(own, of))));
    return [...marks, { name: EXCEPTIONS, key: catalogue, value: { chunks: CHUNKS } }];
  }
  for (const [chunk, own] of chunked(sortedSet(keys))) {
    const after = changed(await chunkOf(catalogue, chunk, { marked }), own);
    if (after) marks.push(chunkMark(catalogue, chunk, after));
  }
  return marks;
}

/** What an exception says at a time, or now; undefined where it is as it was before, `'unknown'` where its record tells. */
export function faceAt({ faces = [], cut }: Exception, asOf: string | undefined): Face | 'unknown' | undefined {
  const face = faces.findLast(({ from }) => asOf === undefined || from <= asOf);
  return face ?? (cut ? 'unknown' : undefined);
}

/** The exception once it has another face from a time on; a version that an act completes has it from its beginning. */
export function withFace(before: Exception | undefined, face: Face, from: string): Exception {
  const kept = (before?.faces ?? []).filter((one) => one.from !== from);
  const faces = [...kept, { from, ...face }];
  const isCut = before?.cut === true || faces.length > MOST_FACES;
  return { ...before, faces: faces.slice(-MOST_FACES), ...(isCut ? { cut: true } : {}) };
}

function chunked(keys: readonly string[]): ReadonlyMap<number, readonly string[]> {
  const chunks = new Map<number, string[]>();
  for (const key of keys) {
    const chunk = createHash('sha256').update(key).digest().readUInt16BE(0) % CHUNKS;
    const own = chunks.get(chunk);
    if (own) own.push(key);
    else chunks.set(chunk, [key]);
  }
  return chunks;
}

async function chunkOf(catalogue: string, chunk: number, { marked }: Pick<Reader, 'marked'>): Promise<Exceptions> {
  const mark = (await marked(EXCEPTIONS, `${catalogue}/${chunk}`)) as { readonly of: Exceptions } | undefined;
  return mark?.of ?? {};
}

function chunkMark(catalogue: string, chunk: number, of: Exceptions): Mark {
  return { name: EXCEPTIONS, key: `${catalogue}/${chunk}`, value: { of } };
}

/** Keys come from outside: a name such as `constructor` is none of the mark's own. */
function among(keys: readonly string[], all: Exceptions): ReadonlyMap<string, Exception> {
  return new Map(
    keys.flatMap((key) => {
      const one = Object.hasOwn(all, key) ? all[key] : undefined;
      return one ? [[key, one] as const] : [];
    }),
  );
}

function fromMap(all: ReadonlyMap<string, Exception>): Exceptions {
  return Object.fromEntries(all);
}
