// SPDX-License-Identifier: Apache-2.0
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pour, Pouring } from 'yuanliu-gateway/http/streaming/pour';

describe('a client that does not read', () => {
  const PIECE = 'x'.repeat(65_536);
  let asked = 0;
  let poured: Promise<void> | undefined;
  // eslint-disable-next-line @typescript-eslint/require-await
  async function* endless(): AsyncGenerator<string> {
    for (asked = 0; asked < 100_000; asked++) yield PIECE;
  }
  const app = express().get('/', (_request, response) => {
    poured = pour(response, new Pouring({ pieces: endless(), patienceMs: 500, tooSlow: 'event: close\n\n' }));
  });
  const server = createServer(app);
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const unread = (): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const sent = get({ port, agent: false }, (response) => {
        resolve(response.pause());
      });
      sent.on('error', reject);
    });

  test('makes the gateway hold no more than the sockets do, and is told why it is dropped', async () => {
    const response = await unread();
    await poured; // it gave up by itself
    expect(asked).toBeGreaterThan(0);
    expect(asked * PIECE.length).toBeLessThan(32 * 1024 * 1024); // what the kernel's buffers take of an endless source
    let end = '';
    response.setEncoding('utf8').on('data', (text: string) => (end = text.slice(-40)));
    const read = new Promise((resolve) => response.on('end', resolve));
    response.resume();
    await read;
    expect(end).toMatch(/event: close\n\n$/);
  });

  test('is cut off if it reads not even that', async () => {
    const response = await unread();
    const closed = new Promise((resolve) => response.on('close', resolve));
    response.on('error', () => undefined);
    await poured;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        server.getConnections((_error, count) => {
          if (count === 0) resolve();
          else setImmediate(look);
        });
      };
      look();
    });
    response.resume();
    await closed;
    expect(response.complete).toBe(false);
  });
});
