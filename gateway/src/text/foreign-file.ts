// SPDX-License-Identifier: Apache-2.0

interface Foreign {
  readonly begins: readonly number[];
  readonly what: string;
  readonly remedy: string;
}

const AS_CSV = 'open it, and save the sheet as “CSV UTF-8 (comma delimited)”';

/** Files that people take for CSV or text, by their first bytes. */
const FOREIGN: readonly Foreign[] = [
  { begins: [0x50, 0x4b, 0x03, 0x04], what: 'an Excel workbook (.xlsx) or another ZIP archive', remedy: AS_CSV },
  {
    begins: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    what: 'an Excel workbook of the old kind (.xls) or another Office file',
    remedy: AS_CSV,
  },
  { begins: Array.from(Buffer.from('%PDF-')), what: 'a PDF', remedy: 'send the table that it was made from as CSV' },
  { begins: [0x1f, 0x8b], what: 'a compressed file (gzip)', remedy: 'unpack it first' },
  { begins: Array.from(Buffer.from('Rar!')), what: 'a compressed file (RAR)', remedy: 'unpack it first' },
  { begins: [0x37, 0x7a, 0xbc, 0xaf], what: 'a compressed file (7z)', remedy: 'unpack it first' },
];

/** What a file is that is no text, and what to do with it; undefined for any other. */
export function foreignFile(bytes: Uint8Array): Omit<Foreign, 'begins'> | undefined {
  return FOREIGN.find(({ begins }) => begins.every((byte, place) => bytes[place] === byte));
}
