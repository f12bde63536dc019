// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import fc from 'fast-check';
import { apiShapes } from 'yuanliu-gateway/http/app';
import { administratorTokenFile } from 'yuanliu-gateway/http/middleware/administrator';
import { statuses } from 'yuanliu-gateway/errors/problem';
import { cast } from '../../builders';
import { openDoor, type Door } from './door';
import { hostileTo, targetsOf, type Hostile, type Target } from './hostile';

/** How many requests for each route, and which: `HOSTILE_REQUESTS=200 HOSTILE_SEED=7 npx jest test/gateway/http/hostile`. */
const REQUESTS = Number(process.env['HOSTILE_REQUESTS'] ?? 20);
const SEED = Number(process.env['HOSTILE_SEED'] ?? 20_260_601);

interface Told {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

let door: Door;
let targets: Target[];
beforeAll(async () => {
  door = await openDoor('produced', { YUANLIU_WAIT_MS: '50' });
  const { token = '' } = await door.gateway.account({
    mspId: cast.developer.msp,
    organization: cast.developer.code,
    user: cast.developer.user,
  });
  const administrator = (await readFile(administratorTokenFile(door.directory), 'utf8')).trim();
  targets = [...(await targetsOf(door.gateway.url, token)), ...(await targetsOf(door.gateway.adminUrl, administrator))];
});
afterAll(() => door.close());

/** Sends it; of a stream that goes on the beginning is enough. */
function send({ port, token }: Target, { method, path, headers: given, body }: Hostile): Promise<Told> {
  return new Promise((resolve, reject) => {
    const own = { authorization: `Bearer ${token}` };
    const sent = request({ host: '127.0.0.1', port, method, path, headers: { ...own, ...given }, agent: false });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const type = response.headers['content-type'] ?? '';
      const chunks: Buffer[] = [];
      const done = (): void => {
        resolve({ status: response.statusCode ?? 0, type, text: Buffer.concat(chunks).toString('utf8') });
      };
      response.on('error', reject).on('end', done);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      if (type.startsWith('text/event-stream')) {
        done();
        response.destroy();
      }
    });
    sent.end(/^P/.test(method) ? body : undefined); // other methods would send it without its length
  });
}

/** What is wrong with an answer; undefined if it is as answers are to be. */
function amiss({ status, type, text }: Told, method: string): string | undefined {
  if (status < 400) return type.startsWith('application/x-ndjson') ? amissLine(text) : undefined;
  if (method === 'HEAD') return status === 500 ? 'fails' : undefined;
  if (!type.startsWith('application/problem+json')) return `is ${type}, no problem document`;
  const problem = apiShapes.get('Problem')?.safeParse(JSON.parse(text));
  if (!problem?.success) return 'is a problem of another shape';
  const { code } = JSON.parse(text) as { code: keyof typeof statuses };
  if (statuses[code] !== status) return `says ${code}`;
  return code === 'INTERNAL' ? 'fails' : undefined;
}

/** What is wrong with an answer line by line. */
function amissLine(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  const told = lines.map((line) => JSON.parse(line) as { readonly problem?: { readonly code: string } });
  const bad = told.findIndex(({ problem }) => problem && (!(problem.code in statuses) || problem.code === 'INTERNAL'));
  return bad < 0 ? undefined : `fails in line ${bad + 1}: ${lines[bad] ?? ''}`;
}

test(`no route fails, hangs or answers in another shape, whatever it is sent (seed ${SEED})`, async () => {
  const counts = new Map<number, number>();
  expect(targets.length).toBeGreaterThan(150);
  for (const [place, target] of targets.entries()) {
    const asked = fc.sample(hostileTo(target), { numRuns: REQUESTS, seed: SEED + place });
    await Promise.all(
      asked.map(async (one) => {
        const told = await send(target, one).catch((error: unknown) => ({ status: 0, type: '', text: String(error) }));
        counts.set(told.status, (counts.get(told.status) ?? 0) + 1);
        const wrong = told.status === 0 ? told.text : amiss(told, one.method);
        const shown = { ...one, body: one.body.subarray(0, 200).toString() };
        if (wrong !== undefined)
          throw new Error(`${JSON.stringify(shown)} ${told.status} ${wrong}: ${told.text.slice(0, 500)}`);
      }),
    );
  }
  console.log(
    `seed ${SEED}: ${[...counts]
      .sort()
      .map(([status, count]) => `${status} ${count}`)
      .join(', ')}`,
  );
  expect((await door.anyone.get('/api/v1/status')).status).toBe(200);
  expect(({} as { x?: unknown }).x).toBeUndefined();
}, 240_000);

test.each([
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['another protocol', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', 400],
  ['a header without a name', 'GET /api/v1/status HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n', 400],
  [
    'two lengths',
    'POST /api/v1/resources/A/anchor HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
    400,
  ],
  ['a length that is none', 'POST /api/v1/resources/A/anchor HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n{}', 400],
  ['headers of a megabyte', `GET /api/v1/status HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(1_000_000)}\r\n\r\n`, 413],
  ['an address of a megabyte', `GET /${'y'.repeat(1_000_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 413],
])('bytes that are no request are answered and let go: %s', async (_what, sent, status) => {
  for (const url of [door.gateway.url, door.gateway.adminUrl]) {
    const answer = await bytesTo(Number(new URL(url).port), sent);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    const problem: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
    expect(answer).toMatch(/content-type: application\/problem\+json/i);
    expect(apiShapes.get('Problem')?.parse(problem)).toMatchObject({ status });
  }
});

test('a body that breaks off amid a request is let go', async () => {
  const sent = 'POST /api/v1/resources/A/anchor HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n';
  for (const url of [door.gateway.url, door.gateway.adminUrl]) await bytesTo(Number(new URL(url).port), sent);
  expect((await door.anyone.get('/api/v1/status')).status).toBe(200);
});

/** Sends bytes, and resolves with all that comes back once the other side has closed. */
function bytesTo(port: number, sent: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(Buffer.from(sent, 'latin1')));
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.on('error', () => undefined); // what was sent too much is not read: what came back counts
    socket.on('close', () => {
      resolve(answer);
    });
  });
}
