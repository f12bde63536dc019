// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import { malformed } from './error.js';

/**
 * A protobuf message read in place: one pass finds the fields, accessors cut out what is asked for, nothing is copied.
 *
 * The bytes come from strangers. Every length is checked against the message it is in, nothing recurses, a singular
 * field that occurs twice is refused (parsers differ in which one they take, so two readers could see two records),
 * strings must be UTF-8 (replacement characters would make two keys one) and integers safe. Unknown fields are skipped.
 * Every refusal is a `VerificationError` with code `MALFORMED`.
 */
export class Message {
  /** Per field four numbers: field number, wire type, start, end. */
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
    const place = this.find(field, lengthDelimited);
    return place < 0 ? empty : this.cut(place);
  }

  /** The bytes of a singular field, or undefined if absent: where absent and empty differ. */
  optional(field: number): Buffer | undefined {
    const place = this.find(field, lengthDelimited);
    return place < 0 ? undefined : this.cut(place);
  }

  /** Every occurrence of a repeated field of bytes, strings or messages, in order. */
  repeated(field: number): Buffer[] {
    return this.places(field).map((place) => this.cut(place));
  }

  string(field: number): string {
    return utf8(this.bytes(field));
  }

  /** A singular sub-message; an absent one reads as empty. */
  message(field: number): Message {
    const place = this.find(field, lengthDelimited);
    return place < 0 ? new Message(empty) : this.within(place);
  }

  /** Every occurrence of a repeated sub-message, in order. */
  messages(field: number): Message[] {
    return this.places(field).map((place) => this.within(place));
  }

  /** An unsigned integer that a JavaScript number holds exactly; 0 if absent. */
  uint(field: number): number {
    const place = this.find(field, varint);
    if (place < 0) return 0;
    let value = 0;
    let scale = 1;
    for (let at = this.number(place + 2); at < this.number(place + 3); at++, scale *= 128)
      value += (this.byte(at) & 0x7f) * scale;
    if (!Number.isSafeInteger(value)) throw malformed(`field ${field} is out of range`);
    return value;
  }

  bool(field: number): boolean {
    return this.uint(field) !== 0;
  }

  has(field: number): boolean {
    for (let place = 0; place < this.fields.length; place += 4) if (this.fields[place] === field) return true;
    return false;
  }

  private scan(start: number): number {
    const keyEnd = this.varintEnd(start);
    const key = this.small(start, keyEnd);
    const field = Math.floor(key / 8);
    const type = key % 8;
    if (field === 0) throw malformed('field number 0');
    if (type === varint) return this.keep(field, type, keyEnd, this.varintEnd(keyEnd));
    if (type === fixed64) return this.keep(field, type, keyEnd, keyEnd + 8);
    if (type === fixed32) return this.keep(field, type, keyEnd, keyEnd + 4);
    if (type !== lengthDelimited) throw malformed(`wire type ${type}`);
    const lengthEnd = this.varintEnd(keyEnd);
    return this.keep(field, type, lengthEnd, lengthEnd + this.small(keyEnd, lengthEnd));
  }

  private keep(field: number, type: number, start: number, end: number): number {
    if (end > this.end) throw malformed('a field runs past the end of its message');
    if (this.fields.length > maximumFields * 4) throw malformed('a message of too many fields');
    this.fields.push(field, type, start, end);
    return end;
  }

  private varintEnd(start: number): number {
    for (let at = start; at < start + 10; at++) if (this.byte(at) < 0x80) return at + 1;
    throw malformed('a varint longer than 10 bytes');
  }

  /** Keys and lengths: 32 bits are plenty. */
  private small(start: number, end: number): number {
    if (end - start > 5) throw malformed('a key or length out of range');
    let value = 0;
    let scale = 1;
    for (let at = start; at < end; at++, scale *= 128) value += (this.byte(at) & 0x7f) * scale;
    return value;
  }

  private places(field: number): number[] {
    const found: number[] = [];
    for (let place = 0; place < this.fields.length; place += 4) {
      if (this.fields[place] !== field) continue;
      this.expect(place, lengthDelimited);
      found.push(place);
    }
    return found;
  }

  private find(field: number, type: number): number {
    let found = -1;
    for (let place = 0; place < this.fields.length; place += 4) {
      if (this.fields[place] !== field) continue;
      if (found >= 0) throw malformed(`field ${field} occurs twice`);
      this.expect(place, type);
      found = place;
    }
    return found;
  }

  private expect(place: number, type: number): void {
    if (this.fields[place + 1] !== type) throw malformed(`field ${this.number(place)} has the wrong type`);
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

  private byte(at: number): number {
    const byte = this.source[at];
    if (at >= this.end || byte === undefined) throw malformed('the message ends in the middle of a field');
    return byte;
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

const varint = 0;
const fixed64 = 1;
const lengthDelimited = 2;
const fixed32 = 5;
const empty = Buffer.alloc(0);
