// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slotsOf } from 'yuanliu-chaincode/messages';
import { languageAsked } from 'yuanliu-cli/lang';
import { cliMessages } from 'yuanliu-cli/words/index';

const { entries } = cliMessages;
const SOURCE = join(__dirname, '..', '..', 'cli');
const CLI = join(SOURCE, 'dist', 'yuanliu.js');

test('every text of the command line has both languages, with the same slots (fault E20)', () => {
  expect(Object.keys(entries['zh-CN']).sort()).toEqual(Object.keys(entries.en).sort());
  const shape = (text = ''): string[] => slotsOf(text).map((slot) => JSON.stringify(slot));
  for (const [code, [message, remedy]] of Object.entries(entries.en)) {
    const [translated, whatToDo] = entries['zh-CN'][code] ?? [''];
    const slots = [...shape(message), ...shape(remedy)];
    expect([code, new Set([...shape(translated), ...shape(whatToDo)])]).toEqual([code, new Set(slots)]);
    expect([code, whatToDo === undefined]).toEqual([code, remedy === undefined]);
    expect([code, [message, remedy].join(' ')]).toEqual([code, expect.not.stringMatching(/\p{Script=Han}/u)]);
  }
});

test('no text of the command line is unused', () => {
  const composed = ['title-', 'word-', 'result-', 'would-'];
  const source = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/^(?:dist|words)/.test(name))
    .map((name) => readFileSync(join(SOURCE, name), 'utf8'))
    .join('\n');
  const notUsed = Object.keys(entries.en).filter(
    (code) => !source.includes(`'${code}'`) && !composed.some((start) => code.startsWith(start)),
  );
  expect(notUsed).toEqual([]);
});

test.each([
  [['list', '--lang', 'en'], { LANG: 'zh_CN.UTF-8' }, 'en'],
  [['--lang=zh-CN', 'list'], { LANG: 'en_US.UTF-8' }, 'zh-CN'],
  [['list'], { LC_ALL: 'en_GB.UTF-8', LANG: 'zh_CN.UTF-8' }, 'en'],
  [['list'], { LC_ALL: '', LANG: 'en_US.UTF-8' }, 'en'],
  [['list'], { LANG: 'C.UTF-8' }, 'zh-CN'],
  [['list'], {}, 'zh-CN'],
  [['list', '--lang'], {}, 'zh-CN'],
])('%j with %j is answered in %s', (words, env, language) => {
  expect(languageAsked(words, env)).toBe(language);
});

test('help, wrong usage and failures are in one language (fault E20)', async () => {
  const nowhere = await unused();
  const said = async (lang: string): Promise<string> => {
    const asked = [['--help'], ['list'], ['list', 'resource', '--bad'], ['get', 'product/P', '--gateway', nowhere]];
    return (await Promise.all(asked.map((words) => outputOf([...words, '--lang', lang])))).join('\n');
  };
  const [english, chinese] = [await said('en'), await said('zh-CN')];
  expect(english).not.toMatch(/\p{Script=Han}/u);
  expect(english).toContain("error: unknown option '--bad'");
  expect(chinese).toContain('没有选项 --bad');
  expect(await outputOf(['help', 'act', 'resource:anchor', '--lang', 'zh-CN'])).toContain('resource:anchor  上链');
  expect(chinese).toContain(`${nowhere} 没有网关应答`);
  expect(chinese).not.toMatch(/[a-z]{2,} [a-z]{2,} [a-z]{2,} [a-z]{2,}/);
});

function outputOf(words: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...words], (_error, out, err) => {
      resolve(out + err);
    });
  });
}

/** An address at which nothing listens. */
async function unused(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}
