// SPDX-License-Identifier: Apache-2.0
import { EventEmitter, once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import { type Admission, newAdmission } from 'yuanliu-gateway/http/middleware/admission';
import { problemOf } from 'yuanliu-gateway/errors/problem';
import { departmentOf } from 'yuanliu-demo/cast';
import { CITY } from '../../builders';
import { client, expectProblem, openDoor, type Reply } from './door';

const department = departmentOf('金融服务', 0);

describe('more than the gateway takes on at once', () => {
  test('every write is answered 201 or 503 with Retry-After; what was answered 201 is on the ledger, once', async () => {
    const door = await openDoor('founded', { YUANLIU_WRITES: '1' });
    const provider = await door.as(department);
    const anchor = (id: string): Promise<Reply> =>
      provider.act('resource:anchor', id, { title: id, domain: '金融服务', region: CITY });

    const committed = new Map<string, string>();
    let refusals = 0;
    let waiting = Array.from({ length: 120 }, (_, n) => `O-${n}`);
    while (waiting.length > 0) {
      const replies = await Promise.all(waiting.map(async (id) => ({ id, reply: await anchor(id) })));
      const refused = replies.filter(({ reply }) => reply.status !== 201);
      for (const { reply } of refused) {
        expectProblem(reply, 503, 'OVERLOADED');
        expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
      }
      expect(refused.length).toBeLessThan(waiting.length);
      refusals += refused.length;
      for (const { id, reply } of replies) if (reply.status === 201) committed.set(id, reply.body.receipt.txId);
      waiting = refused.map(({ id }) => id); // a second 201 for what was refused would be a second act: EXISTS
    }
    expect(refusals).toBeGreaterThan(0);
    expect(committed.size).toBe(120);
    for (const [id, txId] of committed) {
      const { body } = await provider.get(`/api/v1/resources/${id}/history`);
      expect(body.items).toMatchObject([{ transaction: { txId } }]);
    }
    await door.close();
  }, 60_000);

  test('reads are answered however many writes wait', async () => {
    const door = await openDoor('founded', { YUANLIU_WRITES: '1' });
    const provider = await door.as(department);
    const writes = Array.from({ length: 20 }, (_, n) =>
      provider.act('resource:anchor', `W-${n}`, { title: '企业登记信息', domain: '金融服务', region: CITY }),
    );
    const reads = await Promise.all(Array.from({ length: 20 }, () => provider.get('/api/v1/resources')));
    expect(reads.map(({ status }) => status)).toEqual(reads.map(() => 200));
    await Promise.all(writes);
    await door.close();
  }, 30_000);

  test('a third import of one organisation is refused, and none of another for that (fault C1)', async () => {
    const door = await openDoor('founded');
    const provider = await door.as(department);
    const file = (name: string): string =>
      ['domain,category,item', ...Array.from({ length: 3000 }, (_, n) => `金融服务,企业,${name}-${n}`)].join('\n');
    const replies = await Promise.all(
      ['甲', '乙', '丙'].map((name) =>
        provider.post('/api/v1/imports', file(name), { 'content-type': 'text/csv', prefer: 'respond-async' }),
      ),
    );
    const other = await (
      await door.as(departmentOf('医疗健康', 1))
    ).post('/api/v1/imports', file('丁'), {
      'content-type': 'text/csv',
      prefer: 'respond-async',
    });
    expect(other).toMatchObject({ status: 202 });
    const refused = replies.filter(({ status }) => status !== 202);
    expect(refused).toHaveLength(1);
    for (const reply of refused) {
      expectProblem(reply, 429, 'RATE_LIMITED'); // for what it does itself: 503 is for what others do
      expect(reply.body.remedy).toContain('cancel');
      expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
    }
    await door.close();
  }, 30_000);

  test('imports of one organisation run one after the other; one that is cancelled waits no longer', async () => {
    const door = await openDoor('founded');
    const provider = await door.as(department);
    const send = async (name: string, rows: number): Promise<string> => {
      const lines = Array.from({ length: rows }, (_, n) => `金融服务,企业,${name}-${n}`);
      const headers = { 'content-type': 'text/csv', prefer: 'respond-async' };
      return (await provider.post('/api/v1/imports', ['domain,category,item', ...lines].join('\n'), headers)).body
        .import;
    };
    const report = async (id: string): Promise<Reply['body']> => (await provider.get(`/api/v1/imports/${id}`)).body;
    const cancel = async (id: string): Promise<Reply['body']> =>
      (await provider.post(`/api/v1/imports/${id}/cancel`)).body;

    const [first, second] = [await send('甲', 200), await send('乙', 20)];
    while ((await report(second)).results.length === 0) continue;
    expect((await report(first)).state).toBe('done');
    while ((await report(second)).state === 'running') continue;

    const [long, waiting] = [await send('丙', 5000), await send('丁', 20)];
    expect(await cancel(waiting)).toMatchObject({ state: 'cancelled', counts: { anchored: 0 } });
    expect((await report(long)).state).toBe('running');
    expect(await cancel(long)).toMatchObject({ state: 'cancelled' });
    await door.close();
  }, 60_000);
});

/** Many turns of the event loop: work that has a place begins in one of its own. */
async function turns(): Promise<void> {
  for (let n = 0; n < 200; n++) await new Promise((resolve) => setImmediate(resolve));
}

/** An organisation that writes. */
const OWN = department.code;

describe('places', () => {
  const full = { code: 'OVERLOADED' };

  test('a place is held until its work is done, and given back when that fails', async () => {
    const admission = newAdmission(1, 0);
    const { work, end } = held();
    const first = admission.admit(OWN, () => work);
    await expect(admission.admit(OWN, () => Promise.resolve('more'))).rejects.toMatchObject(full);
    end();
    await first;
    await expect(admission.admit(OWN, () => Promise.reject(new Error('it fails')))).rejects.toThrow('it fails');
    await expect(admission.admit(OWN, () => Promise.resolve('more'))).resolves.toBe('more');
  });

  test('who waits inside is served in the order of coming', async () => {
    const admission = newAdmission(1, LONG);
    const { work, end } = held();
    const served: string[] = [];
    const all = [admission.admit(OWN, () => work)];
    for (const name of ['甲', '乙', '丙'])
      all.push(admission.admit(OWN, () => Promise.resolve(void served.push(name))));
    expect(served).toEqual([]);
    end();
    await Promise.all(all);
    expect(served).toEqual(['甲', '乙', '丙']);
  });

  test('one organisation alone has every place; beside others each has a share, and places go to them in turn (fault C1)', async () => {
    const admission = newAdmission(32, LONG);
    const begun: string[] = [];
    const [first, second] = [held(), held()];
    const start = (organization: string, until: Promise<void>) =>
      admission.admit(organization, () => {
        begun.push(organization);
        return until;
      });
    const count = (organization: string): number => begun.filter((one) => one === organization).length;
    const all = Array.from({ length: 60 }, () => start('A', first.work));
    await turns();
    expect(count('A')).toBe(32);
    for (let n = 0; n < 5; n++) all.push(start('B', second.work));
    first.end();
    await all[0];
    await turns();
    expect(count('B')).toBe(2); // its share of 32 places
    second.end();
    await Promise.all(all);
    expect([count('A'), count('B')]).toEqual([60, 5]);
  });

  test('a write that waits in vain is refused at the door, before anything of it is read; a read goes in', async () => {
    const { knocker, admission, close } = await door(newAdmission(1, 50));
    const { work, end } = held();
    const first = admission.admit(OWN, () => work);
    expect(await knocker.post('/')).toMatchObject({ status: 503, body: full });
    expect(await knocker.get('/')).toMatchObject({ status: 200 });
    end();
    await first;
    expect(await knocker.post('/')).toMatchObject({ status: 200 });
    close();
  });

  test('a write at the door goes in when a place comes free', async () => {
    const { knocker, admission, knocked, close } = await door(newAdmission(1, LONG));
    const { work, end } = held();
    const first = admission.admit(OWN, () => work);
    const answer = knocker.post('/');
    await knocked(1);
    end();
    await first;
    expect(await answer).toMatchObject({ status: 200 });
    close();
  });

  test('no write waits at a free place because the one called in before it took none', async () => {
    const { knocker, admission, knocked, close } = await door(newAdmission(1, LONG)); // what it lets in takes no place
    const { work, end } = held();
    const first = admission.admit(OWN, () => work);
    const answers = [1, 2, 3].map(() => knocker.post('/'));
    await knocked(3);
    end();
    await first;
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
    close();
  });

  test('a write is refused at once when ten wait for each place', async () => {
    const { knocker, admission, knocked, close } = await door(newAdmission(1, LONG));
    const { work, end } = held();
    const first = admission.admit(OWN, () => work);
    const answers = Array.from({ length: 10 }, () => knocker.post('/'));
    await knocked(10);
    expect(await knocker.post('/')).toMatchObject({ status: 503, body: full });
    end();
    await Promise.all([first, ...answers]);
    close();
  });

  test('who goes away waits no more', async () => {
    const { knocker, admission, knocked, left, close, address } = await door(newAdmission(1, LONG));
    const { work, end } = held();
    const first = admission.admit(OWN, () => work);
    const impatient = Array.from({ length: 10 }, () =>
      request({ ...address, method: 'POST' })
        .on('error', () => undefined)
        .end(),
    );
    await knocked(10);
    for (const one of impatient) one.destroy();
    await left(10);
    const answer = knocker.post('/');
    await knocked(11);
    end();
    await first;
    expect(await answer).toMatchObject({ status: 200 });
    close();
  });

  /** Patience that no test waits out. */
  const LONG = 600_000;

  /** A server with nothing but an admission's door, and a count of who came to it and went. */
  async function door(admission: Admission) {
    const [came, gone] = [new EventEmitter(), new EventEmitter()];
    const app = express();
    app.use((_request, response, next) => {
      response.on('close', () => void gone.emit('one'));
      next();
    }, admission.door);
    app.use((_request, response) => void response.sendStatus(200));
    app.use(((error, _request, response, _next) => {
      response.status(503).json({ code: problemOf(error).code });
    }) satisfies ErrorRequestHandler);
    const server = app.listen(0, '127.0.0.1').on('request', ({ method }) => method === 'POST' && came.emit('one'));
    const counted = { came: counting(came), gone: counting(gone) };
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return {
      admission,
      address: { host: '127.0.0.1', port },
      knocker: client(() => `http://127.0.0.1:${port}`),
      knocked: counted.came,
      left: counted.gone,
      close: () => {
        server.closeAllConnections();
        server.close();
      },
    };
  }

  function counting(source: EventEmitter): (count: number) => Promise<void> {
    let seen = 0;
    source.on('one', () => seen++);
    return async (count) => {
      while (seen < count) await once(source, 'one');
    };
  }

  function held(): { readonly work: Promise<void>; readonly end: () => void } {
    let end = (): void => undefined;
    const work = new Promise<void>((resolve) => {
      end = resolve;
    });
    return {
      work,
      end: () => {
        end();
      },
    };
  }
});
