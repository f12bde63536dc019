// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { answerUnreadable } from 'yuanliu-gateway/http/middleware/unreadable';
import { departmentOf } from 'yuanliu-demo/cast';
import { openDoor, type Client, type Door } from './door';

const PATIENCE_MS = 400;

let door: Door;
let provider: Client;
let token: string;
beforeAll(async () => {
  door = await openDoor('founded', { YUANLIU_CLIENT_MS: String(PATIENCE_MS), YUANLIU_WAIT_MS: '60000' });
  const { code: organization, msp: mspId, user } = departmentOf('金融服务', 0);
  token = (await door.gateway.account({ organization, mspId, user })).token ?? '';
  provider = door.withToken(token);
}, 60_000);
afterAll(() => door.close());

async function opened(): Promise<Socket> {
  const { hostname, port } = new URL(door.gateway.url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined); // cut off while it writes
  await once(socket, 'connect');
  return socket;
}

/** What the gateway says until it ends the connection. */
async function heard(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  await once(socket, 'close');
  return text;
}

const othersAreServed = async (): Promise<void> => {
  expect((await provider.get('/api/v1/resources?limit=1')).status).toBe(200);
};

/** Sends a byte now and then for as long as anybody listens. */
function trickle(socket: Socket, byte: string): void {
  const drip = setInterval(() => socket.write(byte), PATIENCE_MS / 10);
  socket.once('close', () => {
    clearInterval(drip);
  });
}

test('a client that never ends the head of its request is cut off, others are served meanwhile', async () => {
  const socket = await opened();
  const said = heard(socket);
  socket.write('GET /api/v1/status HTTP/1.1\r\nHost: gateway\r\nX-Slow: ');
  trickle(socket, 'x');
  await othersAreServed();
  expect(await said).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"TOO_SLOW"/);
}, 60_000);

test('a client that never ends its body is cut off, and nothing of it is done', async () => {
  const before = await door.mark();
  const socket = await opened();
  const said = heard(socket);
  const head = `POST /api/v1/resources/S-1/anchor HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${token}`;
  socket.write(`${head}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"title":"`);
  trickle(socket, 'x');
  await othersAreServed();
  expect(await said).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"TOO_SLOW"/);
  expect(await door.mark()).toEqual(before);
}, 60_000);

test('a client that sends no HTTP request and never closes its side is cut off', async () => {
  const server = createServer({ headersTimeout: PATIENCE_MS, connectionsCheckingInterval: PATIENCE_MS / 4 });
  answerUnreadable(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  let said = '';
  socket.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  socket.write('GET / HT');
  await once(socket, 'end');
  expect(said).toMatch(/^HTTP\/1\.1 408 /);
  server.close();
  await once(server, 'close'); // once it holds no connection any more
  socket.destroy();
}, 60_000);

test('a stream of events whose request never ends its body is cut off, with no second answer in it', async () => {
  const socket = await opened();
  const said = heard(socket);
  socket.write(
    `GET /api/v1/events HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${token}\r\nContent-Length: 5\r\n\r\nab`,
  );
  expect((await said).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
}, 60_000);

test('a client that does not read its answer is cut off', async () => {
  const rows = Array.from({ length: 200 }, (_, n) => `金融服务,大,第 ${n} 项,BIG-${n},${'说'.repeat(3900)}`);
  const file = `domain,category,item,id,summary\n${rows.join('\n')}`;
  const { body } = await provider.post('/api/v1/imports', file, { 'content-type': 'text/csv' });
  expect(body.counts).toMatchObject({ anchored: 200 });
  const socket = await opened();
  socket.pause();
  const request = `GET /api/v1/resources?limit=200 HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  socket.write(request.repeat(10)); // their answers are more than the buffers between the two hold
  await cutOff(socket);
  await othersAreServed();
}, 120_000);

/** Resolves once the gateway has ended the connection of a client that reads nothing, which learns so when it writes. */
async function cutOff(socket: Socket): Promise<void> {
  const closed = new Promise<void>((resolve) => socket.once('close', resolve));
  const asking = setInterval(() => socket.write('\r\n'), 5 * PATIENCE_MS); // what is written counts as life
  await closed;
  clearInterval(asking);
}
