// SPDX-License-Identifier: Apache-2.0
import { bytesField, messageField, uintField } from 'yuanliu-verifier/wire/encode';
import type { Case } from './cases.js';
import { delimited } from './fields.js';
import { buildEnvelope, CHAINCODE, type Parts, readField, text, type Twist, writeField } from './layers.js';
import type { World } from './world.js';

/** A key that the block before wrote, in block 1 by transaction 0. */
export const SETUP_KEYS = ['setup-a', 'setup-b', 'setup-c'] as const;

/** What a read-write set can hold that no honest simulation does, or seldom. */
export function keySetCases(parts: (world: World, key: string) => Parts): Case[] {
  const there = uintField(1, 1);
  const metadata = (key: string, entries: number): Buffer =>
    messageField(
      4,
      Buffer.concat([text(1, key), ...Array.from({ length: entries }, () => messageField(2, text(1, 'N')))]),
    );
  const range = (...infos: Buffer[]): Buffer =>
    messageField(2, Buffer.concat([text(1, 'setup-'), text(2, 'setup-z'), uintField(3, 1), ...infos]));
  const seen = SETUP_KEYS.map((key) => readField(key, there));
  const raw = (reads: readonly Buffer[]): Buffer => delimited(4, Buffer.concat(reads));
  const merkle = delimited(5, Buffer.concat([uintField(1, 2), uintField(2, 1), bytesField(3, Buffer.alloc(32, 1))]));
  const sets: Record<string, (key: string) => Buffer[]> = {
    'a key written twice': (key) => [writeField(key, '1'), writeField(key, '2')],
    'a key written three times': (key) => [1, 2, 3].map((value) => writeField(key, String(value))),
    'a key written and deleted': (key) => [writeField(key, '1'), writeField(key, '')],
    'a key deleted twice': (key) => [writeField(key, ''), writeField(key, '')],
    'metadata of a key that is not there': (key) => [metadata(key, 1)],
    'metadata written and deleted': (key) => [metadata(key, 1), metadata(key, 0)],
    'a key and its metadata': (key) => [writeField(key, '1'), metadata(key, 1)],
    'a key and no metadata of it': (key) => [writeField(key, '1'), metadata(key, 0)],
    'a read of a key that is there': () => [readField(SETUP_KEYS[0], there)],
    'a read of another version': () => [readField(SETUP_KEYS[0], uintField(1, 2))],
    'a read of a version of 64 bits': () => [readField(SETUP_KEYS[0], Buffer.from('08ffffffffffffffffff01', 'hex'))],
    'a read of a version in two parts': () => [
      messageField(
        1,
        Buffer.concat([text(1, SETUP_KEYS[0]), messageField(2, there), messageField(2, uintField(2, 0))]),
      ),
    ],
    'a read of a version in another order': () => [
      messageField(1, Buffer.concat([messageField(2, there), text(1, 'wrong'), text(1, SETUP_KEYS[0])])),
    ],
    'a read of version 0 of nothing': (key) => [readField(`no-${key}`, Buffer.alloc(0))],
    'a range that is as it was': () => [range(raw(seen))],
    'a range in two parts': () => [range(raw(seen.slice(0, 1)), raw(seen.slice(1)))],
    'a range with a phantom': () => [range(raw(seen.slice(0, 2)))],
    'a range, then a summary of it': () => [range(raw(seen), merkle)],
    'a summary, then the range': () => [range(merkle, raw(seen))],
    'a range, a summary, the range': () => [range(raw(seen.slice(0, 1)), merkle, raw(seen))],
    'an empty range': () => [range(raw([]))],
    'no result of a range': () => [range()],
    'an unknown field beside the keys': (key) => [writeField(key, '1'), Buffer.from('9a0603616263', 'hex')],
  };
  const named = Object.entries(sets).map(([name, set]) => ({
    name: `keys: ${name}`,
    build: (world: World, key: string) => buildEnvelope({ ...parts(world, key), keys: Buffer.concat(set(key)) }, same),
  }));
  return [...named, ...ofNamespaces(parts)];
}

function ofNamespaces(parts: (world: World, key: string) => Parts): Case[] {
  const namespace = (name: string, key: string): Buffer =>
    messageField(2, Buffer.concat([text(1, name), bytesField(2, writeField(key, '1'))]));
  const collection = (name: string, ...writes: Buffer[]): Buffer =>
    messageField(
      3,
      Buffer.concat([text(1, name), bytesField(2, Buffer.concat(writes.map((one) => messageField(2, one))))]),
    );
  const hashed = (...fields: Buffer[]): Buffer => Buffer.concat([bytesField(1, Buffer.alloc(32, 3)), ...fields]);
  const value = bytesField(3, Buffer.alloc(32, 4));
  const cases: Record<string, (key: string) => Partial<Parts>> = {
    'its own namespace twice': (key) => ({ moreResults: namespace(CHAINCODE, `${key}-b`) }),
    'the namespace of another chaincode': (key) => ({ moreResults: namespace('other', key) }),
    'two more namespaces': (key) => ({ moreResults: Buffer.concat([namespace('b', key), namespace('a', key)]) }),
    'the namespace of another chaincode twice': (key) => ({
      moreResults: Buffer.concat([namespace('other', key), namespace('other', `${key}-b`)]),
    }),
    'an organisation’s implicit collection': (key) => ({
      keys: readField(`no-${key}`),
      moreNamespace: collection('_implicit_org_AgencyMSP', hashed(value)),
    }),
    'a private key deleted': () => ({ moreNamespace: collection('_implicit_org_AgencyMSP', hashed(uintField(2, 1))) }),
    'a private key written twice': () => ({
      moreNamespace: collection('_implicit_org_OperatorMSP', hashed(value), hashed(value)),
    }),
    'a collection twice': () => ({
      moreNamespace: Buffer.concat([
        collection('_implicit_org_DepartmentMSP', hashed(value)),
        collection('_implicit_org_DepartmentMSP', hashed(value)),
      ]),
    }),
    'a private value of nothing': () => ({
      moreNamespace: collection(
        '_implicit_org_AuthorityMSP',
        hashed(bytesField(3, Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex'))),
      ),
    }),
  };
  return Object.entries(cases).map(([name, change]) => ({
    name: `namespaces: ${name}`,
    build: (world, key) => buildEnvelope({ ...parts(world, key), ...change(key) }, same),
  }));
}

const same: Twist = (_, bytes) => bytes;
