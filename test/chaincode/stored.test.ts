// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kind, type Kind } from 'yuanliu-chaincode/kind/kind';
import { kinds } from 'yuanliu-chaincode/kinds';
import { contractMessages, languages, type Text } from 'yuanliu-chaincode/messages';
import type { LedgerRecord, Unjudged } from 'yuanliu-chaincode/kind/record';
import { upgraded } from 'yuanliu-chaincode/kind/schema';
import { z } from 'zod';

/** A record as it was stored under one schema of its kind; a schema that was released keeps its file for good. */
function golden(name: string, schema: number): LedgerRecord {
  const file = join(__dirname, 'golden', `${name}-${schema}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as LedgerRecord;
}

const stored = kinds.flatMap((one) =>
  Array.from({ length: one.schema }, (_, i): [string, number, Kind] => [one.name, i + 1, one]),
);

test.each(stored)('a %s stored under schema %i reads as one of now, saying what it said', (_, schema, of) => {
  const record = golden(of.name, schema);
  expect(record).toMatchObject({ kind: of.name, schema });
  const read = upgraded(record);
  expect(read.schema).toBe(of.schema);
  expect(of.body.parse(read.body)).toEqual(read.body); // nothing is stripped or filled in silently
  expect(of.states).toContain(read.state);
});

test('a breach that was stored as English text keeps that text, in every language', () => {
  const before = golden('usage', 1);
  const [first] = before.act.violations as unknown as readonly Text[];
  const { act } = upgraded(before);
  expect(act.violations.map(({ code }) => code)).toEqual(before.act.violations.map(() => 'stored-text'));
  for (const language of languages)
    for (const one of act.violations.slice(0, 1))
      expect(contractMessages.textOf(language, one)).toEqual({ message: first?.message, remedy: first?.remedy });
  const why = { rule: 'r', article: '第一条', why: 'not known' } as unknown as Unjudged;
  const { unjudged } = upgraded({ ...before, act: { ...before.act, violations: [], unjudged: [why] } }).act;
  expect(unjudged?.map((one) => contractMessages.textOf('zh-CN', one))).toEqual([{ message: 'not known' }]);
});

describe('a body of an older schema', () => {
  kind('schema-example', {
    title: '示例',
    plural: 'schema-examples',
    schema: 2,
    body: z.strictObject({ names: z.array(z.string()) }),
    states: ['there'],
    parties: () => [],
    upgrade: (body) => ({ names: [z.object({ name: z.string() }).parse(body).name] }),
  });
  const { act, timeline } = upgraded(golden('usage', 1));
  const of = (schema: number, body: object): LedgerRecord => {
    return { kind: 'schema-example', id: 'E-1', version: 1, state: 'there', history: 1, schema, body, act, timeline };
  };

  test('is upgraded where it is read, and a current one is left as it is', () => {
    expect(upgraded(of(1, { name: '甲' }))).toMatchObject({ schema: 2, body: { names: ['甲'] } });
    const current = of(2, { names: [] });
    expect(upgraded(current)).toBe(current);
  });

  test('is not guessed at if it is newer than this program', () => {
    expect(() => upgraded(of(3, {}))).toThrow('schema-example/E-1 has schema 3; this program knows 2: update it');
  });
});
