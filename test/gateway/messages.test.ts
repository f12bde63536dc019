// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractMessages, languages, slotsOf } from 'yuanliu-chaincode/messages';
import { statuses } from 'yuanliu-gateway/errors/problem';
import { gatewayMessages, say, textOf, titles } from 'yuanliu-gateway/messages/index';
import { issuesOf, says } from 'yuanliu-gateway/messages/issues';
import { z } from 'zod';

const { entries } = gatewayMessages;
const SOURCE = join(__dirname, '..', '..', 'gateway', 'src');

test('every message has both languages, with the same slots, and a remedy in both or in neither', () => {
  expect(Object.keys(entries['zh-CN']).sort()).toEqual(Object.keys(entries.en).sort());
  const shape = (text = ''): string[] => slotsOf(text).map((slot) => JSON.stringify(slot));
  for (const [code, [message, remedy]] of Object.entries(entries.en)) {
    const [translated, whatToDo] = entries['zh-CN'][code] ?? [''];
    const slots = [...shape(message), ...shape(remedy)];
    expect([code, new Set([...shape(translated), ...shape(whatToDo)])]).toEqual([code, new Set(slots)]);
    expect([code, whatToDo === undefined]).toEqual([code, remedy === undefined]);
  }
});

test('no text mixes the languages: Chinese has no English sentence, English no Chinese', () => {
  for (const [code, texts] of Object.entries(entries['zh-CN']))
    for (const text of texts) {
      if (text === undefined || text.replaceAll(/\{[^}]*\}/g, '').trim() === '') continue;
      expect([code, text]).toEqual([code, expect.stringMatching(/\p{Script=Han}/u)]);
      const words = text.replaceAll(/\{[^}]*\}|`[^`]*`|"[^"]*"/g, '');
      expect([code, words]).toEqual([code, expect.not.stringMatching(/[a-z]{2,} [a-z]{2,} [a-z]{2,}/)]);
    }
  for (const [code, texts] of Object.entries(entries.en))
    expect([code, texts.join(' ')]).toEqual([code, expect.not.stringMatching(/\p{Script=Han}/u)]);
});

test('no code is the contract’s too, and none is unused', () => {
  const code = sources(SOURCE)
    .filter((file) => !file.includes(join('src', 'messages', 'en')) && !file.includes(join('src', 'messages', 'zh-CN')))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const composed = ['stream-'];
  const unused = Object.keys(entries.en).filter(
    (one) => !code.includes(`'${one}'`) && !composed.some((start) => one.startsWith(start)),
  );
  expect(unused).toEqual([]);
  expect(Object.keys(entries.en).filter((one) => contractMessages.has(one))).toEqual([]);
});

test('every problem has a title in both languages', () => {
  for (const language of languages) expect(Object.keys(titles[language]).sort()).toEqual(Object.keys(statuses).sort());
});

test('says a message of the contract inside its own, in one language (fault E6)', () => {
  const why = contractMessages.message('no-such-act', { act: 'resource:fly' });
  const said = say('body-unreadable', { why });
  expect(said).toMatchObject({
    code: 'body-unreadable',
    message: expect.stringMatching(/^the body cannot be read: there is/) as string,
  });
  expect(textOf('zh-CN', { code: 'body-unreadable', params: said.params ?? {} })).toEqual({
    message: '无法读取请求体：没有 resource:fly 这一事项',
    remedy: '事项写作 kind:act，例如 resource:anchor',
  });
});

test('a schema’s own checks say what is wrong by code and params', () => {
  const digits = z.strictObject({ n: z.string().regex(/^\d+$/, says('not-whole', { least: 3 })) });
  const { error } = digits.safeParse({ n: 'x' });
  expect(error && issuesOf(error)).toEqual([
    { path: 'n', code: 'not-whole', params: { least: 3 }, message: 'is not a whole number from 3' },
  ]);
});

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}
