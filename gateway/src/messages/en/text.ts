// SPDX-License-Identifier: Apache-2.0

/** What is said of bytes that are no text. */
export const text = {
  'is-xlsx': [
    'it is an Excel workbook (.xlsx) or another ZIP archive, not text',
    'open it, and save the sheet as “CSV UTF-8 (comma delimited)”',
  ],
  'is-xls': [
    'it is an Excel workbook of the old kind (.xls) or another Office file, not text',
    'open it, and save the sheet as “CSV UTF-8 (comma delimited)”',
  ],
  'is-pdf': ['it is a PDF, not text', 'send the table that it was made from as CSV'],
  'is-compressed': ['it is a compressed file ({format}), not text', 'unpack it first'],
  'two-readings': [
    'its bytes are text in {one} ({first}) and in {other} ({second})',
    'state which it is: `--encoding` on the command line, `charset` in the Content-Type over HTTP, for example {example}; or save it as UTF-8 with a byte order mark',
  ],
  'not-encoded-so': [
    'it is not {encoding} text',
    'save it as UTF-8, or state its encoding: `--encoding` on the command line, `charset` in the Content-Type over HTTP',
  ],
  'lost-text': [
    'it has U+FFFD in line {line}: an earlier conversion lost the text there',
    'convert the original file again, from its true encoding to UTF-8',
  ],
  'mark-contradicts': [
    'it is stated as {stated}, and begins with the byte order mark of {marked}',
    'state {right}, or leave the encoding out',
  ],
  'has-zero-bytes': [
    'it has zero bytes: it may be UTF-16 without a byte order mark',
    'save it as UTF-8; if it is UTF-16, state that: `--encoding` on the command line, `charset` in the Content-Type over HTTP',
  ],
  'not-text': ['it is not text in {encodings}', 'save it as UTF-8'],
} as const;
