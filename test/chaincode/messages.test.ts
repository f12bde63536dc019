// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueOf, contractMessages, languages, slotsOf, worded } from 'yuanliu-chaincode/messages';

const { entries } = contractMessages;

test('every message has both languages, with the same slots, and a remedy in both or in neither (fault E6)', () => {
  expect(Object.keys(entries['zh-CN']).sort()).toEqual(Object.keys(entries.en).sort());
  const shape = (text = ''): string[] => slotsOf(text).map(({ name }) => name);
  for (const [code, [message, remedy]] of Object.entries(entries.en)) {
    const [translated, whatToDo] = entries['zh-CN'][code] ?? [''];
    const slots = [...shape(message), ...shape(remedy)];
    expect([code, new Set([...shape(translated), ...shape(whatToDo)])]).toEqual([code, new Set(slots)]);
    expect([code, whatToDo === undefined]).toEqual([code, remedy === undefined]);
  }
});

test('every message is used', () => {
  const source = filesOf(join(__dirname, '..', '..', 'chaincode', 'src'))
    .concat(filesOf(join(__dirname, '..', '..', 'gateway', 'src')))
    .filter((file) => !file.includes(join('messages', 'en')) && !file.includes(join('messages', 'zh-CN')))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const composed = /^wider-(?:domains|resources|purposes)$/;
  const unused = Object.keys(entries.en).filter((code) => !composed.test(code) && !source.includes(`'${code}'`));
  expect(unused).toEqual([]);
});

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

describe('a catalogue', () => {
  const { message, textOf } = catalogueOf({
    en: {
      late: ['{ref:ref} was due {at:time}: {missing:text[]}', 'ask {who}'],
      outer: ['not done: {why:message}', '{why:remedy}'],
      done: ['done'],
    },
    'zh-CN': {
      late: ['{ref:ref}应于 {at:time} 前办理，尚缺{missing:text[]}', '请联系{who}'],
      outer: ['未办理：{why:message}', '{why:remedy}'],
      done: ['已办理'],
    },
  });
  const late = message('late', { ref: 'thing/A@2', at: '2026-12-02T16:00:00.000Z', missing: ['a', 'b'], who: 7 });

  test('says a message in each language: lists joined, times in Beijing time for readers of Chinese', () => {
    expect(textOf('en', late)).toEqual({
      message: 'thing/A@2 was due 2026-12-02T16:00:00.000Z: a, b',
      remedy: 'ask 7',
    });
    expect(textOf('zh-CN', late)).toEqual({
      message: 'thing A 第 2 版应于 2026-12-03 00:00:00 前办理，尚缺a、b',
      remedy: '请联系7',
    });
  });

  test('says a message inside another, with its remedy', () => {
    expect(textOf('zh-CN', message('outer', { why: late }))).toMatchObject({
      message: expect.stringMatching(/^未办理：thing A/) as string,
      remedy: '请联系7',
    });
    expect(textOf('en', message('outer', { why: message('done') }))).toEqual({ message: 'not done: done' });
  });

  test('keeps a few items of a long list, so that what is stored stays small', () => {
    const missing = Array.from({ length: 5000 }, (_, i) => `R-${i}`);
    const long = message('late', { ...late.params, ref: 'thing/A', at: '', missing, who: 'x' });
    expect(long.params['missing']).toEqual(['R-0', 'R-1', 'R-2', 'R-3', 'R-4', '…']);
    expect(textOf('en', long).message).toContain('R-0, R-1, R-2, R-3, R-4, …');
  });

  test('shows a code that it does not know, and slots that nothing fills', () => {
    expect(textOf('en', { code: 'of-a-newer-program', params: {} })).toEqual({ message: 'of-a-newer-program' });
    expect(textOf('en', { code: 'toString', params: {} })).toEqual({ message: 'toString' });
    expect(textOf('en', { code: 'late', params: {} }).message).toBe(' was due : ');
  });
});

test('an answer has every message in words, wherever it is, and is otherwise as it was', () => {
  const inner = { code: 'stored-text', params: { message: 'a', remedy: '' } };
  const answer = { items: [{ violations: [{ rule: 'r', ...inner }], code: 'R-1', body: null }], due: { note: inner } };
  expect(worded(answer, (one) => contractMessages.textOf('en', one))).toEqual({
    items: [{ violations: [{ rule: 'r', ...inner, message: 'a' }], code: 'R-1', body: null }],
    due: { note: { ...inner, message: 'a' } },
  });
});

test('texts say no more than their slots: no template is left in what people read', () => {
  for (const language of languages)
    for (const [code, texts] of Object.entries(entries[language])) {
      const bare = texts.join(' ').replaceAll(/\{[a-z][A-Za-z]*(?::[a-z]+(?:\[\])?)?\}/g, '');
      expect([code, bare]).toEqual([code, expect.not.stringMatching(/[{}]/)]);
    }
});
