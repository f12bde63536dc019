// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, startGateway, type Gateway } from 'yuanliu-gateway';
import { demoCode } from 'yuanliu-demo/cast';

// Each command is a process of its own, which takes seconds on a busy machine.
jest.setTimeout(600_000);

const ROOT = join(__dirname, '..', '..');
const CLI = join(ROOT, 'cli', 'dist', 'yuanliu.js');
const RULEBOOK = join(ROOT, 'rulebooks', 'national-2025.yaml');
const ORGANIZATIONS = join(ROOT, 'docs', 'organizations.csv');

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let folder: string;
let data: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yuanliu-first-'));
  data = join(folder, 'data');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const own = { ...process.env, YUANLIU_DATA: data, LANG: 'C.UTF-8', ...env };
    execFile(program, args, { encoding: 'utf8', cwd: ROOT, env: own }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

const yuanliu = (...args: readonly string[]): Promise<Outcome> => run(process.execPath, [CLI, ...args]);
const init = (organizations: string, ...more: readonly string[]): Promise<Outcome> =>
  yuanliu('init', '--rulebook', RULEBOOK, '--organizations', organizations, ...more);

function commandsOf(file: string): string[] {
  const fences = readFileSync(join(ROOT, file), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm);
  return [...fences].flatMap(([, body]) => (body ?? '').trim().split('\n'));
}

/** A file with rows below the header of the example. */
function fileOf(name: string, ...rows: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, `机构名称,统一社会信用代码,角色,区划,用户,监管职能\n${rows.join('\n')}\n`);
  return file;
}

describe('a file that is wrong leaves nothing behind', () => {
  afterEach(() => {
    expect(() => readFileSync(join(data, 'run.json'))).toThrow('ENOENT');
  });

  test('and each wrong row is named with its line, in either language (fault E4)', async () => {
    const good = `甲(演示),${demoCode(601)},数据主管部门,430000,综合岗,`;
    const rows = [
      good,
      `乙(演示),11310000DEM000001X,登记员,430000,登记岗,`,
      `丙(演示),${demoCode(601)},登记机构,,登记岗,`,
    ];
    const { code, err } = await init(fileOf('wrong.csv', ...rows));
    expect(code).toBe(2);
    expect(err).toContain('wrong.csv:3: 11310000DEM000001X 不是统一社会信用代码');
    expect(err).toContain('wrong.csv:3: 没有角色 登记员');
    expect(err).toContain('wrong.csv:4: 区划 为空');
    expect(err).toContain('3 处问题，尚未写入任何内容');
    expect((await init(fileOf('wrong.csv', ...rows), '--lang', 'en')).err).toContain('wrong.csv:4: 区划 is empty');
  });

  test('nor a file without a founder, without a column, or with a rulebook that does not fit (fault E4)', async () => {
    const registrar = fileOf('none.csv', `乙(演示),${demoCode(602)},登记机构,430000,登记岗,`);
    expect((await init(registrar)).err).toContain('没有数据主管部门');
    const elsewhere = fileOf('region.csv', `甲(演示),${demoCode(601)},数据主管部门,310000,综合岗,`);
    expect((await init(elsewhere)).err).toContain('区划 310000 不含规则库的区划 430000');
    const file = join(folder, 'column.csv');
    writeFileSync(file, `机构名称,代号\n甲,1\n`);
    expect((await init(file)).err).toContain('不认识的列 代号');
    const rulebook = join(folder, 'rulebook.yaml');
    writeFileSync(
      rulebook,
      readFileSync(RULEBOOK, 'utf8').replace('publicity: { value: 10wd,', 'publicity: { value: 10,'),
    );
    const refused = await yuanliu('init', '--rulebook', rulebook, '--organizations', ORGANIZATIONS);
    expect(refused).toMatchObject({
      code: 2,
      err: expect.stringMatching(/rulebook\.yaml:\d+ periods\.publicity: 10 不是期限/),
    });
  });

  test('and without a terminal what is not given is named, not asked for', async () => {
    const { code, err } = await yuanliu('init', '--rulebook', RULEBOOK);
    expect(code).toBe(2);
    expect(err).toContain('缺少 --organizations');
  });
});

describe('the guide', () => {
  const commands = commandsOf('docs/first-hour.md');
  const before = commands.filter((command) => !command.includes('--token') && !command.includes('--current'));
  const after = commands.filter((command) => !before.includes(command));
  let gateway: Gateway | undefined;
  afterAll(() => gateway?.close());

  test('has the same commands in both languages', () => {
    expect(commandsOf('docs/first-hour.zh-CN.md')).toEqual(commands);
    expect([before.length, after.length]).toEqual([2, 4]);
  });

  test.each(before)('%s', async (command) => {
    const { code, out } = await run('bash', ['-c', command]);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/\S/) });
  });

  test('what is repeated changes nothing, and a longer file admits who is new (fault E4)', async () => {
    const again = await init(ORGANIZATIONS);
    expect(again.code).toBe(0);
    expect(again.out).toContain('此前已经完成');
    expect(again.out).toContain('此前已经采用');
    expect(again.out).toContain('新准入 0 个机构，7 个此前已经准入');
    expect(again.out).toContain('下一步');
    const blocks = (text: string) => /检查：(\d+) 个区块/.exec(text)?.[1];
    const longer = join(folder, 'longer.csv');
    cpSync(ORGANIZATIONS, longer);
    writeFileSync(longer, `某省教育部门(示例),${demoCode(603)},行业主管部门,430000,数据资源岗,\n`, { flag: 'a' });
    const more = await init(longer);
    expect(more.out).toContain('新准入 1 个机构，7 个此前已经准入');
    expect(Number(blocks(more.out))).toBe(Number(blocks(again.out)) + 1);
    const otherName = readFileSync(ORGANIZATIONS, 'utf8').replace('某数据运营公司(示例)', '另一名称(示例)');
    writeFileSync(longer, otherName);
    expect((await init(longer)).out).toMatch(/另一名称\(示例\).*与文件不同，未作变更：核对文件第 5 行/);
  });

  test('its last part runs against the gateway that serves it', async () => {
    const settings = { YUANLIU_DATA: data, YUANLIU_PORT: '0', YUANLIU_ADMIN_PORT: '0', YUANLIU_LOG_LEVEL: 'error' };
    gateway = await startGateway(readConfig(settings));
    const file = join(data, 'run.json');
    const known = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...known, gateway: gateway.url, admin: gateway.adminUrl }));
    const outs: string[] = [];
    for (const command of after) {
      const { code, out, err } = await run('bash', ['-c', command]);
      expect({ command, code, err }).toMatchObject({ code: 0 });
      outs.push(out);
    }
    expect(outs[0]).toMatch(/没有待办：目前没有等待贵单位办理的事项/);
    expect(outs[1]).toContain('They say the same.');
    expect(outs[3]).toMatch(/resource\/FIRST-1@1 .*\n\s+编目 resource:catalogue/);
    expect((await init(ORGANIZATIONS)).err).toContain('正在运行');
    const page = await fetch(gateway.url);
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain('yuanliu init');
    expect(text).not.toContain('<script');
  });
});
