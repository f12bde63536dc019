// SPDX-License-Identifier: Apache-2.0

/**
 * A value as it may be printed: characters of its texts that move the cursor, hide or reorder what stands beside them, or
 * end the line are written out, such as `\u{202e}`. What others wrote on the ledger draws no second record on a terminal.
 */
export function shown<Value>(value: Value): Value {
  return shownAny(value) as Value;
}

function shownAny(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(HIDDEN, written);
  if (Array.isArray(value)) return value.map(shownAny);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [shownAny(key), shownAny(inner)]));
}

/** Controls (C0, C1), line and paragraph separators, lone surrogates, marks of direction, characters without width. */
const HIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/gu;

function written(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
