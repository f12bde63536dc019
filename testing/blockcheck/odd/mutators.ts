// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { Random } from '../../random.js';
import { delimited, fieldsOf, type RawField } from './fields.js';

/** Changes a serialized message in one odd way. */
export type Mutate = (bytes: Buffer, random: Random) => Buffer;

/** What can be done to any protobuf message, by name. */
export const messageMutators: Readonly<Record<string, Mutate>> = {
  'an unknown empty group': appended('7b7c'),
  'an unknown group with fields': appended('7b080112016118007c'),
  'groups in a group': appended('7b7b7b7c7c7c'),
  'many nested groups': (bytes) => Buffer.concat([bytes, Buffer.alloc(200, 0x7b), Buffer.alloc(200, 0x7c)]),
  'groups as deep as Go follows': (bytes) =>
    Buffer.concat([bytes, Buffer.alloc(10_001, 0x7b), Buffer.alloc(10_001, 0x7c)]),
  'groups deeper than Go follows': (bytes) =>
    Buffer.concat([bytes, Buffer.alloc(10_002, 0x7b), Buffer.alloc(10_002, 0x7c)]),
  'a group that does not end': appended('7b'),
  'a group that ends as another': appended('7b8401'),
  'an end without a group': appended('7c'),
  'a group with a large field number': appended('7bf8ffffff3f007c'),
  'an unknown varint': appended('980601'),
  'an unknown varint of ten bytes': appended('9806ffffffffffffffffff01'),
  'an unknown varint over 64 bits': appended('9806ffffffffffffffffff02'),
  'an unknown fixed32': appended('9d0601020304'),
  'an unknown fixed64': appended('99060102030405060708'),
  'an unknown string': appended('9a0603616263'),
  'the largest field number': appended('faffffff0f00'),
  'a field number too large': appended('828080801000'),
  'field number 0': appended('0200'),
  'wire type 6': appended('9e06'),
  'wire type 7': appended('9f06'),
  'a tag of ten bytes': appended('9886808080808080800001'),
  'a length past the end': appended('9a067f61'),
  'a length of many bytes': appended('9a0683808080808080808000616263'),
  'cut at the end': (bytes) => bytes.subarray(0, -1),
  'nothing at all': () => Buffer.alloc(0),
  'a byte changed': (bytes, random) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[random.below(changed.length)] = random.below(256);
    return changed;
  },
  'a field twice': onField((one) => [one.bytes, one.bytes]),
  'a field twice, empty last': onField((one) => [one.bytes, delimited(one.field, Buffer.alloc(0))]),
  'a field twice, empty first': onField((one) => [delimited(one.field, Buffer.alloc(0)), one.bytes]),
  'a field twice, garbage first': onField((one) => [delimited(one.field, Buffer.from('ff8001', 'hex')), one.bytes]),
  'a field twice, garbage last': onField((one) => [one.bytes, delimited(one.field, Buffer.from('ff8001', 'hex'))]),
  'a field twice, not UTF-8 first': onField((one) => [delimited(one.field, Buffer.from([0xc3, 0x28])), one.bytes]),
  'a field in two parts': onField((one, random) => {
    const cut = random.below(one.content.length + 1);
    return [delimited(one.field, one.content.subarray(0, cut)), delimited(one.field, one.content.subarray(cut))];
  }),
  'a field in two parts, cut between its fields': onField(({ field, content, bytes }, random) => {
    const parts = attempt(() => fieldsOf(content).map((one) => one.bytes));
    if (!parts || parts.length < 2) return [bytes];
    const cut = 1 + random.below(parts.length - 1);
    return [parts.slice(0, cut), parts.slice(cut)].map((some) => delimited(field, Buffer.concat(some)));
  }),
  'a field with a varint of its number after it': onField((one) => [one.bytes, Buffer.from([one.field * 8, 5])]),
  'a field with a varint of its number before it': onField((one) => [Buffer.from([one.field * 8, 5]), one.bytes]),
  'a field with a group of its number': onField((one) => [
    one.bytes,
    Buffer.from([one.field * 8 + 3, 8, 1, one.field * 8 + 4]),
  ]),
  'a field with a fixed64 of its number': onField((one) => [one.bytes, Buffer.from([one.field * 8 + 1, ...zeros(8)])]),
  'a field left out': onField(() => []),
  'a field not UTF-8': onField((one) => [delimited(one.field, Buffer.concat([one.content, Buffer.from([0xff])]))]),
  'a field longer': onField((one) => [delimited(one.field, Buffer.concat([one.content, Buffer.from('x')]))]),
  'a tag and a length written long': onField(({ field, content }) => [
    Buffer.from([(field * 8 + 2) | 0x80, 0x80, 0x80, 0]),
    Buffer.from([(content.length & 0x7f) | 0x80, ((content.length >> 7) & 0x7f) | 0x80, content.length >> 14]),
    content,
  ]),
  'its fields the other way round': (bytes) =>
    Buffer.concat((attempt(() => fieldsOf(bytes)) ?? []).map((one) => one.bytes).reverse()),
  'every small field number as a string': (bytes) =>
    Buffer.concat([bytes, ...Array.from({ length: 12 }, (_, field) => delimited(field + 4, Buffer.from('é')))]),
  'every small field number as bytes': (bytes) =>
    Buffer.concat([bytes, ...Array.from({ length: 12 }, (_, field) => delimited(field + 4, randomBytes(3)))]),
  'a varint of 64 bits in each small field': (bytes) =>
    Buffer.concat([bytes, ...Array.from({ length: 9 }, (_, field) => varintField(field + 1, 'ffffffffffffffffff01'))]),
  'the first field with its high bits set': (bytes) => Buffer.concat([bytes, varintField(1, '83808080b080808001')]),
};

function appended(hex: string): Mutate {
  return (bytes) => Buffer.concat([bytes, Buffer.from(hex, 'hex')]);
}

/** Replaces one length-delimited field by others. */
function onField(replace: (field: RawField, random: Random) => Buffer[]): Mutate {
  return (bytes, random) => {
    const fields = attempt(() => fieldsOf(bytes)) ?? [];
    const candidates = fields.filter(({ type }) => type === 2);
    if (candidates.length === 0) return bytes;
    const chosen = random.pick(candidates);
    return Buffer.concat(fields.flatMap((one) => (one === chosen ? replace(one, random) : [one.bytes])));
  };
}

function varintField(field: number, hex: string): Buffer {
  return Buffer.concat([Buffer.from([field * 8]), Buffer.from(hex, 'hex')]);
}

function zeros(count: number): number[] {
  return Array<number>(count).fill(0);
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
