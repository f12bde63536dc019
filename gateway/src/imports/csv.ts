// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turnOfOthers } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { ContractError } from 'yuanliu-chaincode/error';
import { z } from 'zod';

/** One row of a file: its cells by column, and the line that it begins on. */
export interface CsvRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface CsvColumns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/**
 * Reads a CSV file (RFC 4180, with or without BOM) whose first row names its columns. Empty cells are left out. A large one
 * is read a piece at a time, others in between.
 *
 * @throws ContractError `INPUT_INVALID` naming line and column, for a file that cannot be read as a whole: nothing of it
 *   is to be used.
 */
export async function readCsv(text: string, columns: CsvColumns): Promise<CsvRow[]> {
  const [header, ...rows] = await records(text);
  if (!header) throw unreadable(1, undefined, 'the file is empty', remedyFor(columns));
  requireColumns(header.cells, columns);
  if (rows.length === 0) throw unreadable(2, undefined, 'the file has a header and no rows', 'add a row below it');
  if (rows.length > MOST_ROWS) {
    throw unreadable(MOST_ROWS + 2, undefined, `the file has more than ${MOST_ROWS} rows`, 'split it');
  }
  return rows.map(({ line, cells }) => ({
    line,
    cells: Object.fromEntries(header.cells.flatMap((name, column) => (cells[column] ? [[name, cells[column]]] : []))),
  }));
}

const MOST_ROWS = 100_000;

interface RawRow {
  readonly line: number;
  readonly cells: readonly string[];
}

async function records(text: string): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  let [ended, blank] = [0, 0]; // lines read, and blank ones among them, when the last row ended
  const beginning = (blankNow: number): number => ended + (blankNow - blank) + 1;
  try {
    const parser = parse({
      bom: true,
      trim: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines, empty_lines }) => {
        rows.push({ line: beginning(empty_lines), cells });
        [ended, blank] = [lines, empty_lines];
        return null;
      },
    });
    await pipeline(Readable.from(pieces(Buffer.from(text))), parser.resume());
    return rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { column, record, empty_lines: blankNow } = context.parse(error);
    // of a row that is too short, the first cell that is missing; of one too long, the first that is too many
    const place = record ? Math.min(record.length, rows[0]?.cells.length ?? 0) : column;
    const [problem, remedy] = problems[error.code] ?? ['this is not CSV', 'write it as RFC 4180 says'];
    throw unreadable(beginning(blankNow), place + 1, problem, remedy);
  }
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    await turnOfOthers();
    yield bytes.subarray(at, at + PIECE);
  }
}

/** Bytes read between two turns of the event loop: a few milliseconds' worth. */
const PIECE = 65_536;

/** What the parser's errors say besides their code. */
const context = z.object({ column: z.number(), empty_lines: z.number(), record: z.array(z.string()).optional() });

const problems: Readonly<Partial<Record<CsvError['code'], readonly [problem: string, remedy: string]>>> = {
  CSV_QUOTE_NOT_CLOSED: ['a quote is opened and never closed', 'close it; write a quote inside a cell as ""'],
  CSV_INVALID_CLOSING_QUOTE: ['text follows a closing quote', 'write a quote inside a cell as ""'],
  INVALID_OPENING_QUOTE: ['a quote stands inside a cell', 'put the cell in quotes and write the quote inside as ""'],
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: [
    'the row has more or fewer cells than the header',
    'give each row one cell a column; put a cell that holds a comma in quotes',
  ],
};

function requireColumns(header: readonly string[], columns: CsvColumns): void {
  const allowed = [...columns.required, ...columns.optional];
  const missing = columns.required.filter((name) => !header.includes(name));
  const unknown = header.findIndex((name) => !allowed.includes(name));
  const twice = header.findIndex((name, column) => header.indexOf(name) !== column);
  if (unknown >= 0) throw unreadable(1, unknown + 1, `there is no column ${header[unknown] ?? ''}`, remedyFor(columns));
  if (twice >= 0) throw unreadable(1, twice + 1, `column ${header[twice] ?? ''} is there twice`, 'leave one of them');
  if (missing.length > 0) {
    throw unreadable(1, undefined, `the header lacks ${missing.join(', ')}`, remedyFor(columns));
  }
}

function remedyFor({ required, optional }: CsvColumns): string {
  return `begin with a header of ${required.join(', ')}; it may also name ${optional.join(', ')}`;
}

function unreadable(line: number, column: number | undefined, problem: string, remedy: string): ContractError {
  const path = column === undefined ? `line ${line}` : `line ${line}, column ${column}`;
  return new ContractError('INPUT_INVALID', {
    message: `${path}: ${problem}; nothing was imported`,
    issues: [{ path, message: problem }],
    remedy,
  });
}
