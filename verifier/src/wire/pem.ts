// SPDX-License-Identifier: Apache-2.0

/**
 * The contents of the first PEM block in `data`, read as Go's `encoding/pem` reads it, because Fabric's peers do:
 * whatever its type and headers, with anything before and after it. Undefined if there is none.
 */
export function decodePem(data: Buffer): Buffer | undefined {
  let rest = data.toString('latin1');
  for (;;) {
    const end = rest.indexOf(END);
    if (end < 0) return undefined;
    const afterEnd = end + END.length;
    const begin = rest.slice(0, end).lastIndexOf(BEGIN);
    const found = begin >= 0 && (begin === 0 || rest[begin - 1] === '\n') ? blockOf(rest, begin, end) : undefined;
    if (found === 'cut') return undefined;
    if (found) return found;
    rest = rest.slice(afterEnd);
  }
}

/** The block whose BEGIN is at `begin` and whose END line starts after the line end at `end`. */
function blockOf(text: string, begin: number, end: number): Buffer | 'cut' | undefined {
  const [typeLine, first] = lineAt(text, begin + BEGIN.length);
  if (!typeLine.endsWith(DASHES)) return undefined;
  const type = typeLine.slice(0, -DASHES.length);
  let start = first;
  let headers = 0;
  for (;;) {
    if (start >= text.length) return 'cut';
    const [line, next] = lineAt(text, start);
    if (!line.includes(':')) break;
    headers++;
    start = next;
  }
  if (start > end + END.length) return 'cut';
  // A block of no content ends where its first line would begin.
  if (headers > 0 && end < start) return undefined;
  const trailer = text.slice(end + END.length);
  const closing = type.length + DASHES.length;
  if (!trailer.startsWith(type) || trailer.slice(0, closing).slice(-DASHES.length) !== DASHES) return undefined;
  if (trailer.length < closing || lineAt(trailer, closing)[0] !== '') return undefined;
  return end > start ? decodeBase64(text.slice(start, end).replace(/[ \t]/g, '')) : Buffer.alloc(0);
}

/** One line without what is blank at its end, and where the next begins. */
function lineAt(text: string, start: number): [line: string, next: number] {
  const lineEnd = text.indexOf('\n', start);
  const [end, next] = lineEnd < 0 ? [text.length, text.length] : [lineEnd, lineEnd + 1];
  const content = lineEnd > start && text[lineEnd - 1] === '\r' ? text.slice(start, end - 1) : text.slice(start, end);
  let last = content.length;
  while (content[last - 1] === ' ' || content[last - 1] === '\t') last--;
  return [content.slice(0, last), next];
}

/** Standard base64 with its padding, line ends anywhere; undefined for anything else. */
function decodeBase64(text: string): Buffer | undefined {
  const digits = text.replace(/[\r\n]/g, '');
  if (digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) return undefined;
  return Buffer.from(digits, 'base64');
}

const BEGIN = '-----BEGIN ';
const END = '\n-----END ';
const DASHES = '-----';
