// SPDX-License-Identifier: Apache-2.0
import decodeLarge, { type Encoded, type Undecodable } from '../text/decode-large.js';
import { EncodingError, type Encoding } from '../text/encoding.js';
import type { Group } from '../runtime/fair-queue.js';
import { LARGE, offLoop } from '../runtime/off-loop.js';
import { readCsv, type CsvRow } from './csv.js';

/** A file as it was read: its rows packed, so that each is unpacked when it is its turn. */
interface Packed {
  readonly encoding: Encoding;
  readonly header: CsvRow;
  /** Each row as JSON, one after the other. */
  readonly bytes: Uint8Array;
  /** Where each row ends in `bytes`. */
  readonly ends: Uint32Array;
}

export interface Table {
  readonly encoding: Encoding;
  readonly header: CsvRow;
  /** How many rows it has. */
  readonly length: number;
  row(place: number): CsvRow;
}

/** For a thread: decodes and parses a file in one go. */
export default async function packTable(file: Encoded): Promise<Packed | Undecodable> {
  const decoded = decodeLarge(file);
  if ('problem' in decoded) return decoded;
  const { header, rows } = await readCsv(decoded.text);
  const ends = new Uint32Array(rows.length);
  const pieces: Buffer[] = [];
  let end = 0;
  for (const [place, row] of rows.entries()) {
    const piece = Buffer.from(JSON.stringify(row));
    pieces.push(piece);
    ends[place] = end += piece.length;
  }
  return { encoding: decoded.encoding, header, bytes: new Uint8Array(Buffer.concat(pieces)), ends };
}

/**
 * Reads a file: a large one in a thread.
 *
 * @throws ContractError as {@link readCsv}, EncodingError
 */
export async function readTable(group: Group, file: Encoded): Promise<Table> {
  const isLarge = file.bytes.length >= LARGE;
  const read = await (isLarge ? offLoop<Packed | Undecodable>(group, __filename, file) : packTable(file));
  if ('problem' in read) throw new EncodingError(read.problem);
  const { encoding, header, bytes, ends } = read;
  const text = Buffer.from(bytes.buffer);
  return {
    encoding,
    header,
    length: ends.length,
    row: (place) => JSON.parse(text.toString('utf8', ends[place - 1] ?? 0, ends[place])) as CsvRow,
  };
}
