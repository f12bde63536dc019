// SPDX-License-Identifier: Apache-2.0
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiShapes } from 'yuanliu-gateway/http/app';
import { openIssuer } from 'yuanliu-gateway/identity/issuer';
import { departmentOf } from 'yuanliu-demo/cast';
import { cast, ids, use } from '../../builders';
import { expectProblem, openDoor, type Client, type Door, type Knocker } from './door';
import { listen, type Listener } from './event-stream';

const provider = departmentOf('金融服务', 0);

/** The last block with its hash, as every read tells it. */
async function headOf(door: Door): Promise<string> {
  return String((await door.anyone.get('/api/v1/status')).headers['index-block']);
}

/** Block, transaction and event of an id. */
function placeOf(id: string): number[] {
  return id.split(':').slice(0, 3).map(Number);
}

describe('the stream of events', () => {
  let door: Door;
  let developer: Client;
  let supervisor: Client;
  const listeners: Listener[] = [];
  beforeAll(async () => {
    door = await openDoor('produced', { YUANLIU_STREAM_HEARTBEAT_MS: '50' });
    developer = await door.as(cast.developer);
    supervisor = await door.as(cast.supervisor);
  });
  afterEach(() => {
    for (const listener of listeners.splice(0)) listener.drop();
  });
  afterAll(() => door.close());

  async function tokenOf({ code: organization, msp: mspId, user }: Knocker): Promise<string> {
    return (await door.gateway.account({ mspId, organization, user })).token ?? '';
  }

  async function follow(who: Knocker | undefined, query = '', headers: Record<string, string> = {}): Promise<Listener> {
    const authorization: Record<string, string> = who ? { authorization: `Bearer ${await tokenOf(who)}` } : {};
    const listener = await listen(door.gateway.url, `/api/v1/events${query}`, { ...authorization, ...headers });
    listeners.push(listener);
    return listener;
  }

  /** What the blocks from one on hold: every act on every record, in ledger order. */
  async function inBlocks(from: number, client: Client): Promise<string[]> {
    const { ledgerHeight } = await door.mark();
    const found: string[] = [];
    for (let number = from; number < ledgerHeight; number++) {
      const { transactions } = (await client.get(`/api/v1/blocks/${number}`)).body;
      for (const { txId, changed } of transactions) found.push(...changed.map(({ ref }) => `${txId} ${ref}`));
    }
    return found;
  }

  const told = ({ events }: Listener): string[] =>
    events.flatMap(({ event, data }) =>
      event === 'act' ? [`${(data['act'] as { txId: string }).txId} ${String(data['ref'])}`] : [],
    );

  test('from the first block on, has every act that the blocks hold, once and in order', async () => {
    const expected = await inBlocks(0, supervisor);
    const stream = await follow(cast.supervisor, '?after=0');
    expect(stream.headers['content-type']).toMatch(/^text\/event-stream/);
    await stream.until(() => stream.ids().length >= expected.length);
    expect([...told(stream)].sort()).toEqual([...expected].sort());
    const places = stream.ids().map(placeOf);
    expect(places).toEqual(
      [...places].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0) || (a[2] ?? 0) - (b[2] ?? 0)),
    );
    expect(new Set(stream.ids()).size).toBe(expected.length);
    for (const { event, data } of stream.events)
      if (event === 'act') expect(apiShapes.get('ActEvent')?.parse(data)).toEqual(data);
  });

  test('without a place to begin, has what is new, and its record can be read at once', async () => {
    const stream = await follow(cast.developer);
    await stream.until(() => stream.events.length > 0);
    expect(stream.events[0]).toMatchObject({ event: 'open', id: await headOf(door) });
    const { body } = await developer.act('usage:record', 'U-live', use({ quantity: 1 }));
    await stream.until(() => stream.ids().length > 0);
    const [event] = stream.events.filter((one) => one.event === 'act');
    const { txId, blockNumber } = body.receipt;
    expect(event).toMatchObject({
      id: expect.stringMatching(new RegExp(`^${blockNumber}:0:0:[0-9a-f]{16}$`)),
      data: { ref: 'usage/U-live', title: '使用', state: 'recorded', act: { txId } },
    });
    const read = await developer.get('/api/v1/usages/U-live');
    expect(read.body.record.act).toEqual(event?.data['act']);
  });

  test('loses and repeats nothing across broken connections while writes go on', async () => {
    const { ledgerHeight } = await door.mark();
    let last = await headOf(door); // before the first write, or its event is not asked for
    const work = { done: false };
    const writers = ['a', 'b', 'c'].map(async (name) => {
      for (let n = 0; n < 25; n++) await developer.act('usage:record', `U-${name}-${n}`, use({ quantity: 1 }));
    });
    const done = Promise.all(writers).finally(() => (work.done = true)); // one that fails ends the loop
    const received: string[] = [];
    let connections = 0;
    for (let wanted = 1; !work.done; wanted = (wanted % 5) + 1) {
      const stream = await follow(cast.supervisor, '', { 'last-event-id': last });
      await stream.until(() => stream.ids().length >= wanted || work.done);
      stream.drop();
      received.push(...stream.ids());
      last = stream.ids().at(-1) ?? last;
      connections += 1;
    }
    await done;
    const expected = await inBlocks(ledgerHeight, supervisor);
    const rest = await follow(cast.supervisor, `?after=${last}`);
    await rest.until(() => received.length + rest.ids().length >= expected.length);
    received.push(...rest.ids());
    expect(connections).toBeGreaterThan(5);
    expect(received).toHaveLength(75);
    expect(new Set(received).size).toBe(75);
    const replay = await follow(cast.supervisor, `?after=${ledgerHeight - 1}`);
    await replay.until(() => replay.ids().length >= 75);
    expect(received).toEqual(replay.ids());
    expect([...told(replay)].sort()).toEqual([...expected].sort());
  });

  test('filters by kind, act and record', async () => {
    const only = async (query: string): Promise<string[]> => {
      const { ledgerHeight } = await door.mark();
      const stream = await follow(cast.supervisor, `?after=0&${query}`);
      const end = await follow(cast.supervisor, `?after=${ledgerHeight - 1}`);
      await supervisor.act('finding:raise', `F-${listeners.length}-${ledgerHeight}`, {
        about: `product/${ids.basic}`,
        summary: '抽查',
      });
      await end.until(() => end.ids().length > 0);
      await stream.until(() => stream.comments() > 0);
      return stream.events.flatMap(({ event, data }) =>
        event === 'act' ? [`${String(data['ref'])} ${(data['act'] as { name: string }).name}`] : [],
      );
    };
    expect(await only('kind=plan')).toEqual([`plan/${ids.plan} draft`, `plan/${ids.plan} approve`]);
    expect(await only('kind=product&act=release')).toEqual([
      `product/${ids.basic} release`,
      `product/${ids.derived} release`,
    ]);
    expect(await only(`record=delivery/${ids.toDeveloper}`)).toEqual([
      `delivery/${ids.toDeveloper} deliver`,
      `delivery/${ids.toDeveloper} confirm`,
    ]);
    for (const wrong of ['kind=unicorn', 'after=x', 'act=A', 'record=none', 'what=1']) {
      expect((await supervisor.get(`/api/v1/events?${wrong}`)).status).toBe(400);
    }
    expectProblem(await supervisor.get('/api/v1/events', { 'last-event-id': '1:x' }), 400, 'INPUT_INVALID');
  });

  describe('what the caller may not see', () => {
    test('is not sent, and the ids of the rest do not tell of it', async () => {
      const { ledgerHeight } = await door.mark();
      const start = `?after=${ledgerHeight - 1}`;
      const [own, operator, overseer, rival, anybody] = [
        await follow(cast.developer, start),
        await follow(cast.operator, start),
        await follow(cast.supervisor, start),
        await follow(cast.rival, start),
        await follow(undefined, start),
      ];
      const misuse = await developer.act('usage:record', 'U-misused', use({ purpose: '转售' }));
      await supervisor.act('finding:raise', 'F-hidden', {
        about: `product/${ids.basic}`,
        against: cast.rival.code,
        summary: '抽查',
      });
      const admitted = await (await door.as(cast.authority)).act('resource:anchor', 'R-none', {}); // refused: no event
      expect(admitted.status).toBeGreaterThanOrEqual(400);
      const revised = await (await door.as(provider)).act('resource:revise', 'R-1', { title: '改名' });
      expect(revised.status).toBe(201);
      const last = await developer.act('delivery:deliver', 'D-last', {
        product: `product/${ids.derived}@1`,
        to: cast.rival.code,
        authority: `grant/${ids.grant}`,
        purpose: '普惠金融授信',
      });
      await Promise.all(
        [own, overseer, rival].map((stream) =>
          stream.until(() => stream.events.some(({ data }) => data['ref'] === 'delivery/D-last')),
        ),
      );
      const refs = (stream: Listener) =>
        stream.events.flatMap(({ event, data }) => (event === 'act' ? [String(data['ref'])] : []));
      const finding = `finding/F-${misuse.body.receipt.txId.slice(0, 24)}`;
      expect(refs(overseer)).toEqual([
        'usage/U-misused',
        finding,
        'finding/F-hidden',
        'resource/R-1',
        'delivery/D-last',
      ]);
      expect(refs(own)).toEqual(['usage/U-misused', 'delivery/D-last']);
      expect(refs(rival)).toEqual(['delivery/D-last']);
      expect(refs(anybody)).toEqual([]);
      const { blockNumber } = misuse.body.receipt;
      expect(own.ids().map((id) => placeOf(id).join(':'))).toEqual([
        `${blockNumber}:0:0`,
        `${last.body.receipt.blockNumber}:0:0`,
      ]); // the finding is :1, after it
      expect(refs(operator)).not.toContain(finding);
    });

    test('a record that the caller may not see can be asked for like one that is not there: nothing comes', async () => {
      for (const record of [`grant/${ids.grant}`, 'grant/none']) {
        const stream = await follow(cast.rival, `?after=0&record=${record}`);
        await stream.until(() => stream.comments() > 1);
        expect(stream.events.map(({ event }) => event)).toEqual(['open']);
      }
    });

    test('is judged by the roles that the organisation has when an event is sent', async () => {
      const stream = await follow({ ...cast.rival, user: '另一岗' });
      await stream.until(() => stream.events.length > 0);
      await developer.act('usage:record', 'U-unseen', use({ quantity: 1 }));
      await supervisor.act('finding:raise', 'F-rival', {
        about: 'product/P-none',
        against: cast.rival.code,
        summary: '抽查',
      });
      await supervisor.act('finding:serve', 'F-rival');
      await stream.until(() => stream.ids().length > 0);
      expect(
        stream.events.filter(({ event }) => event === 'act').map(({ data }) => (data['act'] as { name: string }).name),
      ).toEqual(['serve']);
    });
  });

  test('says that it lives while nothing happens', async () => {
    const stream = await follow(cast.developer);
    await stream.until(() => stream.comments() >= 3);
    expect(stream.events.map(({ event }) => event)).toEqual(['open']);
  });

  test('ends when the token expires, and says so', async () => {
    const issuer = await openIssuer(door.directory);
    const token = await issuer.issue({ user: cast.developer.user, organization: cast.developer.code }, '1s');
    const stream = await listen(door.gateway.url, '/api/v1/events', { authorization: `Bearer ${token}` });
    await stream.ended();
    expect(stream.events.at(-1)).toMatchObject({ event: 'close', data: { reason: 'expired' } });
  });

  test('is not opened to a HEAD request, nor to a token that does not hold', async () => {
    expect((await supervisor.send('HEAD', '/api/v1/events')).status).toBe(200);
    expectProblem(await door.withToken('x.y.z').get('/api/v1/events'), 401, 'UNAUTHENTICATED');
  });
});

