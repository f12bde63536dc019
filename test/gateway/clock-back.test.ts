// SPDX-License-Identifier: Apache-2.0
import { requestCounts } from 'yuanliu-gateway/http/middleware/request-counts';
import { openIssuer } from 'yuanliu-gateway/identity/issuer';
import { builtinTokens } from 'yuanliu-gateway/identity/tokens';
import { reindex } from 'yuanliu-gateway/index/open-index';
import { openProcedures } from 'yuanliu-gateway/queries/procedures/procedures';
import { openWorklist } from 'yuanliu-gateway/queries/worklist/worklist';
import { anchored, cast, ids, refusal, use } from '../builders';
import { newDirectory, openIndexedCity, settableClock, type IndexedCity } from './index/indexed';

const NOON = '2026-06-01T04:00:00.000Z';
const AN_HOUR_BEFORE = '2026-06-01T03:00:00.000Z';

/** The clock of gateway and ledger jumps back an hour while they run. */
let indexed: IndexedCity;
let time: ReturnType<typeof settableClock>;
let before: number;
let told: readonly [time: string, block: number];
beforeAll(async () => {
  time = settableClock(NOON);
  indexed = await openIndexedCity('produced', { clock: time.clock });
  before = indexed.index.height();
  const { at = '' } = (await indexed.city.get(`agreement/${ids.agreement}`)).timeline[0] ?? {};
  told = [at, indexed.index.resolve(at)];
  time.set(AN_HOUR_BEFORE);
});
afterAll(() => indexed.close());

test('acts go on, each after the one before, with the time that the clock tells', async () => {
  const [provider] = indexed.city.departments;
  const places: number[] = [];
  for (const id of ['R-back-1', 'R-back-2']) {
    const resource = { id, domain: '金融服务', provider };
    for (const { by, act, input } of anchored(resource)) {
      const { receipt } = await indexed.city.act(by, act, id, input);
      places.push(receipt.blockNumber);
      expect(receipt.ledgerTime < NOON).toBe(true);
    }
  }
  expect(places).toEqual([before, before + 1]);
});

test('a person enrolled before the jump, and one enrolled after it, both act', async () => {
  await expect(indexed.city.act(cast.developer, 'usage:record', 'U-known', use())).resolves.toBeDefined();
  const newcomer = { ...cast.developer, user: '新人' };
  await expect(indexed.city.act(newcomer, 'usage:record', 'U-new', use())).resolves.toBeDefined();
});

test('nobody slips under a suspension by the time that the clock shows again', async () => {
  time.set(NOON);
  await indexed.city.act(cast.agency, 'grant:suspend', ids.grant, { reason: '检查' });
  time.set(AN_HOUR_BEFORE);
  expect(await refusal(indexed.city.act(cast.developer, 'usage:request', 'U-slip', use()))).toMatchObject({
    code: 'REFUSED',
    rule: 'chain-stands',
  });
  await indexed.city.act(cast.agency, 'grant:resume', ids.grant, { reason: '合格' });
});

test('the past stays as it was told: a time names the same block as before the jump, block order is history', async () => {
  await indexed.caughtUp();
  const { index } = indexed;
  const [at, block] = told;
  expect(index.resolve(at)).toBe(block);
  const viewer = indexed.viewer(cast.authority);
  expect(index.record('resource/R-back-1', viewer, { asOf: at })).toBeUndefined();
  expect(index.record('resource/R-back-1', viewer, { asOf: AN_HOUR_BEFORE.replace('03', '05') })).toBeDefined();
  const directory = await newDirectory();
  expect(await reindex({ directory, ledger: indexed.city.ledger })).toEqual({
    height: index.height(),
    digest: index.digest(),
  });
});

test('the questions are answered', async () => {
  const viewer = indexed.viewer(indexed.city.departments[0]);
  expect((await openWorklist(indexed.index, time.clock).page(viewer)).items.length).toBeGreaterThan(0);
  await expect(openProcedures(indexed.index, time.clock).page(viewer)).resolves.toBeDefined();
  const { hops } = await indexed.trace.origins(`usage/${ids.usage}`, indexed.viewer(cast.authority));
  expect(hops.length).toBeGreaterThan(0);
});

test('requests are counted by the minute all the same', () => {
  let passed = 0;
  const counts = requestCounts(60_000, () => passed);
  const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.parse(NOON));
  try {
    for (let n = 1; n <= 3; n++) expect(counts.increment('a')).toMatchObject({ totalHits: n });
    clock.mockReturnValue(Date.parse(AN_HOUR_BEFORE));
    expect(counts.increment('b')).toMatchObject({ totalHits: 1 });
    passed = 60_000;
    expect(counts.increment('a')).toEqual({ totalHits: 1, resetTime: new Date(Date.parse(AN_HOUR_BEFORE) + 60_000) });
  } finally {
    clock.mockRestore();
  }
});

test('a token issued before the jump is good', async () => {
  const directory = await newDirectory();
  const issuer = await openIssuer(directory);
  jest.useFakeTimers({ now: Date.now() + 3_600_000, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  const token = await issuer.issue({ user: '岗位', organization: cast.agency.code }).finally(() => {
    jest.useRealTimers(); // an hour back
  });
  await expect(builtinTokens(issuer)(token)).resolves.toMatchObject({ organization: cast.agency.code });
});
