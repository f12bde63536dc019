// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import { malformed } from './error.js';
import { at64, skipValue, tagAt, Wire } from './wire.js';

/**
 * A protobuf message read in place: one pass finds the fields, accessors cut out what is asked for, nothing is copied
 * unless a sub-message is given in parts.
 *
 * It reads what Go's `proto.Unmarshal` reads, byte by byte, because Fabric's peers are written in Go and what they
 * accept must not be read otherwise here: of a singular field the last one counts, singular sub-messages merge, unknown
 * fields and groups are skipped, and a known field of another wire type is an unknown one.
 *
 * The bytes come from strangers. Every length is checked against the message it is in and nothing recurses. Every
 * refusal is a `VerificationError` with code `MALFORMED`.
 */
export class Message {
  /** Per field four numbers: field number, wire type, start, end. Only varints and length-delimited ones are kept. */
  private readonly fields: number[] = [];

  /** The message that lies from `start` to `end` in `source`. */
  constructor(
    private readonly source: Buffer,
    private readonly start = 0,
    private readonly end = source.length,
  ) {
    for (let at = start; at < end;) at = this.scan(at);
  }

  /** The whole message. */
  get buffer(): Buffer {
    return this.source.subarray(this.start, this.end);
  }

  /** The bytes of a singular field; empty if absent. */
  bytes(field: number): Buffer {
    return this.optional(field) ?? empty;
  }

  /** The bytes of a singular field, or undefined if absent: where absent and empty differ. */
  optional(field: number): Buffer | undefined {
    const place = this.last(field, Wire.lengthDelimited);
    return place < 0 ? undefined : this.cut(place);
  }

  /** Every occurrence of a repeated field of bytes, strings or messages, in order. */
  repeated(field: number): Buffer[] {
    return this.places(field).map((place) => this.cut(place));
  }

  string(field: number): string {
    return utf8(this.bytes(field));
  }

  /** A singular sub-message, merged if it is given in parts; an absent one reads as empty. */
  message(field: number): Message {
    return this.optionalMessage(field) ?? new Message(empty);
  }

  /** A singular sub-message, or undefined if absent. */
  optionalMessage(field: number): Message | undefined {
    const [first, ...more] = this.places(field).map((place) => this.within(place));
    // Two serialized messages one after the other are the serialized form of both merged.
    return first && more.length > 0 ? new Message(Buffer.concat([first, ...more].map(({ buffer }) => buffer))) : first;
  }

  /** A message that lies serialized in a singular field of bytes: the last one counts, nothing merges. */
  embedded(field: number): Message {
    const place = this.last(field, Wire.lengthDelimited);
    return place < 0 ? new Message(empty) : this.within(place);
  }

  /** Every occurrence of a repeated sub-message, in order. */
  messages(field: number): Message[] {
    return this.places(field).map((place) => this.within(place));
  }

  /** An unsigned integer that a JavaScript number holds exactly; 0 if absent. Throws `MALFORMED` for a larger one. */
  uint(field: number): number {
    const value = this.uint64(field);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(`field ${field} is out of range`);
    return Number(value);
  }

  /** An unsigned integer of 64 bits; 0 if absent. */
  uint64(field: number): bigint {
    const place = this.last(field, Wire.varint);
    return place < 0 ? 0n : at64(this.source, this.number(place + 2));
  }

  /** A signed integer of 32 bits, or an enumeration: of a longer one the low bits count. */
  int32(field: number): number {
    return Number(BigInt.asIntN(32, this.uint64(field)));
  }

  bool(field: number): boolean {
    return this.uint64(field) !== 0n;
  }

  /** Which of the members of a `oneof` was given last; undefined if none was. All of them are length-delimited. */
  lastOf(...members: readonly number[]): number | undefined {
    for (let place = this.fields.length - 4; place >= 0; place -= 4) {
      const field = this.number(place);
      if (this.fields[place + 1] === Wire.lengthDelimited && members.includes(field)) return field;
    }
    return undefined;
  }

  /** Whether a varint field is given: of a `oneof`, where 0 and absent differ. */
  hasVarint(field: number): boolean {
    return this.last(field, Wire.varint) >= 0;
  }

  /** The numbers of the length-delimited fields, in order, with their contents. */
  *delimited(): Iterable<{ readonly field: number; readonly bytes: Buffer }> {
    for (let place = 0; place < this.fields.length; place += 4) {
      if (this.fields[place + 1] !== Wire.lengthDelimited) continue;
      yield { field: this.number(place), bytes: this.cut(place) };
    }
  }

  private scan(start: number): number {
    const { field, type, end } = tagAt(this.source, start, this.end);
    if (field > largestField) throw malformed(`field number ${field}`);
    const next = skipValue(this.source, end, this.end, { field, type });
    if (type === Wire.varint) this.keep(field, type, end, next);
    if (type === Wire.lengthDelimited) this.keep(field, type, this.contentAt(end), next);
    return next;
  }

  private keep(field: number, type: number, start: number, end: number): void {
    if (this.fields.length > maximumFields * 4) throw malformed('a message of too many fields');
    this.fields.push(field, type, start, end);
  }

  /** Where the content begins whose length begins at `at`. */
  private contentAt(at: number): number {
    let end = at;
    while ((this.source[end] ?? 0) >= 0x80) end++;
    return end + 1;
  }

  private places(field: number): number[] {
    const found: number[] = [];
    for (let place = 0; place < this.fields.length; place += 4) {
      if (this.fields[place] === field && this.fields[place + 1] === Wire.lengthDelimited) found.push(place);
    }
    return found;
  }

  private last(field: number, type: number): number {
    for (let place = this.fields.length - 4; place >= 0; place -= 4) {
      if (this.fields[place] === field && this.fields[place + 1] === type) return place;
    }
    return -1;
  }

  private cut(place: number): Buffer {
    return this.source.subarray(this.number(place + 2), this.number(place + 3));
  }

  private within(place: number): Message {
    return new Message(this.source, this.number(place + 2), this.number(place + 3));
  }

  private number(place: number): number {
    return this.fields[place] ?? 0;
  }
}

/** The text of UTF-8 bytes; refuses bytes that are not UTF-8. */
export function utf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw malformed('a string that is not UTF-8');
  return bytes.toString('utf8');
}

/** A view of the same bytes as a Buffer, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A stranger's file of two-byte fields would otherwise take sixteen times its size in memory. */
const maximumFields = 1_000_000;

const largestField = 2 ** 29 - 1;
const empty = Buffer.alloc(0);
