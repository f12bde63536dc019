// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoCode } from 'yuanliu-demo/cast';
import type { RunFile } from 'yuanliu-cli/run-file';
import { encoded, type Written } from '../encoded';
import { ended, said, spawnDemo, startDemo, type RunningCity } from '../journeys/city';

// Each command is a process of its own, which takes seconds on a busy machine.
jest.setTimeout(300_000);

const CLI = join(__dirname, '..', '..', 'cli', 'dist', 'yuanliu.js');

const ANCHORED = '{"title":"防汛监测","domain":"城市治理","region":"310000"}';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What doctor says of a stopped gateway. */
interface Whole {
  readonly digest: string;
  readonly blocks: number;
}

function yuanliu(...args: readonly string[]): Promise<Outcome> {
  return yuanliuWith({}, args);
}

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array;
}

function yuanliuWith({ env, input }: Surroundings, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { encoding: 'utf8', env: { ...process.env, ...env } } as const;
    const child = execFile(process.execPath, [CLI, ...args], options, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
    if (input !== undefined) child.stdin?.end(input);
  });
}

describe('against a running demonstration', () => {
  let city: RunningCity;
  let data: readonly string[];
  beforeAll(async () => {
    city = await startDemo();
    data = ['--data', city.directory];
  }, 120_000);
  afterAll(() => city.stop());

  test('act performs an act once under its key, prints its receipt, and says when it repeats (fault D9)', async () => {
    const call = [
      'act',
      'finding:raise',
      'F-cli',
      '{"about":"product/P-score","summary":"抽查"}',
      '--as',
      'supervisor',
      '--key',
      'k1',
      ...data,
    ];
    const first = await yuanliu(...call);
    const again = await yuanliu(...call);
    expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/transaction [0-9a-f]{64} in block \d+/) });
    expect(again.out).toMatch(/^done before under the key k1, nothing was written now/);
    expect(again.out.split('\n').slice(1).join('\n')).toBe(first.out);
  });

  test('trace --impact draws what depends on a link; account lists the acts on a chain', async () => {
    const impact = await yuanliu('trace', 'agreement/AGR-2026', '--impact', '--as', 'implementing-agency', ...data);
    expect(impact).toMatchObject({ code: 0, out: expect.stringMatching(/impact\n[\s\S]*grant\/GRANT-credit@1/) });
    expect(impact.out).not.toContain('origins');
    const account = await yuanliu('account', 'usage/U-score-1', '--limit', '200', '--as', 'supervisor', ...data);
    expect(account.out).toMatch(/usage\/U-score-1@1[\s\S]*approved plan\/PLAN-2026@1 批复 演示〔2026〕1号/);
    const page = await yuanliu(
      'get',
      'product/P-score',
      '--history',
      '--limit',
      '1',
      '--as',
      'operator',
      '--json',
      ...data,
    );
    expect(JSON.parse(page.out)).toMatchObject({ items: [{ version: 1 }], cursor: expect.any(String) });
  });

  test('procedures tells what did not go by the ordinary course, and why', async () => {
    const past = {
      subject: 'product/P-score@1',
      authority: 'grant/GRANT-credit',
      purpose: '普惠金融授信',
      action: 'use',
      occurredAt: '2020-01-01T00:00:00Z',
      late: { reason: '上线前的使用', documents: [`sha256:${'0'.repeat(64)}`] },
    };
    const by = ['--as', '普惠金融数据开发公司(演示)', ...data];
    expect((await yuanliu('act', 'usage:record', 'U-past', JSON.stringify(past), ...by)).code).toBe(0);
    const { out } = await yuanliu('procedures', '--deviation', 'backfilled', '--as', 'supervisor', ...data);
    expect(out).toMatch(/usage:record usage\/U-past@1 .*backfilled[\s\S]*上线前的使用[\s\S]*unjudged chain-stands/);
    expect(await yuanliu('procedures', '--duty', 'soon', ...data)).toMatchObject({
      code: 3,
      err: expect.stringContaining('is none of open, overdue, met, met-late'),
    });
  });

  test('a dry run of a misuse says that it would be recorded with its violations, and open a finding (fault E15)', async () => {
    const misuse = (purpose: string): string =>
      JSON.stringify({ subject: 'product/P-score@1', authority: 'grant/GRANT-credit', purpose, action: 'use' });
    const by = ['--as', '普惠金融数据开发公司(演示)', '--dry-run', ...data];
    const broken = await yuanliu('act', 'usage:record', 'U-dry', misuse('转售'), ...by);
    expect(broken).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^would be recorded with [1-9] violations? and open a finding: usage\/U-dry@1/),
    });
    const lawful = await yuanliu('act', 'usage:record', 'usage/U-dry', misuse('普惠金融授信'), ...by);
    expect(lawful).toMatchObject({ code: 0, out: expect.stringMatching(/^would be accepted: usage\/U-dry@1/) });
  });

  test('act KIND:ACT --help shows who may act, the fields, and an example that the gateway accepts (fault E14)', async () => {
    const { code, out } = await yuanliu('act', 'resource:anchor', '--help');
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/by {6}department, supplier[\s\S]*title {2,}required/),
    });
    const [, input = ''] = /yuanliu act resource:anchor ID '(.+)' --dry-run/.exec(out) ?? [];
    const tried = ['act', 'resource:anchor', 'R-help', input, '--dry-run', '--as', '城市治理主管部门(演示)', ...data];
    expect(await yuanliu(...tried)).toMatchObject({ code: 0, out: expect.stringContaining('would be accepted') });
    expect((await yuanliu('act', 'resource:none', '--help')).out).toContain('  resource:anchor');
  });

  test('a refusal exits with 3 and says rule, article and what to do', async () => {
    const input = '{"subject":"product/P-score@1","authority":"grant/GRANT-credit","purpose":"转售","action":"use"}';
    const { code, err } = await yuanliu(
      'act',
      'usage:request',
      'U-cli',
      input,
      '--as',
      '普惠金融数据开发公司(演示)',
      '--dry-run',
      ...data,
    );
    expect(code).toBe(3);
    expect(err).toMatch(/REFUSED.*\n {2}rule within-chain \(第二十二条\)[\s\S]*→/);
  });

  test('wrong usage exits with 2 and says how it is done', async () => {
    expect(await yuanliu('act', 'nonsense:x', 'ID', ...data)).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no kind'),
    });
    expect(await yuanliu('get', 'P-score', ...data)).toMatchObject({
      code: 2,
      err: expect.stringContaining('kind/id'),
    });
    expect(await yuanliu('act', 'finding:raise', 'F-1', '{', ...data)).toMatchObject({
      code: 2,
      err: expect.stringContaining('not JSON'),
    });
    expect((await yuanliu('dance')).code).toBe(2);
  });

  test('says in its own words what is missing: a file, a token, a field', async () => {
    const asDepartment = ['--as', '金融服务主管部门(演示)', ...data];
    expect(await yuanliu('import', 'no/such.csv', ...asDepartment)).toMatchObject({
      code: 1,
      err: 'there is no no/such.csv: check its name\n',
    });
    const anonymous = await yuanliu('act', 'finding:raise', 'F-1', '{"about":"product/P-score"}', ...data);
    expect(anonymous).toMatchObject({ code: 3, err: expect.stringMatching(/needs a token\n {2}→ say who asks: --as/) });
    const misspelt = await yuanliu('act', 'resource:anchor', 'X-1', '{"titel":"a"}', ...asDepartment);
    expect(misspelt).toMatchObject({ code: 3, err: expect.stringMatching(/\n {2}.*titel\n/) });
  });

  test('a role that several accounts hold is asked about, not guessed', async () => {
    const { code, err } = await yuanliu('list', 'usage', '--as', 'department', ...data);
    expect(code).toBe(2);
    expect(err).toMatch(/9 accounts[\s\S]*城市治理主管部门/);
  });

  test('list filters, get reads, trace draws both trees, --json prints JSON', async () => {
    expect((await yuanliu('list', 'product', 'state=released', ...data)).out.trim().split('\n')).toHaveLength(2);
    const got = JSON.parse((await yuanliu('get', 'product/P-score@1', '--json', ...data)).out) as {
      record: { id: string };
    };
    expect(got.record.id).toBe('P-score');
    const drawn = (await yuanliu('trace', 'product/P-basic', '--as', 'supervisor', ...data)).out;
    expect(drawn).toMatch(/origins[\s\S]*└─ resource\/R-[\s\S]*destinations[\s\S]*usage\/U-score-1@1/);
    const json = JSON.parse((await yuanliu('trace', 'product/P-basic', '--json', ...data)).out) as object;
    expect(Object.keys(json)).toEqual(['origins', 'destinations']);
  });

  test('organisations are printed by name, states and roles in Chinese, each beside its code (fault E12)', async () => {
    const as = ['--as', 'supervisor', ...data];
    const drawn = (await yuanliu('trace', 'product/P-basic', ...as)).out;
    expect(drawn).toMatch(/product\/P-basic@\d+ .*\[released\]\n.* develop by \D+ [0-9A-Z]{18} \(operator\)/);
    expect(drawn).toMatch(/on the basis of agreement\/AGR-2026 signed/);
    const listed = (await yuanliu('list', 'grant', ...as)).out;
    expect(listed).toMatch(
      /^grant\/GRANT-credit@1 .*\[in-force\] issue \d{4}-\d\d-\d\d [\d:]{8} by \D+ [0-9A-Z]{18}$/m,
    );
    const account = (await yuanliu('account', 'usage/U-score-1', '--limit', '200', ...as)).out;
    expect(account).toContain('· issue');
    expect(account).toMatch(/ {4}\D+ [0-9A-Z]{18} .* \(implementing-agency\) tx /);
    const read = (await yuanliu('get', 'grant/GRANT-credit', ...as)).out;
    expect(read).toMatch(/\[in-force\][\s\S]*developer: \D+ [0-9A-Z]{18}\n/);
    const agency = ['--as', 'implementing-agency', ...data];
    const work = (await yuanliu('get', 'grant/GRANT-credit', '--acts', ...agency)).out;
    expect(work).toMatch(/\[in-force\]\npossible\n[\s\S]*grant:suspend as implementing-agency/);
    const none = (await yuanliu('worklist', '--kind', 'grant', ...agency)).out;
    expect(none).toMatch(/^Nothing of this sort waits for you/);
    for (const out of [drawn, listed, account, read, work]) expect(out).not.toMatch(/\b([a-z-]{4,})(?:, | )\1\b/);
  });

  test('import tells a result per row and exits with 3 where one did not go on chain', async () => {
    const file = join(city.directory, 'rows.csv');
    await writeFile(file, '\ufeffdomain,category,item\n城市治理,演示,甲\n城市治理,演示,甲\n城市治理,演示,乙\n');
    const first = await yuanliu('import', file, '--as', '城市治理主管部门(演示)', ...data);
    expect(first).toMatchObject({
      code: 3,
      out: expect.stringMatching(/line 3 .*duplicate[\s\S]*2 anchored, 1 duplicate/),
    });
    await writeFile(file, 'domain,category,item\n城市治理,演示,甲\n城市治理,演示,乙\n');
    expect(await yuanliu('import', file, '--as', '城市治理主管部门(演示)', ...data)).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 unchanged'),
    });
  });

  test('an option that says who acts counts before the environment, and an empty variable is none (fault D1) (fault D9)', async () => {
    const accounts = JSON.parse(await readFile(join(city.directory, 'run.json'), 'utf8')) as RunFile;
    const token = accounts.accounts.find(({ role }) => role === 'operator')?.token ?? '';
    const anchor = (id: string): string[] => ['act', 'resource:anchor', id, ANCHORED, '--as', '城市治理主管部门(演示)'];
    expect((await yuanliuWith({ env: { YUANLIU_TOKEN: token } }, [...anchor('R-as'), ...data])).code).toBe(0);
    const { out } = await yuanliu('get', 'resource/R-as', '--as', '城市治理主管部门(演示)', ...data);
    const code = accounts.accounts.find(({ name }) => name === '城市治理主管部门(演示)')?.organization ?? '';
    expect(out).toContain(`provider: 城市治理主管部门(演示) ${code}`);
    const file = join(city.directory, 'as.csv');
    await writeFile(file, '领域,名称\n城市治理,谁的\n');
    const sent = ['import', file, '--as', '城市治理主管部门(演示)', '--json', ...data];
    const report = JSON.parse((await yuanliuWith({ env: { YUANLIU_TOKEN: token } }, sent)).out) as {
      organization: string;
    };
    expect(report.organization).toBe(code);
    expect(await yuanliuWith({ env: { YUANLIU_TOKEN: '' } }, [...anchor('R-empty'), ...data])).toMatchObject({
      code: 0,
    });
    const both = [...anchor('R-both'), '--token', token, ...data];
    expect(await yuanliu(...both)).toMatchObject({ code: 2, err: expect.stringContaining('give one') as string });
    const environment = ['list', 'usage', ...data];
    expect((await yuanliuWith({ env: { YUANLIU_TOKEN: 'no-token' } }, environment)).code).toBe(3);
  });

  describe('text that a command reads', () => {
    const WRITTEN: readonly Written[] = [
      'utf-8',
      'utf-8 with BOM',
      'gb18030',
      'big5',
      'utf-16le with BOM',
      'utf-16be with BOM',
    ];
    const by = ['--as', '城市治理主管部门(演示)'];

    test.each(WRITTEN)('in %s is what it says: a file, standard input, a CSV (fault D2)', async (written) => {
      const title =
        written === 'big5' ? '桃園市身心障礙者臨時照顧服務中心名冊' : '防汛监测设施巡查维护记录与预警信息发布情况';
      const id = `R-${written.replaceAll(/\W/g, '')}`;
      const json = encoded(`{"title":"${title}","domain":"${id}","region":"310000"}`, written);
      const file = join(city.directory, `${id}.json`);
      await writeFile(file, json);
      expect(await yuanliu('act', 'resource:anchor', `${id}-F`, `@${file}`, ...by, ...data)).toMatchObject({ code: 0 });
      const piped = ['act', 'resource:anchor', `${id}-I`, '-', ...by, ...data];
      expect(await yuanliuWith({ input: json }, piped)).toMatchObject({ code: 0 });
      await writeFile(file, encoded(`domain,item,id\n${id},${title},${id}-C\n`, written));
      expect(await yuanliu('import', file, ...by, ...data)).toMatchObject({ code: 0 });
      const { out } = await yuanliu('list', 'resource', `domain=${id}`, ...by, ...data);
      expect(out.split('\n').filter((line) => line.includes(` ${title} `))).toHaveLength(3);
    });

    test('that fits two encodings is asked about, at each entrance, and read as stated (fault D2)', async () => {
      const json = encoded('{"title":"药品目录","domain":"医药","region":"310000"}', 'gb18030');
      const file = join(city.directory, 'doubt');
      const doubt = { code: 2, err: expect.stringMatching(/GB18030[\s\S]*--encoding/) as string };
      await writeFile(file, json);
      const act = ['act', 'resource:anchor', 'R-doubt', `@${file}`, ...by, ...data];
      expect(await yuanliu(...act)).toMatchObject(doubt);
      expect(await yuanliuWith({ input: json }, act.with(3, '-'))).toMatchObject(doubt);
      expect(await yuanliu(...act, '--encoding', 'gbk')).toMatchObject({ code: 0 });
      expect(await yuanliu(...act, '--encoding', 'utf-16')).toMatchObject({ code: 2 });
      await writeFile(file, encoded('domain,category,item\n医药,医院,药品目录\n', 'gb18030'));
      const sent = ['import', file, ...by, ...data];
      expect(await yuanliu(...sent)).toMatchObject({ code: 3, err: doubt.err });
      expect(await yuanliu(...sent, '--encoding', 'gbk')).toMatchObject({ code: 0 });
      await writeFile(file, encoded('network: 网络\n', 'gb18030'));
      expect(await yuanliu('serve', '--config', file)).toMatchObject({ code: 2 });
      await writeFile(file, Buffer.from('504b0304', 'hex'));
      expect(await yuanliu('serve', '--config', file)).toMatchObject({
        code: 2,
        err: expect.stringContaining('.xlsx') as string,
      });
    });
  });

  test('a list takes one value of a field, and says so (fault D9)', async () => {
    const twice = await yuanliu('list', 'resource', 'domain=城市治理', 'domain=金融服务', ...data);
    expect(twice).toMatchObject({ code: 2, err: expect.stringContaining('domain is given twice') as string });
  });

  test('import names columns, takes constants, and splits a file by provider (fault E10)', async () => {
    const file = join(city.directory, 'whole.csv');
    await writeFile(
      file,
      '单位,資料名\n城市治理主管部门(演示),路灯\n金融服务主管部门(演示),网点\n城市治理主管部门(演示),井盖\n',
    );
    const chosen = ['--columns', 'item=資料名,provider=单位', '--set', 'domain=公共'];
    const parts = join(city.directory, 'parts');
    const split = await yuanliu('import', file, ...chosen, '--split', parts);
    expect(split).toMatchObject({
      code: 0,
      out: expect.stringMatching(/2 rows of 城市治理主管部门\(演示\) → [\s\S]*1 rows of 金融/) as string,
    });
    for (const [n, name] of ['城市治理主管部门(演示)', '金融服务主管部门(演示)'].entries()) {
      const part = join(parts, `00${n + 1}-${name}.csv`);
      expect(await yuanliu('import', part, ...chosen, '--as', name, ...data)).toMatchObject({
        code: 0,
        out: expect.stringContaining(`${2 - n} anchored`) as string,
      });
    }
    expect((await yuanliu('import', file, ...chosen, '--split', parts)).code).toBe(1);
    const foreign = await yuanliu('import', file, ...chosen, '--as', '金融服务主管部门(演示)', ...data);
    expect(foreign).toMatchObject({
      code: 3,
      out: expect.stringMatching(/单位 is 城市治理主管部门[\s\S]*--split/) as string,
    });
  });

  test('accounts are accepted by name wherever an organisation is named (fault E16) (fault D9)', async () => {
    const name = '城市治理主管部门(演示)';
    const person = ['阿卜杜拉·买买提', '--organization', name, ...data];
    expect(await yuanliu('identity', 'register', ...person)).toMatchObject({
      code: 0,
      out: expect.stringContaining('阿卜杜拉·买买提') as string,
    });
    expect((await yuanliu('identity', 'list', '--organization', name, ...data)).out).toContain('阿卜杜拉·买买提');
    expect((await yuanliu('procedures', '--organization', name, ...data)).code).toBe(0);
    const token = await yuanliu('token', name, '阿卜杜拉·买买提', ...data);
    const acting = ['act', 'resource:anchor', 'R-abdullah', ANCHORED, '--token', token.out.trim(), ...data];
    expect(await yuanliu(...acting)).toMatchObject({ code: 0 });
    const unknown = ['procedures', '--organization', '没有这个局', ...data];
    expect(await yuanliu(...unknown)).toMatchObject({ code: 2, err: expect.stringContaining('There are:') as string });
  });

  test('every command that reads prints JSON of its answer, or of its refusal, with --json (fault E16)', async () => {
    const refused: readonly (readonly string[])[] = [
      ['act', 'finding:raise', 'F-9', '{"about":"product/P-score"}'],
      ['get', 'product/P-none'],
      ['list', 'usage', 'nothing=1'],
      ['trace', 'product/P-none'],
      ['worklist'],
      ['procedures', '--duty', 'soon'],
      ['account', 'usage/U-none'],
      ['import', join(__dirname, '..', '..', 'docs', 'week.csv')],
      ['identity', 'renew', '没有', '--organization', demoCode(100)],
    ];
    for (const command of refused) {
      const { code, out, err } = await yuanliu(...command, '--json', ...data);
      const { error } = JSON.parse(out) as { error: { exit: number; message: string; problem: { code: string } } };
      expect({ command, code, err }).toEqual({ command, code: 3, err: '' });
      expect(error).toMatchObject({ exit: 3, message: expect.stringMatching(/./) as string });
      expect(error.problem.code).toMatch(/^[A-Z_]+$/);
    }
    const read = await yuanliu('get', 'product/P-score', ...data);
    expect(read.out).toMatch(/^product\/P-score@\d+ [\s\S]*\n {2}title: /);
    expect((await yuanliu('get', 'product/P-score', '--history', ...data)).out).toMatch(/→ @1 \[/);
  });

  test('doctor tells how a running gateway is; a second gateway on its folder is refused', async () => {
    expect(JSON.parse((await yuanliu('doctor', '--json', ...data)).out)).toMatchObject({
      running: true,
      status: { rulebook: 1 },
    });
    const doctor = await yuanliu('doctor', ...data);
    expect(doctor).toMatchObject({ code: 0, out: expect.stringMatching(/✓ Node .*✓ a gateway runs.*✓ ledger at/s) });
    expect(doctor.out).toMatch(/^! not checked while it runs: blocks, state/m);
    expect(await yuanliu('doctor', '--deep', ...data)).toMatchObject({
      code: 1,
      err: expect.stringContaining('stop it'),
    });
    expect(await yuanliu('log-level', 'warn', ...data)).toMatchObject({ code: 0, out: 'warn\n' });
    expect(await yuanliu('log-level', ...data)).toMatchObject({ code: 0, out: 'warn\n' });
    const second = await yuanliu('serve', '--port', '0', '--admin-port', '0', ...data);
    expect(second).toMatchObject({ code: 1, err: expect.stringMatching(/another process|in use/) });
  });

  test('identity enrols, lists and revokes a person, and revokes nobody unasked', async () => {
    const listed = await yuanliu('identity', 'list', '--limit', '1', '--json', ...data);
    const [first] = (JSON.parse(listed.out) as { items: { organization: string }[] }).items;
    const organization = first?.organization ?? '';
    const person = ['新人', '--organization', organization, ...data];
    const enrolled = await yuanliu('identity', 'enrol', ...person);
    expect(enrolled).toMatchObject({ code: 0, out: expect.stringMatching(/enrolled +\d{4}-.*新人/) });
    expect(await yuanliu('identity', 'revoke', ...person)).toMatchObject({
      code: 1,
      err: expect.stringContaining('--yes'),
    });
    const revoked = await yuanliu('identity', 'revoke', '--yes', '--reason', 'superseded', ...person);
    expect(revoked).toMatchObject({ code: 0, out: expect.stringMatching(/revoked .*\(superseded\)/) });
    expect(await yuanliu('identity', 'renew', ...person)).toMatchObject({ code: 3, err: expect.stringContaining('→') });
    expect((await yuanliu('identity', 'list', '--state', 'revoked', ...data)).out.trim().split('\n')).toHaveLength(2);
    expect(await yuanliu('identity', 'rotate-key', ...data)).toMatchObject({
      code: 1,
      err: expect.stringContaining('one process holds them'),
    });
  });

  test('backup of a running gateway restores to a folder that another one serves, and writes over nothing (fault A3)', async () => {
    const file = join(city.directory, 'running.backup');
    const restored = `${city.directory}-restored`;
    expect(await yuanliu('backup', file, ...data)).toMatchObject({
      code: 0,
      out: expect.stringContaining('up to block'),
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await yuanliu('backup', file, ...data)).toMatchObject({ code: 1, err: expect.stringContaining('already') });
    expect(await yuanliu('restore', file, '--data', city.directory)).toMatchObject({
      code: 1,
      err: expect.stringContaining('not empty'),
    });
    expect(await yuanliu('restore', file, '--data', restored)).toMatchObject({
      code: 1,
      err: expect.stringContaining('--store-key'),
    });
    const key = join(city.directory, 'identities', 'store.key');
    const other = join(city.directory, 'other.key');
    await writeFile(other, 'ab'.repeat(32), { mode: 0o600 });
    expect(await yuanliu('restore', file, '--store-key', other, '--data', restored)).toMatchObject({
      code: 1,
      err: expect.stringContaining('was made with the key'),
    });
    await expect(stat(restored)).rejects.toThrow('ENOENT');
    expect(await yuanliu('restore', file, '--store-key', key, '--data', restored)).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /proven from the pinned genesis block [0-9a-f]{64}[\s\S]*each as its last valid write in the blocks; no others[\s\S]*index rebuilt to the digest/,
      ),
    });
    expect((await stat(restored)).mode & 0o777).toBe(0o700);
    await rm(restored, { recursive: true });
  });

  test('run.json is for its owner only', async () => {
    expect((await stat(join(city.directory, 'run.json'))).mode & 0o777).toBe(0o600);
  });
});

