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

const empty = Buffer.alloc(0);
