// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError, readConfig } from 'yuanliu-gateway';
import { keyOf, settings, variableOf } from 'yuanliu-gateway/config/settings';

const ROOT = join(__dirname, '..', '..', '..');
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'yuanliu-config-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function fileOf(text: string): { YUANLIU_CONFIG: string } {
  const file = join(directory, 'c.yaml');
  writeFileSync(file, text);
  return { YUANLIU_CONFIG: file };
}

function problemsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(`${directory}/`, '').split('\n  ').slice(1);
  }
  throw new Error('nothing was wrong');
}

test('a file says what the environment does not; the environment wins; defaults come last', () => {
  const environment = { ...fileOf('data: d\nport: 9000\nlogLevel: warn\n'), YUANLIU_LOG_LEVEL: 'error' };
  expect(readConfig(environment, { YUANLIU_PORT: '1', YUANLIU_WAIT_MS: '77' })).toMatchObject({
    directory: 'd',
    port: 9000,
    logLevel: 'error',
    limits: { waitMs: 77 },
  });
});

test('takes trusted proxies as addresses and ranges, none unless given, and nothing else', () => {
  const proxies = (list?: string): unknown =>
    readConfig({ YUANLIU_DATA: 'd', ...(list === undefined ? {} : { YUANLIU_TRUSTED_PROXIES: list }) }).limits
      .trustedProxies;
  expect([proxies(), proxies('10.0.0.0/8, ::1')]).toEqual([[], ['10.0.0.0/8', '::1']]);
  for (const list of ['true', '10.0.0.0/33', '1', '10.0.0.1,', 'loopback']) {
    expect(problemsOf({ YUANLIU_DATA: 'd', YUANLIU_TRUSTED_PROXIES: list })).toEqual([
      expect.stringMatching(/^YUANLIU_TRUSTED_PROXIES: set it to IP addresses or CIDR ranges/),
    ]);
  }
});

