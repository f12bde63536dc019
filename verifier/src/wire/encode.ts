// SPDX-License-Identifier: Apache-2.0

/** A length-delimited protobuf field; left out when empty, as proto3 does. */
export function bytesField(field: number, value: Uint8Array): Buffer {
  return value.length === 0 ? empty : Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(value.length)]), value]);
}

/** A sub-message: unlike bytes it is written even when it is empty. */
export function messageField(field: number, body: Uint8Array): Buffer {
  return body.length === 0 ? Buffer.from([(field << 3) | 2, 0]) : bytesField(field, body);
}

/** An unsigned integer field; left out when 0. */
export function uintField(field: number, value: number): Buffer {
  return value === 0 ? empty : Buffer.from([field << 3, ...varint(value)]);
}

/** The bytes of a protobuf varint. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

/** A field to write: bytes, left out when empty, or a flag, left out when false. Its number is below 16. */
export type WriterField = readonly [number, Uint8Array | boolean];

/** Writes sub-messages one after the other into one buffer that grows as needed. */
export class Writer {
  private buffer = Buffer.allocUnsafe(4096);
  private length = 0;

  /** Appends one sub-message with these fields. */
  message(field: number, fields: readonly WriterField[]): void {
    let size = 0;
    for (const [, value] of fields) size += fieldSize(value);
    this.reserve(size + 11);
    this.header(field, size);
    for (const [number, value] of fields) {
      if (value === false || (value !== true && value.length === 0)) continue;
      if (value === true) {
        this.buffer[this.length++] = number << 3;
        this.buffer[this.length++] = 1;
      } else {
        this.header(number, value.length);
        this.buffer.set(value, this.length);
        this.length += value.length;
      }
    }
  }

  /** What was written so far. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private header(field: number, size: number): void {
    this.buffer[this.length++] = (field << 3) | 2;
    let rest = size;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.buffer[this.length++] = (rest % 128) | 0x80;
    this.buffer[this.length++] = rest;
  }

  private reserve(size: number): void {
    if (this.length + size <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + size));
    larger.set(this.bytes());
    this.buffer = larger;
  }
}

function fieldSize(value: Uint8Array | boolean): number {
  if (typeof value === 'boolean') return value ? 2 : 0;
  if (value.length === 0) return 0;
  let size = 2 + value.length;
  for (let rest = value.length; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

const empty = Buffer.alloc(0);
