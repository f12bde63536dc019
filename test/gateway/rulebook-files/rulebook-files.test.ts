// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { knownRules } from 'yuanliu-chaincode/kind/rule';
import { differences } from 'yuanliu-gateway/rulebook-files/difference';
import { readRulebookFile } from 'yuanliu-gateway/rulebook-files/read';
import { shippedFile, shippedRulebook, shippedRulebooks } from 'yuanliu-gateway/rulebook-files/shipped';
import { demoRulebook } from 'yuanliu-demo/rulebook';
import { cast, openCity, refusal } from '../../builders';

const NOW = '2026-06-01T02:00:00.000Z';
let folder: string;
let national: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yuanliu-rulebook-'));
  national = await readFile(shippedFile('national-2025'), 'utf8');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Checks the national rulebook with one text in place of another; the line that the text stood in comes with it. */
async function mended(text: string | RegExp, other: string): Promise<{ found: string[]; line: number }> {
  const file = join(folder, 'rulebook.yaml');
  const at = national.search(text instanceof RegExp ? text : new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  expect(at).toBeGreaterThan(-1);
  await writeFile(file, national.replace(text, other));
  const { problems, body } = readRulebookFile(file, NOW);
  expect(body === undefined).toBe(problems.length > 0);
  return {
    found: problems.map(({ line, path, code }) => `${line} ${path} ${code}`),
    line: national.slice(0, at).split('\n').length,
  };
}

test.each(shippedRulebooks)('%s speaks of every rule of the contract, and fits it (fault E4)', (name) => {
  const { problems, remarks, body, form } = readRulebookFile(shippedFile(name), NOW);
  expect(problems).toEqual([]);
  expect(Object.keys(body?.rules ?? {}).sort()).toEqual([...knownRules.keys()].sort());
  expect(remarks.filter(({ code }) => code === 'illustrative' || code === 'calendar-ends')).toEqual([]);
  const numbers = [...Object.values(form?.periods ?? {}), ...Object.values(form?.limits ?? {})];
  expect(numbers.filter(({ origin }) => origin === 'law').length).toBeGreaterThan(3);
});

test('the national rulebook has the numbers of the national texts', () => {
  const { periods, limits, rules } = shippedRulebook('national-2025');
  expect(periods.publicity).toBe('10wd');
  expect(limits).toMatchObject({
    'registration-acceptance': '3wd',
    'registration-review': '20wd',
    'registration-validity': 'P3Y',
  });
  expect(rules['publicity-over']?.article).toBe('《公共数据资源登记管理暂行办法》第十二条、第十三条');
  expect(rules['operator-redevelops']?.article).toBe('第六条');
});

test('the demonstration adopts the file, with other periods and parts alone', () => {
  const changed = differences(shippedRulebook('shanghai-draft-2025'), demoRulebook).map(({ path }) => path);
  expect(changed.filter((path) => !/^(periods|limits|parts|demonstration)\b|\.dueWithin$/.test(path))).toEqual([]);
  expect(changed).toContain('periods.publicity');
});

test('a ledger takes each shipped rulebook as it is', async () => {
  const city = await openCity('empty');
  try {
    const { authority } = cast;
    const files = [shippedRulebook('shanghai-draft-2025'), shippedRulebook('national-2025')] as const;
    const roles = files.map(({ region }) => ({ role: 'data-authority', region })); // it amends what it reaches
    await city.act(authority, 'organization:admit', authority.code, {
      name: '数据主管部门',
      msp: authority.msp,
      roles,
    });
    await city.act(authority, 'rulebook:adopt', 'city', files[0]);
    const body = files[1];
    const without = { ...body.rules['not-wider'], notApplicable: '本地不适用' };
    const rules = { ...body.rules, 'not-wider': without };
    const error = await refusal(city.act(authority, 'rulebook:amend', 'city', { ...body, rules }));
    expect(JSON.stringify(error.details)).toContain('rule not-wider always applies');
    const { record } = await city.act(authority, 'rulebook:amend', 'city', body);
    expect((record.body as { source?: object }).source).toMatchObject({ number: 'national-2025.yaml' });
  } finally {
    await city.close();
  }
});

test('an unknown rule is named with its line', async () => {
  const { found, line } = await mended(/^ {2}not-wider:/m, '  not-broader:');
  expect(found).toContain(`${line + 1} rules.not-broader unknown-rule`);
});

test('a missing rule is named', async () => {
  const { found } = await mended(/^ {2}not-wider:\n(?: {4}.*\n)+/m, '');
  expect(found).toEqual([expect.stringMatching(/^\d+ rules missing-rule$/)]);
});

test.each([
  [
    'a number without origin',
    'publicity: { value: 10wd, origin: law, source: reg26, article: 第十二条 }',
    'publicity: 10wd',
    'no-origin',
  ],
  [
    'a number of law without its article',
    'value: 3wd, origin: law, source: reg26, article: 第十条',
    'value: 3wd, origin: law',
    'law-without-article',
  ],
  [
    'a local number without a reason',
    /value: P3D, origin: local, why: 事后[^}]*/,
    'value: P3D, origin: local ',
    'no-reason',
  ],
  ['a period that is none', 'publicity: { value: 10wd', 'publicity: { value: ten days', 'bad-period'],
  [
    'a source that is not there',
    'value: 20wd, origin: law, source: reg26',
    'value: 20wd, origin: law, source: reg99',
    'unknown-source',
  ],
] as const)('%s is named with its line', async (_what, text, other, code) => {
  const { found, line } = await mended(text, other);
  expect(found).toEqual([expect.stringMatching(new RegExp(`^${line} \\S+ ${code}$`))]);
});