test('an organisation has no more streams than it may, and may open one for each it ends', async () => {
  const door = await openDoor('founded', { YUANLIU_STREAMS: '2' });
  const { token = '' } = await door.gateway.account({
    mspId: cast.agency.msp,
    organization: cast.agency.code,
    user: cast.agency.user,
  });
  const headers = { authorization: `Bearer ${token}` };
  const path = '/api/v1/events';
  const [first, second] = [
    await listen(door.gateway.url, path, headers),
    await listen(door.gateway.url, path, headers),
  ];
  const refused = await (await door.as({ ...cast.agency, user: '另一岗' })).get(path);
  expectProblem(refused, 429, 'RATE_LIMITED');
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  const other = await listen(door.gateway.url, path); // the public is counted by address
  expect(other.status).toBe(200);
  first.drop();
  let again = await listen(door.gateway.url, path, headers);
  for (let tries = 0; again.status === 429 && tries < 200; tries++)
    again = await listen(door.gateway.url, path, headers);
  expect(again.status).toBe(200);
  for (const stream of [second, other, again]) stream.drop();
  await door.close();
});

test('a gateway that stops tells its streams, ends them, and they go on where they were after it', async () => {
  const door = await openDoor('produced');
  const { token = '' } = await door.gateway.account({
    mspId: cast.supervisor.msp,
    organization: cast.supervisor.code,
    user: cast.supervisor.user,
  });
  const headers = { authorization: `Bearer ${token}` };
  const before = await listen(door.gateway.url, '/api/v1/events?after=0', headers);
  const total = (await door.mark()).ledgerHeight;
  await before.until(() => before.ids().length >= 10);
  const begun = performance.now();
  await door.restart();
  expect(performance.now() - begun).toBeLessThan(9_000); // not by running into the time-out
  await before.ended();
  expect(before.events.at(-1)).toMatchObject({ event: 'close', data: { reason: 'stopping' } });
  const after = await listen(door.gateway.url, '/api/v1/events', {
    ...headers,
    'last-event-id': before.ids().at(-1) ?? '',
  });
  const whole = await listen(door.gateway.url, '/api/v1/events?after=0', headers);
  const blockOf = (id = '0') => Number(id.split(':')[0]);
  await whole.until(() => blockOf(whole.ids().at(-1)) === total - 1);
  await after.until(() => before.ids().length + after.ids().length >= whole.ids().length);
  expect([...before.ids(), ...after.ids()]).toEqual(whole.ids());
  after.drop();
  whole.drop();
  await door.close();
});

