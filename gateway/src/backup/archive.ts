// SPDX-License-Identifier: Apache-2.0
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import type { Seal } from '../storage/seal.js';
import { headerHash } from '../config/header-hash.js';

/** The format that this program writes. */
const FORMAT = 2;

/** The format before, which nothing authenticates. */
const UNSEALED = 1;

/** What a backup says of itself, in its first line. */
const header = z.object({
  yuanliuBackup: z.int().positive(),
  /** When it was taken, RFC 3339. */
  made: z.string(),
  /** Hex header hash of the ledger's genesis block; absent in backups of before it was kept. */
  genesis: headerHash.optional(),
  /** The number of blocks. */
  height: z.int().positive(),
  /** Names the key that it is authenticated with; absent in format 1. */
  key: z.string().optional(),
  /** The index as it stood at a height that the backup has: what a rebuild must come to. */
  index: z.object({
    height: z.int().nonnegative(),
    digest: z.string(),
    /** Of the index's rows: digests of two formats are never the same. Absent where it was 4. */
    format: z.int().positive().optional(),
  }),
});

export type ArchiveHeader = Omit<z.infer<typeof header>, 'yuanliuBackup' | 'key'>;

/** One entry: of a database, by its key; or a file of the data folder, by its name. */
export interface ArchiveEntry {
  readonly part: string;
  readonly key: string;
  readonly value: Uint8Array;
}

/** A backup that is whole: nothing of it was lost. Who wrote it is for its key to show. */
export interface WholeArchive extends ArchiveHeader {
  /** Whether it can be authenticated; a backup of format 1 cannot. */
  readonly sealed: boolean;
  /** The backup, authenticated. @throws Error when the key is another, or the backup was changed. */
  authenticated(seal: Seal): Promise<Archive>;
  /** A backup of format 1 as it is. @throws Error of any other. */
  unauthenticated(): Archive;
}

/** A backup that may be read. */
export interface Archive extends ArchiveHeader {
  /** What its files are sealed with, if they are. */
  readonly seal?: Seal;
  /** @throws Error at the end, when the file changed after it was authenticated. */
  entries(): AsyncIterable<ArchiveEntry>;
}

/**
 * A backup as bytes: its header as a line of JSON; each entry as the lengths of part, key and value, and those; the
 * HMAC-SHA256 of these under a key derived from the seal's; then what marks the end, and the SHA-256 of all before it.
 * That end is the same in every format, so that any program can say whether a backup is whole.
 */
export async function* writeArchive(
  about: ArchiveHeader,
  entries: AsyncIterable<ArchiveEntry>,
  seal: Seal,
): AsyncGenerator<Uint8Array> {
  const key = keyOf(seal);
  const [hash, mac] = [createHash('sha256'), createHmac('sha256', key)];
  const first = JSON.stringify({ yuanliuBackup: FORMAT, ...about, key: nameOf(key) });
  let pieces: Uint8Array[] = [Buffer.from(`${first}\n`)];
  let length = 0;
  const taken = (): Uint8Array => {
    const piece = Buffer.concat(pieces);
    hash.update(piece);
    mac.update(piece);
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
  yield taken();
  const end = Buffer.concat([mac.digest(), END]);
  yield end;
  yield hash.update(end).digest();
}

/** Opens a backup. @throws Error when it is no backup, not whole, damaged, or made by a newer version. */
export async function openArchive(file: string): Promise<WholeArchive> {
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
    return wholeArchive(file, body, await headerOf(file));
  } finally {
    await handle.close();
  }
}

function wholeArchive(file: string, end: number, { yuanliuBackup, key: name, ...about }: Header): WholeArchive {
  return {
    ...about,
    sealed: yuanliuBackup !== UNSEALED,
    authenticated: async (seal) => {
      const key = keyOf(seal);
      if (name !== nameOf(key)) {
        throw new Error(
          `${file} was made with the key ${name ?? 'of no store'}, the key given is ${nameOf(key)}: use that one`,
        );
      }
      const mac = createHmac('sha256', key);
      for await (const chunk of createReadStream(file, { end: end - HASH - 1 })) mac.update(chunk as Buffer);
      const tag = await tagOf(file, end);
      if (!timingSafeEqual(mac.digest(), tag)) {
        throw new Error(`${file} was changed after it was made: its key does not authenticate it; use another copy`);
      }
      return { ...about, seal, entries: () => entriesIn(file, end - HASH, { mac: createHmac('sha256', key), tag }) };
    },
    unauthenticated: () => {
      if (yuanliuBackup === UNSEALED) return { ...about, entries: () => entriesIn(file, end) };
      throw new Error(`${file} is authenticated: restore it with its key, without --unauthenticated`);
    },
  };
}

async function tagOf(file: string, end: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    return (await handle.read(Buffer.alloc(HASH), 0, HASH, end - HASH)).buffer;
  } finally {
    await handle.close();
  }
}

function keyOf(seal: Seal): Buffer {
  return seal.keyFor('yuanliu backup');
}

/** A name of a key that tells nothing of it. */
function nameOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

type Mac = ReturnType<typeof createHmac>;
type Header = z.infer<typeof header>;

async function headerOf(file: string): Promise<Header> {
  const bytes = new Bytes(file);
  try {
    const about = header.parse(JSON.parse(await bytes.line()));
    const { yuanliuBackup: format } = about;
    if (format === FORMAT || format === UNSEALED) return about;
    throw new Error(
      `${file} has format ${format}, this program reads ${FORMAT}: a newer version made it, restore it with that`,
    );
  } finally {
    bytes.close();
  }
}

/** What a file was authenticated by: it is read once more, and may have changed meanwhile. */
interface Authentication {
  readonly mac: Mac;
  readonly tag: Buffer;
}

async function* entriesIn(file: string, end: number, by?: Authentication): AsyncGenerator<ArchiveEntry> {
  const bytes = new Bytes(file, by?.mac);
  try {
    await bytes.line();
    while (bytes.at < end) {
      const lengths = await bytes.take(LENGTHS);
      const part = (await bytes.take(lengths.readUInt32BE(0))).toString('utf8');
      const key = (await bytes.take(lengths.readUInt32BE(4))).toString('utf8');
      yield { part, key, value: await bytes.take(lengths.readUInt32BE(8)) };
    }
    if (by && !by.mac.digest().equals(by.tag)) throw new Error(`${file} changed while it was read: restore it again`);
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
  readonly #mac: Mac | undefined;

  /** `mac` is updated with each byte that is taken. */
  constructor(file: string, mac?: Mac) {
    this.#mac = mac;
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
    const taken = all.subarray(0, length);
    this.#mac?.update(taken);
    return taken;
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