describe('on a stopped one', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yuanliu-cli-'));
    const demo = spawnDemo(directory, ['--exit']);
    await said(demo, 'checked: ');
    await ended(demo);
  }, 120_000);
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test('reindex gives the digest that doctor finds', async () => {
    const before = JSON.parse((await yuanliu('doctor', '--json', '--data', directory)).out) as Whole;
    const { digest } = JSON.parse((await yuanliu('reindex', '--json', '--data', directory)).out) as { digest: string };
    expect(digest).toBe(before.digest);
    expect(before.blocks).toBeGreaterThan(10);
  });

  test('doctor says what it did not check, and checks it when asked (fault A3)', async () => {
    const plain = await yuanliu('doctor', '--data', directory);
    expect(plain).toMatchObject({ code: 0, out: expect.stringMatching(/^! state: not compared with the blocks$/m) });
    expect(plain.out).not.toMatch(/✓ state/);
    expect(await yuanliu('doctor', '--deep', '--data', directory)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^✓ state: \d+ values, each as its last valid write in the blocks; no others$/m),
    });
  });

  test('backup and restore give the same blocks and digest', async () => {
    const [file, restored] = [join(directory, 'stopped.backup'), join(directory, 'restored')];
    const key = join(directory, 'identities', 'store.key');
    expect(await yuanliu('backup', file, '--data', directory)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`keep a copy of ${key} elsewhere`),
    });
    const outcome = await yuanliu('restore', file, '--json', '--store-key', key, '--data', restored);
    const { blocks, digest } = JSON.parse((await yuanliu('doctor', '--json', '--data', directory)).out) as Whole;
    expect(JSON.parse(outcome.out)).toMatchObject({ blocks, digest });
    expect(await yuanliu('backup', join(restored, 'x'), '--data', join(directory, 'none'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('holds no embedded ledger'),
    });
  });

  test('a command that needs a gateway exits with 4 and says how to start one', async () => {
    expect(await yuanliu('list', 'product', '--data', directory)).toMatchObject({
      code: 4,
      err: expect.stringContaining('yuanliu serve'),
    });
  });

  test('--ledger fabric says how to get a network where there is none, and goes on with no other ledger’s folder', async () => {
    const fabric = ['demo', '--exit', '--ledger', 'fabric', '--network', join(directory, 'nowhere')];
    expect(await yuanliu(...fabric, '--data', join(directory, 'new'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('npm run network -- up'),
    });
    expect(await yuanliu(...fabric, '--data', directory)).toMatchObject({
      code: 1,
      err: expect.stringContaining('holds a demonstration on the embedded ledger: --fresh deletes it'),
    });
  });

  test('--fresh deletes nothing that is no demonstration, and asks where somebody can answer', async () => {
    const other = await mkdtemp(join(tmpdir(), 'yuanliu-other-'));
    await writeFile(join(other, 'precious.txt'), 'x');
    expect(await yuanliu('demo', '--fresh', '--yes', '--exit', '--data', other)).toMatchObject({
      code: 1,
      err: expect.stringContaining('no demonstration'),
    });
    expect((await stat(join(other, 'precious.txt'))).size).toBe(1);
    expect(await yuanliu('demo', '--fresh', '--exit', '--data', directory)).toMatchObject({
      code: 1,
      err: expect.stringContaining('--yes'),
    });
    await rm(other, { recursive: true });
  });
});

test('serve without a token to give refuses production with the built-in issuer', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-prod-'));
  const outcome = await new Promise<Outcome>((resolve) => {
    const env = { ...process.env, NODE_ENV: 'production' };
    execFile(
      process.execPath,
      [CLI, 'serve', '--data', directory, '--port', '0', '--admin-port', '0'],
      { env },
      (error, out, err) => {
        resolve({ code: error ? Number(error.code) : 0, out, err });
      },
    );
  });
  expect(outcome).toMatchObject({ code: 1, err: expect.stringContaining('YUANLIU_AUTH=oidc') });
  await rm(directory, { recursive: true });
});
