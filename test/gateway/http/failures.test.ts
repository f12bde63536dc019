// SPDX-License-Identifier: Apache-2.0
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { readConfig } from 'yuanliu-gateway';
import type { Acts } from 'yuanliu-gateway/acts/perform';
import { newAdmission } from 'yuanliu-gateway/http/middleware/admission';
import { newApp } from 'yuanliu-gateway/http/app';
import { openStreams } from 'yuanliu-gateway/http/routes/events';
import { newMetrics } from 'yuanliu-gateway/http/metrics';
import { openIssuer } from 'yuanliu-gateway/identity/issuer';
import { builtinTokens } from 'yuanliu-gateway/identity/tokens';
import { openImports } from 'yuanliu-gateway/imports/imports';
import { LedgerError } from 'yuanliu-gateway/ledger/error';
import { openProcedures } from 'yuanliu-gateway/queries/procedures/procedures';
import { openWorklist } from 'yuanliu-gateway/queries/worklist/worklist';
import { departmentOf } from 'yuanliu-demo/cast';
import { CITY } from '../../builders';
import { openIndexedCity, type IndexedCity } from '../index/indexed';
import { client, type Client } from './door';

interface Line {
  readonly requestId?: string;
  readonly import?: string;
  readonly msg: string;
  readonly err?: { readonly message: string };
}

/** A gateway whose acts all fail, for a reason that the test gives. */
describe('what goes wrong behind a request', () => {
  let city: IndexedCity;
  let server: Server;
  let caller: Client;
  let close: () => Promise<void>;
  let failure: Error;
  /** Whether the clock tells no time any more once an act was asked for: then no import can be finished. */
  let breaksClock = false;
  let brokenClock = false;
  let log: Line[];
  beforeAll(async () => {
    city = await openIndexedCity('founded');
    const { index, trace } = city;
    const { ledger, directory } = city.city;
    const { limits } = readConfig({ YUANLIU_DATA: directory });
    const issuer = await openIssuer(directory);
    const fail = () => {
      brokenClock = breaksClock;
      return Promise.reject(failure);
    };
    const acts: Acts = { perform: fail, performAll: fail, rehearse: fail };
    const logger = pino({ level: 'error' }, { write: (line: string) => log.push(JSON.parse(line) as Line) });
    const clock = () => new Date(brokenClock ? Number.NaN : Date.now());
    const imports = await openImports({ directory: `${directory}/imports`, acts, index, clock, logger });
    const admission = newAdmission(limits.writes);
    const app = newApp({
      about: { kind: 'embedded', beginning: { genesis: '0'.repeat(64), pinned: true } },
      ledger,
      index,
      trace,
      worklist: openWorklist(index),
      procedures: openProcedures(index),
      acts,
      admission,
      imports,
      streams: openStreams({ index, limits: limits.streams }),
      verify: builtinTokens(issuer),
      issuer,
      limits,
      logger,
      metrics: newMetrics({ directory, ledger, index, admission, scrubber: { reports: new Map() } }),
    });
    server = createServer(app).listen(0, '127.0.0.1');
    const { code: organization, user } = departmentOf('金融服务', 0);
    const token = await issuer.issue({ organization, user });
    const { port } = server.address() as AddressInfo;
    caller = client(() => `http://127.0.0.1:${port}`, { authorization: `Bearer ${token}` });
    close = () => imports.close();
  });
  beforeEach(() => (log = []));
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await close();
    await city.close();
  });

  const errors = () => log.filter(({ msg }) => msg !== 'request completed');
  const send = (rows: number) => {
    const file = `domain,category,item,id\n${Array.from({ length: rows }, (_, n) => `金融服务,甲,乙 ${n},F-${n}\n`).join('')}`;
    return caller.post('/api/v1/imports', file, { 'content-type': 'text/csv' });
  };

  test('after a 202 is in the log under the id that the operation tells', async () => {
    failure = new Error('nobody foresaw it');
    const resource = { title: '企业登记信息', domain: '金融服务', region: CITY };
    const asked = await caller.act('resource:anchor', 'O-1', resource, { Prefer: 'respond-async' });
    expect(asked.status).toBe(202);
    const { body } = await caller.get(String(asked.headers['location']));
    expect(body).toMatchObject({ state: 'failed', result: { code: 'INTERNAL', requestId: body.operation } });
    expect(errors()).toMatchObject([{ requestId: body.operation, err: { message: 'nobody foresaw it' } }]);
  });

  test('with the rows of an import is logged once for each reason, and not called undone where that is not known', async () => {
    failure = new Error('nobody foresaw it');
    const { body } = await send(3);
    const row = { result: 'failed', code: 'INTERNAL', message: 'the row was not done' };
    expect(body).toMatchObject({ state: 'done', results: [row, row, row] });
    expect(errors()).toMatchObject([{ import: body.import, err: { message: 'nobody foresaw it' } }]);

    failure = new LedgerError('COMMIT_UNKNOWN', 'sent, and on no block');
    const unknown = { code: 'COMMIT_UNKNOWN', message: 'whether the row was done is not known' };
    expect((await send(1)).body.results).toMatchObject([unknown]);
    failure = new Error('cannot write', { cause: Object.assign(new Error('no space'), { code: 'ENOSPC' }) });
    expect((await send(1)).body.results).toMatchObject([{ code: 'NO_SPACE', message: 'the row was not done' }]);
  });

  test('with an import as a whole is logged, and it counts as interrupted', async () => {
    failure = new LedgerError('UNAVAILABLE', 'out of reach');
    breaksClock = true;
    const { body } = await send(1);
    expect(body).toMatchObject({ state: 'interrupted', results: [{ code: 'UNAVAILABLE' }] });
    expect(errors()).toMatchObject([{ import: body.import, msg: 'an import was broken off' }]);
  });
});
