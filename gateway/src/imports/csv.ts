// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turnOfOthers } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { unreadable } from './unreadable.js';

/** One row of a file: its cells in the order of the columns, and the line of the file that it begins on. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvFile {
  readonly header: CsvRow;
  /** Without rows whose cells are all blank. */
  readonly rows: readonly CsvRow[];
}

/**
 * Reads a CSV file (RFC 4180) as spreadsheets write it: with either line end, also within cells, where they become `\n`;
 * with `sep=;` before the header, blank rows and columns, an end-of-file mark; separated by commas, semicolons or tabs. A
 * large one is read a piece at a time, others in between.
 *
 * @throws ContractError `INPUT_INVALID` naming line and column, for a file that cannot be read as a whole: nothing of it
 *   is to be used.
 */
export async function readCsv(text: string): Promise<CsvFile> {
  const file = separated(ended(text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')));
  const [header, ...rows] = (await records(file)).filter(({ cells }) => cells.some((cell) => cell !== ''));
  if (!header) throw unreadable(1, undefined, 'the file is empty', 'send a file with a header and rows');
  const width = header.cells.findLastIndex((name) => name !== '') + 1;
  if (rows.length === 0) {
    throw unreadable(header.line + 1, undefined, 'the file has a header and no rows', 'add a row below it');
  }
  const beyond = rows[MOST_ROWS];
  if (beyond) throw unreadable(beyond.line, undefined, `the file has more than ${MOST_ROWS} rows`, 'split it');
  for (const { line, cells } of rows) {
    const filled = cells.findLastIndex((cell) => cell !== '') + 1;
    if (cells.length >= width && filled <= width) continue;
    throw unreadable(
      line,
      Math.min(cells.length, width) + 1,
      'the row has more or fewer cells than the header',
      'give each row one cell a column; put a cell that holds a comma in quotes',
    );
  }
  return { header: { ...header, cells: header.cells.slice(0, width) }, rows };
}

const MOST_ROWS = 100_000;

/** Without blank lines and the end-of-file mark (Ctrl-Z) that programs write at the end. */
function ended(text: string): string {
  let end = text.length;
  while (end > 0 && AT_THE_END.has(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

const AT_THE_END: ReadonlySet<string> = new Set(['\n', ' ', '\u001a']);

interface Separated {
  readonly text: string;
  readonly delimiter: string;
  /** Lines before the text. */
  readonly before: number;
}

/** Takes off `sep=;`, or looks at the header for what separates its cells. */
function separated(text: string): Separated {
  const stated = /^"?sep=(.)"?\n/i.exec(text);
  if (stated) return { text: text.slice(stated[0].length), delimiter: stated[1] ?? ',', before: 1 };
  const header = /^\n*([^\n]*)/.exec(text)?.[1] ?? '';
  const delimiter = header.includes(',') ? undefined : ['\t', ';'].find((one) => header.includes(one));
  return { text, delimiter: delimiter ?? ',', before: 0 };
}

async function records({ text, delimiter, before }: Separated): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  let [done, blank] = [before, 0]; // lines read, and blank ones among them, when the last row ended
  const beginning = (blankNow: number): number => done + (blankNow - blank) + 1;
  try {
    const parser = parse({
      delimiter,
      record_delimiter: '\n',
      trim: delimiter !== '\t',
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines, empty_lines }) => {
        rows.push({ line: beginning(empty_lines), cells: cells.map((cell) => cell.trim()) });
        [done, blank] = [before + lines, empty_lines];
        return null;
      },
    });
    await pipeline(Readable.from(pieces(Buffer.from(text))), parser.resume());
    return rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { column, empty_lines: blankNow } = context.parse(error);
    const [problem, remedy] = problems[error.code] ?? ['this is not CSV', 'write it as RFC 4180 says'];
    throw unreadable(beginning(blankNow), column + 1, problem, remedy);
  }
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    await turnOfOthers();
    yield bytes.subarray(at, at + PIECE);
  }
}

/** Bytes read between two turns of the event loop: a millisecond's worth. */
const PIECE = 16_384;

/** What the parser's errors say besides their code. */
const context = z.object({ column: z.number(), empty_lines: z.number() });

const problems: Readonly<Partial<Record<CsvError['code'], readonly [problem: string, remedy: string]>>> = {
  CSV_QUOTE_NOT_CLOSED: ['a quote is opened and never closed', 'close it; write a quote inside a cell as ""'],
  CSV_INVALID_CLOSING_QUOTE: ['text follows a closing quote', 'write a quote inside a cell as ""'],
  INVALID_OPENING_QUOTE: ['a quote stands inside a cell', 'put the cell in quotes and write the quote inside as ""'],
};
