// SPDX-License-Identifier: Apache-2.0
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type Response } from 'express';
import { newBodyRoom } from 'yuanliu-gateway/http/middleware/body-room';
import { problemOf } from 'yuanliu-gateway/errors/problem';

const PATIENCE = 100;

/** A server with room for one body of each organisation; `read` tells of each request that got that far. */
async function opened() {
  const room = newBodyRoom(10, PATIENCE);
  const read = new EventEmitter();
  const held: Response[] = [];
  const app = express();
  app.use((request, response, next) => {
    response.locals['speech'] = {
      subject: { organization: request.get('x-organization') ?? '', user: 'u', until: Infinity },
    };
    next();
  });
  app.use(async (request, response, next) => {
    if (request.get('x-gone') !== undefined) {
      const gone = once(response, 'close');
      read.emit('one');
      await gone;
    }
    next();
  });
  app.post('/', room.reading(10), (request, response) => {
    if (request.get('x-hold') === undefined) response.sendStatus(200);
    else held.push(response);
    read.emit('one');
  });
  app.use(((error, _request, response, _next) => {
    response.status(503).json({ code: problemOf(error).code });
  }) satisfies ErrorRequestHandler);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const post = async (organization: string, headers: Record<string, string> = {}): Promise<number> =>
    (await fetch(url, { method: 'POST', body: '0123456789', headers: { 'x-organization': organization, ...headers } }))
      .status;

  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { read, held, url, post, close };
}

test('bodies of one organisation fill its own room, and no other’s; room given back is taken again (fault C1)', async () => {
  const { read, held, post, close } = await opened();
  const reading = once(read, 'one');
  const first = post('A', { 'x-hold': '1' });
  await reading;
  expect(await Promise.all([post('A'), post('B')])).toEqual([503, 200]);
  const waiting = post('A');
  held[0]?.sendStatus(200);
  expect(await Promise.all([first, waiting])).toEqual([200, 200]);
  close();
});

test('a client that is gone before its body is read keeps no room (fault C20)', async () => {
  const { read, url, post, close } = await opened();
  try {
    const client = new AbortController();
    const here = once(read, 'one');
    const headers = { 'x-organization': 'A', 'x-gone': '1' };
    const lost = fetch(url, { method: 'POST', body: '0123456789', headers, signal: client.signal });
    await here;
    client.abort();
    await expect(lost).rejects.toThrow('aborted');
    expect(await post('A')).toBe(200);
  } finally {
    close();
  }
});
