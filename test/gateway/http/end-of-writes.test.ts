// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import pino from 'pino';
import { requestLog } from 'yuanliu-gateway/http/middleware/log';
import { tellProblem } from 'yuanliu-gateway/http/middleware/tell-problem';
import { LedgerError } from 'yuanliu-gateway/ledger/error';
import { departmentOf } from 'yuanliu-demo/cast';
import { CITY } from '../../builders';
import { client, expectProblem, openDoor } from './door';

const OPEN_FILES = '/proc/self/fd';

test('a ledger that cannot write any more is said not to be ready, with why, until the gateway was started again', async () => {
  const door = await openDoor('founded');
  try {
    const provider = await door.as(departmentOf('金融服务', 0));
    const admin = client(() => door.gateway.adminUrl);
    const anchor = (id: string) =>
      provider.act('resource:anchor', id, { title: '企业登记信息', domain: '金融服务', region: CITY });
    expect((await admin.get('/readyz')).status).toBe(200);
    fillUp(join(door.directory, 'ledger.mark'));
    expectProblem(await anchor('E-1'), 504, 'COMMIT_UNKNOWN');
    expect(expectProblem(await anchor('E-2'), 503, 'UNAVAILABLE').remedy).toContain(
      'the administrator of this gateway',
    );
    const { status, body } = await admin.get('/readyz');
    expect([status, body]).toMatchObject([
      503,
      {
        ready: false,
        failure: expect.stringMatching(/cannot write any more: start the gateway again.*ENOSPC/) as string,
      },
    ]);
    await door.restart();
    expect((await admin.get('/readyz')).status).toBe(200);
    expect((await anchor('E-2')).status).toBe(201);
  } finally {
    await door.close();
  }
}, 60_000);

/** Has this process find its disk full whenever it writes to a file that it holds open. */
function fillUp(file: string): void {
  const held = readdirSync(OPEN_FILES)
    .map(Number)
    .find((number) => targetOf(number) === file);
  if (held === undefined) throw new Error(`${file} is not open`);
  closeSync(held);
  expect(openSync('/dev/full', 'r+')).toBe(held); // the lowest number that is free
}

function targetOf(number: number): string | undefined {
  try {
    return readlinkSync(join(OPEN_FILES, String(number)));
  } catch {
    return undefined; // closed since it was listed
  }
}

test('what became of a transaction not being known is logged with its cause', async () => {
  const logged: string[] = [];
  const logger = pino({}, { write: (line: string) => void logged.push(line) });
  const app = express();
  app.use(requestLog(logger));
  app.use(() => {
    throw new LedgerError('COMMIT_UNKNOWN', 'the block could not be written', { cause: new Error('disk gone') });
  });
  app.use(tellProblem({ rulebook: () => undefined }, logger));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const reply = await client(() => `http://127.0.0.1:${port}`).get('/');
  server.closeAllConnections();
  server.close();
  expectProblem(reply, 504, 'COMMIT_UNKNOWN');
  expect(logged).toContainEqual(expect.stringMatching(/the block could not be written.*disk gone/));
});
