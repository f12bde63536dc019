// SPDX-License-Identifier: Apache-2.0
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createSocketServer, type AddressInfo, type Server as SocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliMessages } from 'yuanliu-cli/words/index';

const ROOT = join(__dirname, '..', '..');
// Each command is a process of its own, which takes seconds on a busy machine.
jest.setTimeout(300_000);

const CLI = join(ROOT, 'cli', 'dist', 'yuanliu.js');

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function yuanliu(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { encoding: 'utf8', env: { ...process.env, ...env }, cwd: folder } as const;
    execFile(process.execPath, [CLI, ...args], options, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'yuanliu-others-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const opened: (Server | SocketServer)[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function listening(server: Server | SocketServer): Promise<number> {
  opened.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

async function serving(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(listener))}`;
}

const html: RequestListener = (_request, response) => {
  response.writeHead(502, { 'content-type': 'text/html', server: 'nginx' }).end('<html>Bad Gateway</html>');
};

describe('what answers instead of a gateway is named, with what to do and exit code 4', () => {
  test.each<[string, RequestListener, RegExp]>([
    ['a proxy without its gateway', html, /answers 502 with text\/html from nginx[\s\S]*→ a proxy does not reach/],
    [
      'a proxy that limits requests',
      (_request, response) => void response.writeHead(413, { 'content-type': 'text/html' }).end('<html>'),
      /answers 413[\s\S]*→ a proxy limits the size/,
    ],
    [
      'a page to sign in',
      (_request, response) => void response.writeHead(302, { location: 'https://sso.example/login' }).end(),
      /redirects to https:\/\/sso\.example\/login/,
    ],
    [
      'another API that fails',
      (_request, response) => void response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"x"}'),
      /answers 500 with application\/json.*not as a gateway/,
    ],
    [
      'another API that succeeds',
      (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      /answers 200 with application\/json.*not as a gateway/,
    ],
    [
      'an answer that breaks off',
      (_request, response) => {
        const headers = { 'content-type': 'application/json', 'index-height': '1', 'content-length': '1000' };
        response.writeHead(200, headers).write('{"items":[');
        setImmediate(() => response.destroy());
      },
      /lost before its answer was complete/,
    ],
    ['a connection that is cut', (request) => void request.socket.destroy(), /lost before its answer was complete/],
  ])('%s (fault D8)', async (_what, listener, message) => {
    const { code, out, err } = await yuanliu(['list', 'product', '--gateway', await serving(listener)]);
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toMatch(message);
    expect(err).toMatch(/\n {2}→ /);
    expect(err).not.toMatch(/undefined|Unexpected token|fetch failed/);
  });

  test('a server that does not speak HTTP, or not TLS, or with a certificate of its own (fault D8)', async () => {
    const raw = await listening(
      createSocketServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n', () => socket.destroy())),
    );
    expect((await yuanliu(['list', 'product', '--gateway', `http://127.0.0.1:${raw}`])).err).toMatch(
      /does not speak HTTP/,
    );
    const plain = (await serving(html)).replace('http:', 'https:');
    expect(await yuanliu(['list', 'product', '--gateway', plain])).toMatchObject({
      code: 4,
      err: expect.stringMatching(/does not speak TLS[\s\S]*http:\/\//) as string,
    });
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const making = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ];
    execFileSync('openssl', [...making, '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
    const tls = await listening(createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, html));
    expect(await yuanliu(['list', 'product', '--gateway', `https://127.0.0.1:${tls}`])).toMatchObject({
      code: 4,
      err: expect.stringMatching(/is not trusted[\s\S]*NODE_EXTRA_CA_CERTS/) as string,
    });
  });

  test('a host that is not known, a port that nothing listens on (fault D8)', async () => {
    expect(await yuanliu(['list', 'product', '--gateway', 'http://no-such-host.invalid'])).toMatchObject({
      code: 4,
      err: expect.stringMatching(/host of .* is not known/) as string,
    });
    const server = createServer();
    const port = await listening(server);
    await new Promise((done) => opened.pop()?.close(done));
    expect(await yuanliu(['list', 'product', '--gateway', `http://127.0.0.1:${port}`])).toMatchObject({
      code: 4,
      err: expect.stringMatching(/no gateway answers[\s\S]*yuanliu serve/) as string,
    });
  });

  test('documents each exit code in one table (fault D8)', () => {
    const guide = readFileSync(join(ROOT, 'docs', 'operations.md'), 'utf8');
    const [text = ''] = cliMessages.entries.en['exit-codes'] ?? [];
    const codes = [...text.matchAll(/(\d) [a-z]/g)].map(([, code]) => code);
    expect(codes).toEqual(['0', '1', '2', '3', '4']);
    for (const code of codes) expect(guide).toMatch(new RegExp(`^\\| ${code ?? ''} \\|`, 'm'));
  });
});