test('names the line, or the variable, of whatever is wrong, and the fix', () => {
  const file = fileOf('# c\nport: eighty\nprot: 1\nwaitMs: [1]\noidc:\n  issuer: x\nauth: oidc\nstoreKey: ab\n');
  expect(problemsOf({ ...file, YUANLIU_STREAMS: '0' })).toEqual([
    'c.yaml:4 waitMs: set it to one text or number',
    'c.yaml:5 oidc: set it to one text or number',
    'YUANLIU_DATA, or data in c.yaml: set it to the folder that holds, or shall hold, the data',
    'c.yaml:2 port: set it to a whole number from 0 to 65535',
    'YUANLIU_STREAMS: set it to a whole number from 1 to 10000',
    expect.stringMatching(/^c\.yaml:3 prot: not known; known are data, host, port, adminPort/),
    expect.stringMatching(
      /^c\.yaml:8 storeKey: not known \(the key of the identity store is no setting: set YUANLIU_STORE_KEY/,
    ),
  ]);
  expect(problemsOf(fileOf('data: d\nauth: oidc\noidcIssuer: https://id.example\n'))).toEqual([
    'YUANLIU_OIDC_JWKS_URL, or oidcJwksUrl in c.yaml: set it: YUANLIU_AUTH=oidc takes tokens of that provider',
  ]);
});

test('a file that is none is said', () => {
  expect(problemsOf({ YUANLIU_CONFIG: join(directory, 'none.yaml'), YUANLIU_DATA: 'd' })).toEqual([
    'none.yaml: it cannot be read (ENOENT): name a file of settings',
  ]);
  expect(problemsOf({ ...fileOf('port: 1\n- x\n'), YUANLIU_DATA: 'd' })).toEqual([
    expect.stringMatching(/^c\.yaml:2: it is not YAML: /),
  ]);
  expect(problemsOf({ ...fileOf('port: 1\nport: 2\n'), YUANLIU_DATA: 'd' })).toEqual([expect.stringMatching(/unique/)]);
  expect(problemsOf({ ...fileOf('- port\n'), YUANLIU_DATA: 'd' })).toEqual([
    'c.yaml:1: write one setting a line, such as port: 8080',
  ]);
});

interface Setting {
  readonly variable: string;
  readonly fallback: string | number | undefined;
  readonly meaning: string;
}

const all: readonly Setting[] = Object.entries(settings.shape).map(([variable, schema]) => ({
  variable,
  fallback: z.union([z.string(), z.number()]).optional().parse(schema.safeParse(undefined).data),
  meaning: schema.description ?? '',
}));

test('every variable has one key in a file', () => {
  for (const { variable } of all) expect(variableOf(keyOf(variable))).toBe(variable);
});

/** What stands between marks in a file; written there first with UPDATE_GOLDEN=1. */
function standsIn(file: string, [begin, end]: readonly [string, string], wanted: string): void {
  const path = join(ROOT, file);
  const text = readFileSync(path, 'utf8');
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  if (process.env['UPDATE_GOLDEN']) writeFileSync(path, text.slice(0, from) + wanted + text.slice(to));
  else expect(text.slice(from, to)).toBe(wanted);
}

test('the table in the README is what the schema says', () => {
  const rows = all.map(({ variable, fallback, meaning }) => {
    expect([variable, meaning]).not.toEqual([variable, '']);
    const shown = fallback === undefined ? '—' : String(fallback);
    return `| \`${variable}\` | \`${keyOf(variable)}\` | ${shown} | ${meaning} |`;
  });
  const table = ['', '', '| variable | in a file | default | |', '|---|---|---|---|', ...rows, '', ''].join('\n');
  standsIn('gateway/README.md', ['<!-- settings -->', '<!-- /settings -->'], table);
});

test('the sample file names every setting with its default, and is taken as it is', () => {
  const lines = all.map(({ variable, fallback, meaning }) => {
    const set = `${keyOf(variable)}:${fallback === undefined ? '' : ` ${String(fallback)}`}`;
    return `# ${meaning}\n${variable === 'YUANLIU_DATA' ? 'data: data' : `# ${set}`}\n`;
  });
  standsIn('docs/yuanliu.yaml', ['# ---\n', '# ...'], `\n${lines.join('\n')}\n`);
  expect(readConfig({ YUANLIU_CONFIG: join(ROOT, 'docs/yuanliu.yaml') })).toEqual(readConfig({ YUANLIU_DATA: 'data' }));
});

test('what Kubernetes and Docker set for a service of the name is no setting (fault C8)', () => {
  const links = {
    YUANLIU_PORT: 'tcp://10.0.0.11:8080',
    YUANLIU_SERVICE_HOST: '10.0.0.11',
    YUANLIU_SERVICE_PORT: '8080',
    YUANLIU_SERVICE_PORT_HTTP: '8080',
    YUANLIU_PORT_8080_TCP: 'tcp://10.0.0.11:8080',
    YUANLIU_PORT_8080_TCP_PROTO: 'tcp',
    YUANLIU_PORT_8080_TCP_PORT: '8080',
    YUANLIU_PORT_8080_TCP_ADDR: '10.0.0.11',
    YUANLIU_ADMIN_PORT: 'tcp://10.0.0.12:8081',
    YUANLIU_GATEWAY_SERVICE_HOST: '10.0.0.13',
    YUANLIU_GATEWAY_PORT: 'tcp://10.0.0.13:8080',
  };
  expect(readConfig({ YUANLIU_DATA: 'd', ...links })).toMatchObject({ port: 8080, adminPort: 8081 });
  expect(readConfig({ ...fileOf('data: d\nport: 9000\n'), ...links })).toMatchObject({ port: 9000 });
  expect(problemsOf({ YUANLIU_DATA: 'd', YUANLIU_PORT: 'http://x:1' })).toEqual([
    'YUANLIU_PORT: set it to a whole number from 0 to 65535',
  ]);
  expect(problemsOf({ YUANLIU_DATA: 'd', YUANLIU_HOSTS: 'x' })).toEqual([
    expect.stringMatching(/^YUANLIU_HOSTS: not known/),
  ]);
});
