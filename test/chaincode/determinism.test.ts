// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');
const SOURCE = join(ROOT, 'chaincode', 'src');

/** What gives different answers on different endorsers: clocks, chance, locale, environment, schedule. */
const FORBIDDEN = [
  /^Date\.now$/,
  /^Math\.random$/,
  /^performance\b/,
  /^process\b/,
  /^Intl\b/,
  /^(set|clear)(Timeout|Interval|Immediate)$/,
  /^queueMicrotask$/,
  /^crypto\.(random|getRandom)/,
  /^random(Bytes|UUID|Int|FillSync)?$/,
  /\.(toLocale\w*|localeCompare|getTimezoneOffset)$/,
  /\.(get|set)(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds)$/,
  /\.getState(ByRange|ByPartialCompositeKey)\w*$/, // phantom conflicts: point reads only
  /\.(getQueryResult|getHistoryForKey)\w*$/,
];

function calls(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) found.push(node.expression.getText(source));
    if (ts.isPropertyAccessExpression(node)) found.push(node.getText(source));
    if (ts.isNewExpression(node) && node.expression.getText(source) === 'Date' && !node.arguments?.length)
      found.push('Date.now');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

test.each(files)('%s calls nothing that differs between endorsers', (name) => {
  const found = calls(join(SOURCE, name)).filter((call) => FORBIDDEN.some((pattern) => pattern.test(call)));
  expect(found).toEqual([]);
});

test('the search finds what it forbids', () => {
  expect(FORBIDDEN.some((pattern) => pattern.test('Date.now'))).toBe(true);
  expect(FORBIDDEN.some((pattern) => pattern.test('a.localeCompare'))).toBe(true);
  expect(FORBIDDEN.some((pattern) => pattern.test('Date.UTC'))).toBe(false);
});

test('the same random histories leave the same read-write sets in another time zone, language and seed', async () => {
  const run = promisify(execFile);
  const script = join(ROOT, 'test', 'dist', 'chaincode', 'random-history.js');
  const replay = async (env: NodeJS.ProcessEnv, flags: string[]): Promise<string> => {
    const { stdout } = await run(process.execPath, [...flags, script, '400', '20260101'], {
      env: { PATH: process.env.PATH, ...env },
    });
    return stdout;
  };
  const [here, there] = await Promise.all([
    replay({ TZ: 'Asia/Shanghai', LANG: 'zh_CN.UTF-8', LC_ALL: 'zh_CN.UTF-8' }, ['--hash-seed=1', '--random-seed=1']),
    replay({ TZ: 'America/St_Johns', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }, [
      '--hash-seed=77',
      '--random-seed=99',
    ]),
  ]);
  expect(there).toBe(here);
  const summary = JSON.parse(here.trim().split('\n').at(-1) ?? '') as { accepted: number; refused: number };
  expect(summary.accepted).toBeGreaterThan(100);
  expect(summary.refused).toBeGreaterThan(50);
}, 120_000);
