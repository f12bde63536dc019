// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { cast, ids, use } from '../../builders';
import { openDoor, type Client, type Door } from './door';

let door: Door;
let developer: Client;
let agency: Client;
beforeAll(async () => {
  door = await openDoor('produced', { YUANLIU_WRITES: '64' });
  [developer, agency] = [await door.as(cast.developer), await door.as(cast.agency)];
}, 120_000);
afterAll(() => door.close());

const WRITERS = 50;
const term = { from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z' };
const limit = async (quota: number): Promise<void> => {
  const terms = { catalogue: ids.catalogue, ...term, quota };
  expect((await agency.act('grant:amend', ids.grant, { terms, reason: '演示' })).status).toBe(201);
};
const each = (run: (id: string) => ReturnType<Client['act']>) =>
  Promise.all(Array.from({ length: WRITERS }, () => run(`U-${randomUUID()}`)));

/** How many transactions of the blocks since one were found invalid. */
async function invalidSince(height: number): Promise<number> {
  const { ledgerHeight } = await door.mark();
  let invalid = 0;
  for (let block = height; block < ledgerHeight; block++) {
    for (const txId of (await door.anyone.get(`/api/v1/blocks/${block}`)).body.transactions as unknown as string[]) {
      const { body } = await door.anyone.get(`/api/v1/transactions/${txId}`);
      if ((body as unknown as { validationCode: string }).validationCode !== 'VALID') invalid++;
    }
  }
  return invalid;
}

test('50 writers at once ask for 40 permits, and get exactly those, without a conflict (fault F3)', async () => {
  await limit(40);
  const { ledgerHeight } = await door.mark();
  const answers = await each((id) => developer.act('usage:request', id, use()));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(40);
  const refused = answers.filter(({ status }) => status !== 201);
  expect(refused.map(({ status, body }) => `${status} ${body.rule}`)).toEqual(Array(10).fill('422 within-quota'));
  expect(await invalidSince(ledgerHeight)).toBe(0);
});

test('50 writers at once report uses under one quota: each is recorded, none conflicts, each is counted (fault F3)', async () => {
  await limit(40 + WRITERS + 4);
  const { ledgerHeight } = await door.mark();
  const answers = await each((id) => developer.act('usage:record', id, use()));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(await invalidSince(ledgerHeight)).toBe(0);
  const ask = (quantity: number) => developer.act('usage:request', `U-${randomUUID()}`, use({ quantity }));
  expect((await ask(5)).body).toMatchObject({ rule: 'within-quota' });
  expect((await ask(4)).status).toBe(201);
});

test('what 50 writers at once report beyond a quota is found once they are metered', async () => {
  const first = `U-${randomUUID()}`;
  const beyond = await developer.act('usage:record', first, use());
  expect(beyond.body.record.act.violations).toMatchObject([{ rule: 'within-quota' }]); // alone, it is found at once
  const height = (await door.mark()).ledgerHeight;
  await each((id) => developer.act('usage:record', id, use()));
  const supervisor = await door.as(cast.supervisor);
  await door.restart();
  const { body } = await supervisor.get(`/api/v1/findings?against=${cast.developer.code}`);
  const [found] = (body as unknown as { items: { record: { id: string; body: { rules: string[] } } }[] }).items;
  expect(found?.record.body.rules).toEqual(['within-quota']);
  const one = await supervisor.get(`/api/v1/findings/${found?.record.id ?? ''}`);
  const { counted } = one.body as unknown as { counted: { count: number; refs: string[] } };
  expect(counted.count).toBeGreaterThan(0);
  expect(counted.refs).toHaveLength(Math.min(50, counted.count));
  expect(await invalidSince(height)).toBe(0);
});

test('reports that come one after the other are counted at once, each, as if there were no others (fault B43)', async () => {
  await limit(1000);
  for (let again = 0; again < 8; again++) {
    const { body } = await developer.act('usage:record', `U-${randomUUID()}`, use());
    expect(body.record.body).toMatchObject({ counted: [{ link: `grant/${ids.grant}`, quantity: 1 }] });
  }
});

test('a report that leaves its uses to be metered is metered by the gateway', async () => {
  await limit(1000);
  const left = `U-${randomUUID()}`;
  expect((await developer.act('usage:record', left, use({ metering: 'later' }))).status).toBe(201);
  await door.restart();
  const { body } = await developer.get(`/api/v1/usages/${left}/history`);
  const acts = (body as unknown as { items: { act: { name: string } }[] }).items;
  expect(acts.map(({ act }) => act.name)).toEqual(['record', 'meter']);
});

test('reports that a batch leaves to be metered are, and permits of a batch are held to them (fault B44)', async () => {
  await limit(2000);
  const { body: before } = await developer.act('usage:request', `U-${randomUUID()}`, use({ quantity: 2001 }));
  const taken = Number(/"taken":(\d+)/.exec(JSON.stringify(before))?.[1]);
  await limit(taken + 10);
  const batch = async (act: string, id: string, input: object): Promise<string> => {
    const body = Buffer.from(JSON.stringify({ act: `usage:${act}`, id, input }));
    const { bytes } = await developer.post('/api/v1/batches', body, { 'content-type': 'application/x-ndjson' });
    return bytes.toString();
  };
  const [first, second] = [`U-${randomUUID()}`, `U-${randomUUID()}`];
  await batch('record', first, use({ metering: 'later', quantity: 8 }));
  await batch('record', second, use({ metering: 'later', quantity: 1 }));
  expect(await batch('request', `U-${randomUUID()}`, use({ quantity: 2 }))).toContain('within-quota');
  expect(await batch('request', `U-${randomUUID()}`, use({ quantity: 1 }))).not.toContain('problem');
});

test('a report that is repeated under its key gets its first answer, whichever way it was counted', async () => {
  const id = `U-${randomUUID()}`;
  const key = { 'Idempotency-Key': randomUUID() };
  const [other, first] = await Promise.all([
    developer.act('usage:record', `U-${randomUUID()}`, use()),
    developer.act('usage:record', id, use(), key), // left to be metered
  ]);
  expect([other.status, first.status]).toEqual([201, 201]);
  const again = await developer.act('usage:record', id, use(), key);
  expect(again.headers['idempotency-replayed']).toBe('true');
  expect(again.body.record).toEqual(first.body.record);
});
