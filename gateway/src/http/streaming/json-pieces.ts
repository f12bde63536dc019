// SPDX-License-Identifier: Apache-2.0
import type { Language } from 'yuanliu-chaincode/messages';
import { slices } from '../../runtime/slices.js';
import { jsonIn } from '../language.js';
import { inPieces, Pouring } from './pour.js';

/** Items of a list from which on an answer is written out in pieces: a shorter one takes less time than that would. */
const LONG = 100;

/** A long answer as JSON, piece by piece: others get their turn between, however long it is. */
export function jsonPouring(
  body: unknown,
  { patienceMs, organization, language }: Pick<Pouring, 'patienceMs'> & Reader,
): Pouring | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if (!Object.values(body).some((value) => Array.isArray(value) && value.length > LONG)) return undefined;
  return new Pouring({ pieces: inTurns(inPieces(jsonTexts(body, language), String), organization), patienceMs });
}

interface Reader {
  readonly organization: string | undefined;
  readonly language: Language;
}

/** What {@link jsonIn} gives, in texts: one for each item of each list. */
export function* jsonTexts(body: object, language: Language): Generator<string> {
  let before = '{';
  for (const [name, value] of Object.entries(body) as [string, unknown][]) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    before = ',';
    if (Array.isArray(value)) yield* listTexts(value, language);
    else yield jsonIn(language, value);
  }
  yield before === '{' ? '{}' : '}';
}

function* listTexts(items: readonly unknown[], language: Language): Generator<string> {
  let before = '[';
  for (const item of items) {
    yield before + (item === undefined ? 'null' : jsonIn(language, item));
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

async function* inTurns(pieces: Iterable<string>, organization: string | undefined): AsyncGenerator<string> {
  const othersDue = slices(organization);
  for (const piece of pieces) {
    yield piece;
    await othersDue();
  }
}
