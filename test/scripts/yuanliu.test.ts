// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, said, spawnDemo, startDemo, type RunningCity } from '../journeys/city';

const CLI = join(__dirname, '..', '..', 'scripts', 'dist', 'yuanliu.js');

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
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { encoding: 'utf8' }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
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

  test('act performs an act once under its key, and prints its receipt', async () => {
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
    expect(again.out).toBe(first.out);
  });

  test('trace --impact draws what depends on a link; account lists the acts on a chain', async () => {
    const impact = await yuanliu('trace', 'agreement/AGR-2026', '--impact', '--as', 'implementing-agency', ...data);
    expect(impact).toMatchObject({ code: 0, out: expect.stringMatching(/影响 impact[\s\S]*grant\/GRANT-credit@1/) });
    expect(impact.out).not.toContain('来源');
    const account = await yuanliu('account', 'usage/U-score-1', '--limit', '200', '--as', 'supervisor', ...data);
    expect(account.out).toMatch(/usage\/U-score-1@1[\s\S]*批准 plan\/PLAN-2026@1 批复 演示〔2026〕1号/);
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
    expect(out).toMatch(
      /使用 usage:record usage\/U-past@1 .*补录 backfilled[\s\S]*上线前的使用[\s\S]*未能判定 unjudged chain-stands/,
    );
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
    expect((await yuanliu('act', 'resource:none', '--help')).out).toContain('resource:anchor  上链');
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
    expect(misspelt).toMatchObject({ code: 3, err: expect.stringMatching(/\n {2}Unrecognized key: "titel"\n/) });
  });

  test('a role that several accounts hold is asked about, not guessed', async () => {
    const { code, err } = await yuanliu('list', 'usage', '--as', 'department', ...data);
    expect(code).toBe(2);
    expect(err).toMatch(/9 accounts[\s\S]*城市治理主管部门/);
  });

  test('list filters, get reads, trace draws both trees, --json prints JSON', async () => {
    expect((await yuanliu('list', 'product', 'state=released', ...data)).out.trim().split('\n')).toHaveLength(2);
    const got = JSON.parse((await yuanliu('get', 'product/P-score@1', ...data)).out) as { record: { id: string } };
    expect(got.record.id).toBe('P-score');
    const drawn = (await yuanliu('trace', 'product/P-basic', '--as', 'supervisor', ...data)).out;
    expect(drawn).toMatch(/来源[\s\S]*└─ resource\/R-[\s\S]*去向[\s\S]*usage\/U-score-1@1/);
    const json = JSON.parse((await yuanliu('trace', 'product/P-basic', '--json', ...data)).out) as object;
    expect(Object.keys(json)).toEqual(['origins', 'destinations']);
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
        /all verified from certificates alone[\s\S]*each as its last valid write in the blocks; no others[\s\S]*index rebuilt to the digest/,
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
