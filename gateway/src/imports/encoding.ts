// SPDX-License-Identifier: Apache-2.0

/** What a file may be encoded in: GB18030 holds GBK and GB2312. In the order in which they are tried. */
export const encodings = ['utf-8', 'gb18030'] as const;
export type Encoding = (typeof encodings)[number];

/**
 * Reads text in the first encoding that all of its bytes are valid in; undefined if there is none. Chinese text in GB18030
 * is next to never valid UTF-8; other text may pass for GB18030, so whoever sent it should be told what it was read as.
 */
export function decoded(
  bytes: Uint8Array,
  tried: readonly Encoding[] = encodings,
): { readonly text: string; readonly encoding: Encoding } | undefined {
  for (const encoding of tried) {
    try {
      return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
    } catch {
      continue; // not valid in it
    }
  }
  return undefined;
}
