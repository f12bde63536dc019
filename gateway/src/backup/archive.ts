// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { z } from 'zod';

/** The format that this program writes. */
const FORMAT = 1;

/** What a backup says of itself, in its first line. */
const header = z.object({
  yuanliuBackup: z.int().positive(),
  /** When it was taken, RFC 3339. */
  made: z.string(),
  /** The number of blocks. */
  height: z.int().positive(),
  /** The index as it stood at a height that the backup has: what a rebuild must come to. */
  index: z.object({ height: z.int().nonnegative(), digest: z.string() }),
});

export type ArchiveHeader = Omit<z.infer<typeof header>, 'yuanliuBackup'>;

/** One entry: of a database, by its key; or a file of the data folder, by its name. */
export interface ArchiveEntry {
  readonly part: string;
  readonly key: string;
  readonly value: Uint8Array;
}

/** A backup that is whole. */
export interface Archive extends ArchiveHeader {
  entries(): AsyncIterable<ArchiveEntry>;
}

/**
 * A backup as bytes: its header as a line of JSON; each entry as the lengths of part, key and value, and those; then what
 * marks the end, and the SHA-256 of all before it. That end is the same in every format, so that any program can say
 * whether a backup is whole.
 */
export async function* writeArchive(
  about: ArchiveHeader,
  entries: AsyncIterable<ArchiveEntry>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let pieces: Uint8Array[] = [Buffer.from(`${JSON.stringify({ yuanliuBackup: FORMAT, ...about })}\n`)];
  let length = 0;
  const taken = (): Uint8Array => {
    const piece = Buffer.concat(pieces);
    hash.update(piece);
    [pieces, length] = [[], 0];
    return piece;
  };
  for await (const { part, key, value } of entries) {
    const [partBytes, keyBytes] = [Buffer.from(part), Buffer.from(key)];
    const lengths = Buffer.alloc(LENGTHS);
    [partBytes, keyBytes, value].forEach((bytes, place) => lengths.writeUInt32BE(bytes.length, 4 * place));
    pieces.push(lengths, partBytes, keyBytes, value);
    length += lengths.length + partBytes.length + keyBytes.length + value.length;
    if (length >= PIECE) yield taken();
  }
  pieces.push(END);
  yield taken();
  yield hash.digest();
}

/** Opens a backup. @throws Error when it is no backup, not whole, damaged, or made by a newer version. */
export async function openArchive(file: string): Promise<Archive> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const end = Buffer.alloc(END.length + HASH);
    const body = size - end.length;
    if (body < 0) throw new Error(`${file} is no backup, or only the beginning of one: take it again`);
    await handle.read(end, 0, end.length, body);
    if (!end.subarray(0, END.length).equals(END)) {
      throw new Error(`${file} ends too early: it was not written or copied to its end; take it again`);
    }
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file, { end: size - HASH - 1 })) hash.update(chunk as Buffer);
    if (!hash.digest().equals(end.subarray(END.length))) {
      throw new Error(`${file} is damaged: its content is not what was written; use another copy`);
    }
    const about = await headerOf(file);
    return { ...about, entries: () => entriesIn(file, body) };
  } finally {
    await handle.close();
  }
}

async function headerOf(file: string): Promise<ArchiveHeader> {
  const bytes = new Bytes(file);
  try {
    const { yuanliuBackup: format, ...about } = header.parse(JSON.parse(await bytes.line()));
    if (format === FORMAT) return about;
    throw new Error(
      `${file} has format ${format}, this program reads ${FORMAT}: a newer version made it, restore it with that`,
    );
  } finally {
    bytes.close();
  }
}

async function* entriesIn(file: string, end: number): AsyncGenerator<ArchiveEntry> {
  const bytes = new Bytes(file);
  try {
    await bytes.line();
    while (bytes.at < end) {
      const lengths = await bytes.take(LENGTHS);
      const part = (await bytes.take(lengths.readUInt32BE(0))).toString('utf8');
      const key = (await bytes.take(lengths.readUInt32BE(4))).toString('utf8');
      yield { part, key, value: await bytes.take(lengths.readUInt32BE(8)) };
    }
  } finally {
    bytes.close();
  }
}

/** The bytes of a file, as many at a time as are asked for. */
class Bytes {
  at = 0;
  readonly #stream;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(file: string) {
    this.#stream = createReadStream(file, { highWaterMark: PIECE });
    this.#chunks = this.#stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async take(length: number): Promise<Buffer> {
    const chunks = [this.#rest];
    for (let have = this.#rest.length; have < length;) {
      const next = await this.#chunks.next();
      if (next.done) throw new Error('the file ended while it was read');
      chunks.push(next.value);
      have += next.value.length;
    }
    const all = chunks.length === 1 ? this.#rest : Buffer.concat(chunks);
    this.#rest = all.subarray(length);
    this.at += length;
    return all.subarray(0, length);
  }

  async line(): Promise<string> {
    let line = '';
    for (let next = await this.take(1); next[0] !== NEWLINE; next = await this.take(1)) line += next.toString('latin1');
    return line;
  }

  close(): void {
    this.#stream.destroy();
  }
}

const END = Buffer.from('\nyuanliu-backup-end\n');
const HASH = 32;
const LENGTHS = 12;
const NEWLINE = 10;
const PIECE = 256 * 1024;
