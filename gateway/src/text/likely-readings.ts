// SPDX-License-Identifier: Apache-2.0
import type { Encoding } from './encoding.js';

/** Bytes as text in one encoding that all of them are valid in. */
export interface Reading {
  readonly encoding: Encoding;
  readonly text: string;
}

/**
 * Which of the valid readings are likely: one where the bytes leave no doubt, two where people have to say which. Text in
 * GB18030 is often valid Big5, Big5 is nearly always valid GB18030, and short text in GB18030 is valid UTF-8 by accident:
 * 药品目录 reads as ҩƷĿ¼.
 */
export function likelyReadings(bytes: Uint8Array, valid: readonly Reading[]): readonly Reading[] {
  const [utf8, gb, big5] = (['utf-8', 'gb18030', 'big5'] as const).map((name) =>
    valid.find(({ encoding }) => encoding === name),
  );
  if (bytes.includes(0)) return []; // no text but UTF-16, which nothing here says it is
  if (utf8 && bytes.every((byte) => byte < 0x80)) return [utf8];
  const { common, big } = shares(bytes);
  if (utf8) {
    const doubtful = gb && (!CHINESE.test(utf8.text) || common === 1);
    return doubtful ? [utf8, gb] : [utf8];
  }
  if (!gb || !big5) return [gb ?? big5].filter((one) => one !== undefined);
  if (common >= LIKELY && common - big >= CLEAR) return [gb];
  if (big >= LIKELY && big - common >= CLEAR) return [big5];
  return common >= big ? [gb, big5] : [big5, gb];
}

/** Text of UTF-8 in which no doubt is left: ideographs, kana, Hangul, their punctuation and full-width forms. */
const CHINESE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;

const LIKELY = 0.9;
const CLEAR = 0.2;

/**
 * Of the two-byte characters, the share that is common in GB2312 (first level and symbols), and the share that is common in
 * Big5 (the same). Text of either has few outside of its own.
 */
function shares(bytes: Uint8Array): { readonly common: number; readonly big: number } {
  let [pairs, common, big] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const [lead = 0, trail = 0] = [bytes[at], bytes[at + 1]];
    if (lead < 0x80) continue;
    at += 1;
    pairs += 1;
    if (trail >= 0xa1 && ((lead >= 0xa1 && lead <= 0xa3) || (lead >= 0xb0 && lead <= 0xd7))) common += 1;
    if (lead >= 0xa1 && lead <= 0xc6 && (lead < 0xc6 || trail <= 0x7e)) big += 1;
  }
  return pairs === 0 ? { common: 1, big: 1 } : { common: common / pairs, big: big / pairs };
}
