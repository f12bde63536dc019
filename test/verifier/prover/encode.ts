// SPDX-License-Identifier: Apache-2.0
import { varint } from 'yuanliu-verifier/wire/encode';

/** A field: its number, and a value. An array repeats the field, undefined leaves it out, anything else is written. */
export type Field = readonly [number, Value | readonly Value[] | undefined];
type Value = Uint8Array | string | number | boolean;

/** A protobuf message, written field by field as given: also twice, out of order, or with nothing in it. */
export function encode(...fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.flatMap(([field, value]) => values(value).map((one) => encodeField(field, one))));
}

function values(value: Field[1]): readonly Value[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Value[]) : [value as Value];
}

function encodeField(field: number, value: Value): Buffer {
  if (typeof value === 'number' || typeof value === 'boolean') {
    return Buffer.from([...varint(field * 8), ...varint(Number(value))]);
  }
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(bytes.length)]), bytes]);
}