describe('a command that names its gateway or act wrongly exits with 2', () => {
  test.each([
    ['an address without a scheme', ['--gateway', 'localhost:8080'], /write http:\/\/HOST:PORT/],
    ['an address that is none', ['--gateway', 'nowhere'], /write http:\/\/HOST:PORT/],
    ['an address with a query', ['--gateway', 'http://localhost:1/?a=b'], /leave out what follows the path/],
    ['a token with spaces', ['--gateway', 'http://localhost:1', '--token', 'Bearer x'], /the token is not one/],
    ['two ways to say who acts', ['--gateway', 'http://localhost:1', '--token', 'x', '--as', 'operator'], /give one/],
    ['an empty account', ['--gateway', 'http://localhost:1', '--as', ''], /--as is empty/],
  ])('%s (fault D8) (fault D1)', async (_what, options, message) => {
    expect(await yuanliu(['list', 'product', ...options])).toMatchObject({
      code: 2,
      err: expect.stringMatching(message) as string,
    });
  });

  test('a key that no header can carry (fault D8)', async () => {
    const act = ['act', 'finding:raise', 'F-1', '{}', '--gateway', 'http://localhost:1', '--key', '键'];
    expect(await yuanliu(act)).toMatchObject({ code: 2, err: expect.stringContaining('visible ASCII') as string });
  });

  test('an argument that is not UTF-8 (fault D2)', () => {
    const script = `exec "$0" "$1" list resource "domain=$(printf '\\275\\360')" --gateway http://localhost:1`;
    const run = (): unknown => execFileSync('bash', ['-c', script, process.execPath, CLI], { stdio: 'pipe' });
    expect(run).toThrow(/an argument is not UTF-8/);
  });
});

describe('a gateway behind a proxy', () => {
  test('is asked under the path of its address (fault D8)', async () => {
    const asked: (string | undefined)[] = [];
    const url = await serving((request, response) => {
      asked.push(request.url);
      response.writeHead(200, { 'content-type': 'application/json', 'index-height': '1' }).end('{"items":[],"asOf":0}');
    });
    expect((await yuanliu(['list', 'product', '--gateway', `${url}/yuanliu/`])).code).toBe(0);
    expect(asked).toEqual(['/yuanliu/api/v1/products?limit=50']);
  });
});

const HOSTILE = 'a\nresource/R-FAKE@1 b\u009b31m\u202ec\u200bd\u2028e\u0007';

describe('texts of others', () => {
  const entry = {
    ...{ name: HOSTILE, organization: HOSTILE, user: HOSTILE, role: HOSTILE, txId: HOSTILE, time: HOSTILE },
    violations: [{ rule: HOSTILE, article: HOSTILE, message: HOSTILE }],
  };
  const record = {
    kind: 'resource',
    id: 'R-1',
    version: 1,
    state: HOSTILE,
    body: { title: HOSTILE, [HOSTILE]: [HOSTILE] },
    act: entry,
  };
  const transaction = { block: 1, index: 0, act: HOSTILE, ...entry };
  const node = {
    ref: 'resource/R-1@1',
    title: HOSTILE,
    state: HOSTILE,
    about: { to: HOSTILE, purpose: HOSTILE },
    transaction,
  };
  const task = {
    ref: 'resource/R-1',
    title: HOSTILE,
    state: HOSTILE,
    acts: [{ act: 'x', title: HOSTILE, roles: [HOSTILE] }],
  };
  const answers: readonly (readonly [readonly string[], object])[] = [
    [['list', 'resource'], { items: [{ record }], asOf: 1 }],
    [['get', 'resource/R-1'], { record, transaction }],
    [
      ['get', 'resource/R-1', '--history'],
      { items: [{ act: entry, version: 1, state: HOSTILE, transaction }], asOf: 1 },
    ],
    [
      ['trace', 'resource/R-1', '--origins'],
      {
        asOf: { block: 1, time: '2026-01-01T00:00:00.000Z' },
        roots: [node],
        hops: [],
        truncated: false,
        hidden: false,
      },
    ],
    [['worklist'], { items: [task], asOf: 1 }],
  ];

  test.each(answers)('draw no line of their own and reach no terminal raw: %j (fault D7)', async (command, answer) => {
    const plain = JSON.stringify(answer).replaceAll(JSON.stringify(HOSTILE).slice(1, -1), 'plain');
    const lines: number[] = [];
    for (const body of [JSON.stringify(answer), plain]) {
      const url = await serving((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'index-height': '1' }).end(body);
      });
      const { code, out } = await yuanliu([...command, '--gateway', url]);
      expect(code).toBe(0);
      expect(out).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u);
      lines.push(out.split('\n').length);
    }
    expect(lines[0]).toBe(lines[1]);
  });

  test('are escaped in refusals too (fault D7)', async () => {
    const problem = { title: 'x', status: 422, code: 'REFUSED', detail: HOSTILE, rule: HOSTILE, remedy: HOSTILE };
    const url = await serving((_request, response) => {
      response.writeHead(422, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
    });
    const { code, err } = await yuanliu(['list', 'resource', '--gateway', url]);
    expect(code).toBe(3);
    expect(err).not.toMatch(/[^\P{C}\n]|\nresource/u);
  });
});
