// SPDX-License-Identifier: Apache-2.0
import type { Message } from 'yuanliu-chaincode/messages';
import { gatewayMessages, textOf } from '../messages/index.js';
import { foreignFile } from './foreign-file.js';
import { likelyReadings, type Reading } from './likely-readings.js';

/** What text may be encoded in: GB18030 holds GBK and GB2312. */
export const encodings = ['utf-8', 'gb18030', 'big5', 'utf-16le', 'utf-16be'] as const;
export type Encoding = (typeof encodings)[number];

/** How people state an encoding on a command line. */
export const encodingOptions = ['utf-8', 'gbk', 'gb18030', 'big5', 'utf-16'] as const;

export interface DecodedText {
  readonly text: string;
  readonly encoding: Encoding;
}

/** Why bytes are not text, as a message. */
export class EncodingError extends Error {
  constructor(readonly why: Message) {
    super(textOf('en', why).message);
    this.name = 'EncodingError';
  }
}

/** The encoding that a label of the WHATWG Encoding Standard stands for; undefined for one that is not read here. */
export function encodingOf(label: string): Encoding | undefined {
  const name = label.trim().toLowerCase();
  if (['ascii', 'us-ascii'].includes(name)) return 'utf-8';
  let known: string;
  try {
    known = new TextDecoder(OTHER_LABELS[name] ?? name).encoding;
  } catch {
    return undefined;
  }
  return known === 'gbk' ? 'gb18030' : encodings.find((one) => one === known);
}

/** Names of Windows code pages that the standard does not list. */
const OTHER_LABELS: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, {
  cp936: 'gbk',
  ms936: 'gbk',
  cp950: 'big5',
  cp65001: 'utf-8',
});

/**
 * Reads text strictly: in the encoding that is stated, else by its byte order mark, else in the one encoding of `tried` that
 * the bytes are likely in. Nothing is replaced and nothing is guessed between two likely encodings.
 *
 * @throws EncodingError for bytes that are no text, not text in that encoding, or likely text in two of them.
 */
export function decodeText(
  bytes: Uint8Array,
  { stated, tried = encodings }: { readonly stated?: Encoding | undefined; readonly tried?: readonly Encoding[] } = {},
): DecodedText {
  const foreign = foreignFile(bytes);
  if (foreign) throw new EncodingError(foreign);
  const marked = byteOrderMark(bytes);
  if (stated !== undefined) return whole(bytes, orderedAs(stated, marked));
  if (marked && tried.includes(marked)) return whole(bytes, marked);
  const readings = tried.flatMap((encoding): Reading[] => {
    const text = /^utf-16/.test(encoding) ? undefined : strictly(bytes, encoding);
    return text === undefined ? [] : [{ encoding, text }];
  });
  const [likely, other] = likelyReadings(bytes, readings);
  if (!likely) throw unread(bytes, tried);
  if (other) {
    throw new EncodingError(
      message('two-readings', {
        one: nameOf(likely.encoding),
        first: sample(likely.text),
        other: nameOf(other.encoding),
        second: sample(other.text),
        example: likely.encoding,
      }),
    );
  }
  return intact(likely);
}

const { message } = gatewayMessages;

/** The name of an encoding as people write it. */
export function nameOf(encoding: Encoding): string {
  return encoding.toUpperCase();
}

function strictly(bytes: Uint8Array, encoding: Encoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined; // not valid in it
  }
}

function whole(bytes: Uint8Array, encoding: Encoding): DecodedText {
  const text = strictly(bytes, encoding);
  if (text === undefined) {
    throw new EncodingError(message('not-encoded-so', { encoding: nameOf(encoding) }));
  }
  return intact({ text, encoding });
}

/** U+FFFD stands for text that an earlier conversion lost: nothing brings it back. */
function intact(reading: DecodedText): DecodedText {
  const at = reading.text.indexOf('\ufffd');
  if (at < 0) return reading;
  const line = reading.text.slice(0, at).split(/\r\n?|\n/).length;
  throw new EncodingError(message('lost-text', { line }));
}

function byteOrderMark(bytes: Uint8Array): Encoding | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return a === 0x84 && b === 0x31 && c === 0x95 && d === 0x33 ? 'gb18030' : undefined;
}

/** UTF-16 is in the order of its mark; any other mark than that of the stated encoding contradicts it. */
function orderedAs(stated: Encoding, marked: Encoding | undefined): Encoding {
  if (!marked || marked === stated) return stated;
  if (stated.startsWith('utf-16') && marked.startsWith('utf-16')) return marked;
  throw new EncodingError(
    message('mark-contradicts', { stated: nameOf(stated), marked: nameOf(marked), right: marked }),
  );
}

function unread(bytes: Uint8Array, tried: readonly Encoding[]): EncodingError {
  const names = tried.map(nameOf).join(', ');
  if (bytes.includes(0) && tried.includes('utf-16le')) {
    return new EncodingError(message('has-zero-bytes'));
  }
  return new EncodingError(message('not-text', { encodings: names }));
}

/** The first characters that are not ASCII, so that people see which reading is theirs. */
function sample(text: string): string {
  const found = /[^\p{ASCII}]+/u.exec(text)?.[0] ?? '';
  return `“${Array.from(found.replace(/[\p{C}]/gu, '·'))
    .slice(0, 8)
    .join('')}”`;
}
