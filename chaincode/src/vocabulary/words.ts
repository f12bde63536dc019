// SPDX-License-Identifier: Apache-2.0

/** Set in `params` of an issue about a character that is not seen: names stored before may have one. */
export const UNSEEN = 'unseen';

/** Zero-width and bidirectional characters, soft hyphens, fillers, tags: none is seen, and each makes another name of it. */
const NOT_SEEN =
  // eslint-disable-next-line no-misleading-character-class -- ranges, of which some join to what is before them
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

/** These, and the selectors of variants, which change no word: what Unicode calls default ignorable. */
const IGNORABLE =
  // eslint-disable-next-line no-misleading-character-class -- ranges, of which some join to what is before them
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/** Whether every character of a name is one that people see. */
export function isSeen(text: string): boolean {
  return !NOT_SEEN.test(text);
}

/**
 * The form in which words are compared: compatible forms are one (NFKC: full-width letters, Kangxi radicals), and what is
 * not seen is left out. The ranges are written out, since endorsers may know different versions of Unicode.
 */
export function comparable(word: string): string {
  return word.replace(IGNORABLE, '').normalize('NFKC').replace(IGNORABLE, '').normalize('NFC').trim();
}
