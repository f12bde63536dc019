// SPDX-License-Identifier: Apache-2.0

/** What a cell says once it is read, or why it cannot be read. */
export type CellValue = { readonly value: string | boolean } | { readonly problem: string };

/** One line of text: without invisible characters, white space as single spaces, composed (NFC). */
export function oneLine(text: string): string {
  return visible(text).replace(/\s+/gu, ' ').trim();
}

/** Text of several lines, each without invisible characters and white space at its end. */
export function severalLines(text: string): string {
  return visible(text)
    .replace(/[^\S\n]+(?=\n|$)/gu, '')
    .trim();
}

/** Zero-width characters, marks of direction and soft hyphens: two cells that look alike are alike. */
function visible(text: string): string {
  return text.normalize('NFC').replace(/[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/gu, '');
}

/** A word as it is compared for an id: compatible forms, such as full-width ones, are the same. */
export function compared(word: string | undefined): string | null {
  return word === undefined ? null : oneLine(word.normalize('NFKC'));
}

/** Yes or no as people write it. */
export function truth(text: string): CellValue {
  const word = oneLine(text.normalize('NFKC')).toLowerCase();
  if (YES.includes(word)) return { value: true };
  if (NO.includes(word)) return { value: false };
  return { problem: 'is neither yes nor no: write 是 or 否' };
}

const YES = ['true', 'yes', 'y', 't', '1', '是', '有', '含', '√'];
const NO = ['false', 'no', 'n', 'f', '0', '否', '无', '無', '不含', '×'];

/** A digest with its algorithm, in any letter case and with or without hyphen; kept as `sha256:` and lower-case digits. */
export function digestCell(text: string): CellValue {
  const word = normalDigest(text);
  if (/^(?:sha256|sm3):[0-9a-f]{64}$/.test(word)) return { value: word };
  const bare = /^[0-9a-f]{64}$/.test(word);
  return {
    problem: bare
      ? `does not name its algorithm: write sha256:${word.slice(0, 8)}… or sm3:${word.slice(0, 8)}…`
      : 'is not a digest: write sha256: or sm3: and 64 hexadecimal digits',
  };
}

/** A digest as the ledger writes it; what is none stays none. */
export function normalDigest(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\s/g, '')
    .toLowerCase()
    .replace(/^sha-256:/, 'sha256:')
    .replace(/^sm-3:/, 'sm3:');
}

/** A calendar date: year first, in digits or Chinese, with or without a time of day. Kept as `2024-01-05`. */
export function dateCell(text: string): CellValue {
  const word = oneLine(text.normalize('NFKC'));
  const [, year = '', month = '', day = ''] =
    DATES.map((form) => form.exec(word)).find((found) => found !== null) ?? [];
  if (year === '') return { problem: whyNoDate(word) };
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const known = new Date(`${date}T00:00:00Z`);
  const real = !Number.isNaN(known.getTime()) && known.toISOString().startsWith(date);
  return real ? { value: date } : { problem: `is no day of the calendar: ${word}` };
}

const TIME_OF_DAY = String.raw`(?:[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?`;
const DATES: readonly RegExp[] = [
  new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${TIME_OF_DAY}$`, 'i'),
  new RegExp(String.raw`^(\d{4})年(\d{1,2})月(\d{1,2})[日号號]${TIME_OF_DAY}$`, 'i'),
  /^(\d{4})(\d{2})(\d{2})$/,
];

function whyNoDate(word: string): string {
  const write = 'write it as 2024-01-05';
  if (/^\d{5}(?:\.\d+)?$/.test(word))
    return `may be a day number of a spreadsheet, which counts from 1900 or 1904: ${write}`;
  if (/^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b/.test(word)) return `does not say which is the year, month and day: ${write}`;
  if (/^(?:民國|民国)?\d{2,3}[-/.年]/.test(word)) return `does not begin with a year of four digits: ${write}`;
  return `is not a date: ${write}`;
}
