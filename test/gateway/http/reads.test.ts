// SPDX-License-Identifier: Apache-2.0
import { decodeBlock } from 'yuanliu-verifier';
import { kinds } from 'yuanliu-chaincode/kinds';
import { apiShapes } from 'yuanliu-gateway/http/app';
import { kindName } from 'yuanliu-gateway/http/routes/components';
import { departmentOf } from 'yuanliu-demo/cast';
import { cast, demoCode, ids, madeUpDigest, use } from '../../builders';
import { expectProblem, openDoor, type Client, type Door, type Reply } from './door';

const department = departmentOf('金融服务', 0);
const other = departmentOf('医疗健康', 1);

describe('reads over HTTP', () => {
  let door: Door;
  let authority: Client;
  let provider: Client;
  let developer: Client;
  beforeAll(async () => {
    door = await openDoor('produced');
    authority = await door.as(cast.authority);
    provider = await door.as(department);
    developer = await door.as(cast.developer);
  });
  afterAll(() => door.close());

  /** Checks an answer against the schema that OpenAPI gives it. */
  function shaped(name: string, { status, body }: Reply): Reply['body'] {
    expect(status).toBe(200);
    const shape = apiShapes.get(name);
    expect(shape).toBeDefined();
    expect(shape?.parse(body)).toEqual(body);
    return body;
  }

  test('answers of every kind are what OpenAPI says', async () => {
    for (const kind of kinds) {
      const list = shaped(`${kindName(kind)}List`, await authority.get(`/api/v1/${kind.plural}?limit=200`));
      const [first] = list.items;
      if (['finding', 'external-input'].includes(kind.name)) continue; // the story has none
      const one = `/api/v1/${kind.plural}/${first?.record.id ?? ''}`;
      expect(shaped(`${kindName(kind)}View`, await authority.get(one))).toEqual(first);
      shaped('History', await authority.get(`${one}/history`));
      shaped('Trace', await authority.get(`${one}/origins`));
      shaped('Trace', await authority.get(`${one}/destinations`));
      shaped('Trace', await authority.get(`${one}/impact`));
      shaped('Accountability', await authority.get(`${one}/accountability`));
    }
    shaped('Status', await door.anyone.get('/api/v1/status'));
    shaped('RulebookView', await door.anyone.get('/api/v1/rulebook'));
    shaped('KeySet', await door.anyone.get('/.well-known/jwks.json'));
  });

  test('pages through a list without gap or repeat, as of one block', async () => {
    const all = (await authority.get('/api/v1/organizations?limit=200')).body.items.map(({ record }) => record.id);
    const paged: string[] = [];
    let path = '/api/v1/organizations?limit=2';
    for (;;) {
      const { body } = await authority.get(path);
      paged.push(...body.items.map(({ record }) => record.id));
      if (!body.cursor) break;
      path = `/api/v1/organizations?limit=2&cursor=${encodeURIComponent(body.cursor)}`;
    }
    expect(paged).toEqual(all);
    const stolen = (await authority.get('/api/v1/organizations?limit=2')).body.cursor;
    expectProblem(await authority.get(`/api/v1/resources?cursor=${stolen}`), 400, 'INPUT_INVALID');
  });

  test('filters by state, party and fields of the body', async () => {
    const list = async (query: string) =>
      (await authority.get(`/api/v1/resources?${query}`)).body.items.map(({ record }) => record.id);
    expect(await list(`domain=${encodeURIComponent('医疗健康')}`)).toEqual(['R-3', 'R-4']);
    expect(await list(`provider=${department.code}&state=graded`)).toEqual(['R-1', 'R-2']);
    expect(await list('state=withdrawn')).toEqual([]);
  });

  test('shows a record as it was, by version, block and time', async () => {
    const anchored = (await provider.get('/api/v1/resources/R-1/history')).body.items[0];
    const { block } = anchored?.transaction ?? { block: 0 };
    const then = await provider.get(`/api/v1/resources/R-1?asOf=${block}`);
    expect(then.body.record.state).toBe('anchored');
    const { time } = then.body.record.act;
    const byTime = await provider.get(`/api/v1/resources/R-1?asOf=${encodeURIComponent(time)}`);
    expect(byTime.status).toBe(200);
    expectProblem(await provider.get(`/api/v1/resources/R-1?asOf=${block - 1}`), 404, 'NOT_FOUND');
    const now = await provider.get('/api/v1/resources/R-1?version=1');
    expect(now.body.record).toMatchObject({ version: 1, state: 'graded' });
  });

  test('answers both questions, page by page', async () => {
    const { hops } = (await authority.get(`/api/v1/usages/${ids.usage}/origins?version=1`)).body;
    const reached = hops.map(({ to }) => to);
    expect(reached).toEqual(
      expect.arrayContaining([
        `product/${ids.derived}@1`,
        `product/${ids.basic}@1`,
        'resource/R-1@1',
        'resource/R-2@1',
      ]),
    );
    const all = (await authority.get('/api/v1/resources/R-1/destinations')).body.hops;
    expect(all.map(({ from }) => from)).toEqual(
      expect.arrayContaining([`product/${ids.basic}@1`, `usage/${ids.usage}@1`]),
    );
    const paged = [];
    let cursor = '';
    do {
      const { body } = await authority.get(`/api/v1/resources/R-1/destinations?limit=2${cursor}`);
      paged.push(...body.hops);
      cursor = body.cursor ? `&cursor=${body.cursor}` : '';
    } while (cursor);
    expect(paged.map(({ from, to }) => `${from} ${to}`)).toEqual(all.map(({ from, to }) => `${from} ${to}`));
  });

  test('finds records by the digest of their content', async () => {
    const found = shaped('Lookup', await authority.get(`/api/v1/lookup?digest=${madeUpDigest('评分服务')}`));
    expect(found.items.map(({ ref }) => ref)).toEqual([`product/${ids.derived}@1`]);
    const nothing = shaped('Lookup', await authority.get(`/api/v1/lookup?digest=${madeUpDigest('别的')}`));
    expect(nothing.items).toEqual([]);
  });

  test('tells how far ledger and index are, and waits for a block where asked to', async () => {
    const { body } = await developer.act('usage:record', 'U-min', use({ quantity: 1 }));
    const { blockNumber } = body.receipt;
    const read = await developer.get(`/api/v1/usages/U-min?minBlock=${blockNumber}`);
    expect(Number(read.headers['ledger-height'])).toBeGreaterThan(blockNumber);
    expect(Number(read.headers['index-height'])).toBeGreaterThan(blockNumber);
    const coming = developer.get(`/api/v1/status?minBlock=${blockNumber + 1}`);
    await developer.act('usage:record', 'U-next', use({ quantity: 1 }));
    expect((await coming).status).toBe(200);
  });

  test('gives up waiting for a block in bounded time, and says when to try again', async () => {
    const hasty = await openDoor('empty', { YUANLIU_WAIT_MS: '50' });
    const reply = await hasty.anyone.get('/api/v1/status?minBlock=1000');
    expectProblem(reply, 503, 'UNAVAILABLE');
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
    await hasty.close();
  });

  describe('what the caller may not see', () => {
    test('is as what does not exist, whichever way it is asked for', async () => {
      const stranger = await door.as(other);
      const ways = ['', '?version=1', '/history', '/origins', '/destinations', '/impact', '/accountability'];
      for (const client of [stranger, door.anyone]) {
        for (const way of ways) {
          const hidden = expectProblem(await client.get(`/api/v1/resources/R-1${way}`), 404, 'NOT_FOUND');
          const absent = expectProblem(await client.get(`/api/v1/resources/R-0${way}`), 404, 'NOT_FOUND');
          const asAbsent = JSON.parse(JSON.stringify(hidden).replaceAll('R-1', 'R-0')) as typeof hidden;
          expect({ ...asAbsent, requestId: '' }).toEqual({ ...absent, requestId: '' });
        }
        expect((await client.get('/api/v1/resources')).body.items.map(({ record }) => record.id)).not.toContain('R-1');
      }
    });

    test('is not in a block’s JSON, nor in a transaction’s', async () => {
      const { txId, block } = (await provider.get('/api/v1/resources/R-1')).body.transaction;
      const stranger = await door.as(other);
      for (const client of [stranger, door.anyone]) {
        const summary = shaped('Block', await client.get(`/api/v1/blocks/${block}`));
        expect(summary).toMatchObject({ transactions: [], hidden: true });
        expectProblem(await client.get(`/api/v1/transactions/${txId}`), 404, 'NOT_FOUND');
      }
      const own = shaped('Block', await provider.get(`/api/v1/blocks/${block}`));
      expect(own.transactions.map((one) => one.txId)).toContain(txId);
      const transaction = shaped('Transaction', await provider.get(`/api/v1/transactions/${txId}`));
      expect(transaction).toMatchObject({ validationCode: 'VALID', changed: [{ ref: expect.any(String) as string }] });
    });

    test('is in a block’s bytes, so only those who see everything get them', async () => {
      const accept = { accept: 'application/x-protobuf' };
      const { block } = (await provider.get('/api/v1/resources/R-1')).body.transaction;
      const path = `/api/v1/blocks/${block}`;
      const reply = await authority.get(path, accept);
      expect(reply.headers['content-type']).toBe('application/x-protobuf');
      expect(decodeBlock(reply.bytes).number).toBe(block);
      const unwanted = { accept: 'application/json, application/x-protobuf;q=0' };
      expect((await authority.get(path, unwanted)).body).toMatchObject({ number: block });
      expectProblem(await door.anyone.get(path, accept), 401, 'UNAUTHENTICATED');
      for (const who of [department, cast.developer, cast.operator]) {
        expectProblem(await (await door.as(who)).get(path, accept), 403, 'FORBIDDEN');
      }
      const district = { ...cast.supervisor, code: demoCode(930) };
      const roles = [{ role: 'supervisor', region: '310115' }];
      await authority.act('organization:admit', district.code, { name: '区监管(演示)', msp: district.msp, roles });
      expectProblem(await (await door.as(district)).get(path, accept), 403, 'FORBIDDEN');
      expectProblem(await authority.get('/api/v1/blocks/999999', accept), 404, 'NOT_FOUND');
    });

    test('the public sees organisations, released products and the rulebook', async () => {
      expect((await door.anyone.get('/api/v1/organizations')).body.items.length).toBeGreaterThan(5);
      expect((await door.anyone.get(`/api/v1/products/${ids.derived}`)).status).toBe(200);
      expect((await door.anyone.get('/api/v1/rulebook')).status).toBe(200);
      expect((await door.anyone.get('/api/v1/usages')).body.items).toEqual([]);
    });
  });
});
