// SPDX-License-Identifier: Apache-2.0
import { malformed } from './error.js';

/** The wire types of protobuf. */
export const Wire = { varint: 0, fixed64: 1, lengthDelimited: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

interface Tag {
  readonly field: number;
  readonly type: number;
}

/** The tag at `start`, and where it ends (Go `protowire.ConsumeTag`). */
export function tagAt(source: Buffer, start: number, limit: number): Tag & { readonly end: number } {
  const end = wholeVarintEnd(source, start, limit);
  // The type is in the low bits of the first byte; a number too large to be exact is out of range in any case.
  const field = Math.floor(varintAt(source, start) / 8);
  if (field < 1 || field > 0x7fffffff) throw malformed(`field number ${field}`);
  return { field, type: (source[start] ?? 0) & 7, end };
}

/** Where the value at `start` ends; checks that it is whole, groups with all that is in them included. */
export function skipValue(source: Buffer, start: number, limit: number, { field, type }: Tag): number {
  if (type !== Wire.startGroup) return skipScalar(source, start, limit, type);
  const open = [field];
  let at = start;
  while (open.length > 0) {
    const tag = tagAt(source, at, limit);
    if (tag.type === Wire.endGroup) {
      if (open.pop() !== tag.field) throw malformed('a group that ends as another one');
      at = tag.end;
    } else if (tag.type === Wire.startGroup) {
      if (open.length > deepestGroup) throw malformed('groups nested too deeply');
      open.push(tag.field);
      at = tag.end;
    } else {
      at = skipScalar(source, tag.end, limit, tag.type);
    }
  }
  return at;
}

/** The 64 bits of the varint at `at`, which is whole. */
export function at64(source: Buffer, at: number): bigint {
  const end = varintEnd(source, at);
  if (end - at <= 7) return BigInt(varintAt(source, at));
  let value = 0n;
  for (let place = end - 1; place >= at; place--) value = (value << 7n) | BigInt((source[place] ?? 0) & 0x7f);
  return value;
}

function skipScalar(source: Buffer, start: number, limit: number, type: number): number {
  let end: number;
  if (type === Wire.varint) end = wholeVarintEnd(source, start, limit);
  else if (type === Wire.fixed64) end = start + 8;
  else if (type === Wire.fixed32) end = start + 4;
  else if (type === Wire.lengthDelimited) end = wholeVarintEnd(source, start, limit) + varintAt(source, start);
  else throw malformed(`wire type ${type}`);
  if (end > limit) throw malformed('a field runs past the end of its message');
  return end;
}

/** The value of a whole varint, exact up to 2^53. */
export function varintAt(source: Buffer, start: number): number {
  let value = 0;
  let scale = 1;
  for (let at = start; ; at++, scale *= 128) {
    const byte = source[at] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
  }
}

/** Where a varint ends: at most ten bytes, and no more than 64 bits. */
function wholeVarintEnd(source: Buffer, start: number, limit: number): number {
  const end = varintEnd(source, start);
  if (end > limit) throw malformed('the message ends in the middle of a field');
  if (end - start > 10 || (end - start === 10 && (source[end - 1] ?? 0) > 1)) throw malformed('a varint over 64 bits');
  return end;
}

/** Where a whole varint ends. */
export function varintEnd(source: Buffer, start: number): number {
  let at = start;
  while ((source[at] ?? 0) >= 0x80 && at - start < 10) at++;
  return at + 1;
}

/** As deep as Go follows them. */
const deepestGroup = 10_000;
