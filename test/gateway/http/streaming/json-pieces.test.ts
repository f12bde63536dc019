// SPDX-License-Identifier: Apache-2.0
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { jsonPouring, jsonTexts } from 'yuanliu-gateway/http/streaming/json-pieces';

const asked = { patienceMs: 1000, organization: undefined, language: 'en' } as const;

test('an answer written in pieces is the JSON that it would be at a stretch', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constant(undefined),
    fc.array(fc.option(fc.jsonValue(), { nil: undefined })),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), (body) => {
      expect([...jsonTexts(body, 'en')].join('')).toBe(JSON.stringify(body));
    }),
  );
});

test('others get their turn while a long answer is written, and a short one is written at a stretch', async () => {
  const hop = { relation: 'wasDerivedFrom', from: 'product/P-1@1', to: 'resource/R-1@1', depth: 1 };
  const body = { root: 'product/P-1', hops: Array.from({ length: 300_000 }, () => hop), truncated: true };
  const seen = { writing: true, turns: 0 };
  const written = (async (): Promise<string> => {
    let text = '';
    for await (const piece of jsonPouring(body, asked)?.pieces ?? []) text += String(piece);
    seen.writing = false;
    return text;
  })();
  for (; seen.writing; seen.turns++) await turn();
  expect(await written).toBe(JSON.stringify(body));
  expect(seen.turns).toBeGreaterThan(10);
  expect(jsonPouring({ ...body, hops: body.hops.slice(0, 50) }, asked)).toBeUndefined();
  expect([undefined, null, 'text', 7].map((one) => jsonPouring(one, asked))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
}, 60_000);