describe('a follower of a ledger that is restored to an earlier backup (fault C5)', () => {
  let door: Door;
  let work: string;
  let streams: Listener[] = [];
  /** Ids that came before the restore, of blocks that it undoes. */
  let lost: readonly string[];
  let kept = '';
  let headBefore = '';
  beforeAll(async () => {
    door = await openDoor('produced', { YUANLIU_STREAM_HEARTBEAT_MS: '100' });
    work = await mkdtemp(join(tmpdir(), 'yuanliu-follow-'));
    const data = join(work, 'data');
    kept = await headOf(door);
    await door.gateway.close();
    await cp(door.directory, data, { recursive: true });
    await door.restart({ YUANLIU_STREAM_HEARTBEAT_MS: '100' });
    const stream = await follow({ 'last-event-id': kept });
    const developer = await door.as(cast.developer);
    for (const n of [1, 2, 3, 4]) await developer.act('usage:record', `U-lost-${n}`, use({ quantity: 1 }));
    await stream.until(() => stream.ids().length >= 4);
    lost = stream.ids();
    headBefore = await headOf(door);
    stream.drop();
    await door.restart({ YUANLIU_DATA: data, YUANLIU_STREAM_HEARTBEAT_MS: '1500' });
  }, 60_000);
  afterEach(() => {
    for (const stream of streams) stream.drop();
    streams = [];
  });
  afterAll(async () => {
    await door.close();
    await rm(work, { recursive: true, force: true });
  });

  async function follow(headers: Record<string, string>, query = ''): Promise<Listener> {
    const { code: organization, msp: mspId, user } = cast.developer;
    const { token = '' } = await door.gateway.account({ mspId, organization, user });
    const stream = await listen(door.gateway.url, `/api/v1/events${query}`, {
      ...headers,
      authorization: `Bearer ${token}`,
    });
    streams.push(stream);
    return stream;
  }

  test('hears that its block has not come, and of the other chain when another one comes', async () => {
    const early = await follow({ 'last-event-id': lost[3] ?? '' });
    await early.ended();
    expect(early.events.at(-1)).toMatchObject({ event: 'close', data: { reason: 'ahead' } });

    const waiting = await follow({ 'last-event-id': lost[0] ?? '' });
    const developer = await door.as(cast.developer);
    await developer.act('usage:record', 'U-other-1', use({ quantity: 1 }));
    await waiting.ended();
    expect(waiting.events.at(-1)?.data['reason']).toMatch(/^(?:ahead|other-chain)$/);
    expect(waiting.ids()).toEqual([]);
  });

  test('is refused with 410 where another block has the number of its own; from what both chains have it continues', async () => {
    const developer = await door.as(cast.developer);
    for (const n of [2, 3, 4, 5]) await developer.act('usage:record', `U-other-${n}`, use({ quantity: 1 }));
    for (const id of [...lost, headBefore]) {
      expectProblem(await developer.get('/api/v1/events', { 'last-event-id': id }), 410, 'GONE');
      expectProblem(await developer.get(`/api/v1/events?after=${id}`), 410, 'GONE');
    }
    const stream = await follow({ 'last-event-id': kept });
    await stream.until(() => stream.ids().length >= 5);
    expect(stream.events.flatMap(({ data }) => (data['ref'] === undefined ? [] : [data['ref']]))).toEqual(
      [1, 2, 3, 4, 5].map((n) => `usage/U-other-${n}`),
    );
  });

  test('is refused an id of an older version, which names no chain', async () => {
    const [block, transaction, event] = placeOf(lost[0] ?? '');
    const developer = await door.as(cast.developer);
    for (const id of [`${block}:${transaction}:${event}`, String(block)]) {
      expectProblem(await developer.get('/api/v1/events', { 'last-event-id': id }), 400, 'INPUT_INVALID');
    }
  });

  test('reads as of, and no earlier than, a block of its own chain only', async () => {
    const developer = await door.as(cast.developer);
    const here = await headOf(door);
    for (const name of ['asOf', 'minBlock']) {
      const path = '/api/v1/usages/U-other-1';
      expectProblem(await developer.get(`${path}?${name}=${headBefore}`), 410, 'GONE');
      expect((await developer.get(`${path}?${name}=${here}`)).status).toBe(200);
      expect((await developer.get(`${path}?${name}=${here.split(':')[0] ?? ''}`)).status).toBe(200);
    }
  });
});

test('a stream is not held back by a proxy: its first line comes with its headers (fault C5)', async () => {
  const door = await openDoor('founded');
  const response = await fetch(new URL('/api/v1/events', door.gateway.url));
  expect(response.headers.get('x-accel-buffering')).toBe('no');
  const reader = response.body?.getReader();
  const first = await reader?.read();
  expect(Buffer.from(first?.value ?? []).toString()).toMatch(
    /^: events of the ledger\n\nid: \d+:[0-9a-f]{16}\nevent: open/,
  );
  await reader?.cancel();
  await door.close();
});