test('a rule that no jurisdiction does without is not set aside', async () => {
  const { found } = await mended(/^ {2}not-wider:\n/m, '  not-wider:\n    mode: not-applicable\n    why: 不适用\n');
  expect(found).toEqual([expect.stringMatching(/ rules\.not-wider always-applied$/)]);
});

test('a rule that refuses is given no due date', async () => {
  const { found } = await mended(
    /^ {2}not-wider:\n/m,
    '  not-wider:\n    mode: due\n    dueWithin: { value: 5wd, origin: local, why: 试行 }\n',
  );
  expect(found).toEqual([expect.stringMatching(/ rules\.not-wider\.mode not-recordable$/)]);
});

test('a file that is no YAML, no rulebook or not there says so, and where', async () => {
  expect((await mended(/^form: 1$/m, 'form: [1')).found[0]).toMatch(/ not-yaml$/);
  expect((await mended(/^form: 1$/m, 'form: 2')).found).toEqual([expect.stringMatching(/^\d+ form malformed$/)]);
  expect((await mended(/^region: .*$/m, 'region: here')).found).toEqual([expect.stringMatching(/ region malformed$/)]);
  const { problems } = readRulebookFile(join(folder, 'none.yaml'));
  expect(problems).toMatchObject([{ code: 'unreadable', params: { why: 'ENOENT' } }]);
});

test('a calendar that ends soon and a text that has ended are remarks, with their lines', () => {
  const codes = (now: string) =>
    readRulebookFile(shippedFile('national-2025'), now)
      .remarks.filter(({ code }) => code === 'calendar-ends' || code === 'source-ended')
      .map(({ line, path, code, params }) => [line > 1, path, code, params['next'] ?? params['until']]);
  expect(codes('2026-11-01T00:00:00.000Z')).toEqual([[true, 'calendar', 'calendar-ends', '2027']]);
  expect(codes('2031-01-01T00:00:00.000Z').map(([, , code]) => code)).toContain('source-ended');
});

test('a difference says what changes, and for whom', () => {
  const after = { ...demoRulebook, limits: { ...demoRulebook.limits, 'registration-acceptance': '3wd' } };
  expect(differences(demoRulebook, after)).toEqual([
    { path: 'limits.registration-acceptance', after: '3wd', acts: ['registration:accept'], roles: ['registrar'] },
  ]);
  expect(differences(demoRulebook, demoRulebook)).toEqual([]);
});
