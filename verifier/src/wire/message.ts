// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import { malformed } from './error.js';
import { at64, skipValue, tagAt, varintAt, varintEnd, Wire } from './wire.js';

/**
 * A protobuf message read in place: one pass checks that its fields are whole, accessors look for what is asked for,
 * nothing is copied unless a sub-message is given in parts. Nothing is kept of its fields, of which a stranger may give
 * millions.
 *
 * It reads what Go's `proto.Unmarshal` reads, byte by byte, because Fabric's peers are written in Go and what they
 * accept must not be read otherwise here: of a singular field the last one counts, singular sub-messages merge, unknown
 * fields and groups are skipped, and a known field of another wire type is an unknown one.
 *
 * The bytes come from strangers. Every length is checked against the message it is in and nothing recurses. Every
 * refusal is a `VerificationError` with code `MALFORMED`.
 */
export class Message {
  /** The message that lies from `start` to `end` in `source`. */
  constructor(
    private readonly source: Buffer,
    private readonly start = 0,
    private readonly end = source.length,
  ) {
    for (let at = start; at < end;) {
      const tag = tagAt(source, at, end);
      if (tag.field > largestField) throw malformed(`field number ${tag.field}`);
      at = skipValue(source, tag.end, end, tag);
    }
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
    const value = this.last(field, Wire.lengthDelimited);
    return value < 0 ? undefined : this.contentAt(value);
  }

  /** Every occurrence of a repeated field of bytes, strings or messages, in order. */
  repeated(field: number): Buffer[] {
    return this.values(field).map((value) => this.contentAt(value));
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
    const [first, ...more] = this.messages(field);
    // Two serialized messages one after the other are the serialized form of both merged.
    return first && more.length > 0 ? new Message(Buffer.concat([first, ...more].map(({ buffer }) => buffer))) : first;
  }

  /** A message that lies serialized in a singular field of bytes: the last one counts, nothing merges. */
  embedded(field: number): Message {
    const value = this.last(field, Wire.lengthDelimited);
    return value < 0 ? new Message(empty) : this.within(value);
  }

  /** Every occurrence of a repeated sub-message, in order. */
  messages(field: number): Message[] {
    return this.values(field).map((value) => this.within(value));
  }

  /** An unsigned integer that a JavaScript number holds exactly; 0 if absent. Throws `MALFORMED` for a larger one. */
  uint(field: number): number {
    const value = this.uint64(field);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(`field ${field} is out of range`);
    return Number(value);
  }

  /** An unsigned integer of 64 bits; 0 if absent. */
  uint64(field: number): bigint {
    const value = this.last(field, Wire.varint);
    return value < 0 ? 0n : at64(this.source, value);
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
    let found: number | undefined;
    for (const { field } of this.delimited()) if (members.includes(field)) found = field;
    return found;
  }

  /** Whether a varint field is given: of a `oneof`, where 0 and absent differ. */
  hasVarint(field: number): boolean {
    return this.last(field, Wire.varint) >= 0;
  }

  /** The numbers of the length-delimited fields, in order, with their contents. */
  *delimited(): Iterable<{ readonly field: number; readonly bytes: Buffer }> {
    for (let at = this.start; at < this.end;) {
      const value = varintEnd(this.source, at);
      const key = varintAt(this.source, at);
      if (key % 8 === Wire.lengthDelimited) yield { field: Math.floor(key / 8), bytes: this.contentAt(value) };
      at = this.next(value, key);
    }
  }

  /** Where the last value of this field and type begins; -1 if there is none. */
  private last(field: number, type: number): number {
    let found = -1;
    for (let at = this.start; at < this.end;) {
      const value = varintEnd(this.source, at);
      const key = varintAt(this.source, at);
      if (key === field * 8 + type) found = value;
      at = this.next(value, key);
    }
    return found;
  }

  /** Where each length-delimited value of a field begins. */
  private values(field: number): number[] {
    const found: number[] = [];
    for (let at = this.start; at < this.end;) {
      const value = varintEnd(this.source, at);
      const key = varintAt(this.source, at);
      if (key === field * 8 + Wire.lengthDelimited) found.push(value);
      at = this.next(value, key);
    }
    return found;
  }

  /** Where the field after this value begins. */
  private next(value: number, key: number): number {
    return skipValue(this.source, value, this.end, { field: Math.floor(key / 8), type: key % 8 });
  }

  private contentAt(value: number): Buffer {
    const start = varintEnd(this.source, value);
    return this.source.subarray(start, start + varintAt(this.source, value));
  }

  private within(value: number): Message {
    const start = varintEnd(this.source, value);
    return new Message(this.source, start, start + varintAt(this.source, value));
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

const largestField = 2 ** 29 - 1;
const empty = Buffer.alloc(0);
