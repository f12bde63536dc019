// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { kinds } from 'yuanliu-chaincode/kinds';
import { administratorTokenFile } from 'yuanliu-gateway/http/middleware/administrator';
import { KEY_VARIABLE } from 'yuanliu-gateway/storage/store-key';
import { departmentOf } from 'yuanliu-demo/cast';
import { cast, CITY, ids, openCity } from '../builders';
import { client, type Client, type Reply } from './http/door';
import { startServing, type Serving } from './serving';

/** What each canary stands for, and the canary: found anywhere it should not be, it says from where it flew. */
const canaries = new Map<string, string>();

function canary(of: string): string {
  const text = `canary${randomBytes(16).toString('hex')}`;
  canaries.set(of, text);
  return text;
}

/** What was answered with a status of 400 or more. */
const errors: Buffer[] = [];
let directory: string;
let log: Buffer;
/** Content of every file that the gateway keeps, by path. */
const files = new Map<string, Buffer>();
const shown = `shown${randomBytes(16).toString('hex')}`;
const storeKey = randomBytes(32).toString('hex');
let tokens: readonly string[];
let administrator: string;

beforeAll(async () => {
  process.env[KEY_VARIABLE] = storeKey;
  const city = await openCity('produced');
  ({ directory } = city);
  await city.ledger.close();
  const accounts = [cast.developer, departmentOf('金融服务', 0)];
  const gateway = await startServing({ directory, accounts, settings: { YUANLIU_LOG_LEVEL: 'debug' } });
  ({ tokens } = gateway);
  administrator = (await readFile(administratorTokenFile(directory), 'utf8')).trim();
  await exercise(gateway);
  log = await gateway.stop();
  for (const name of await readdir(directory, { recursive: true })) {
    const content = await readFile(join(directory, name)).catch(() => undefined); // folders have none
    if (content) files.set(name, content);
  }
}, 120_000);
afterAll(async () => {
  Reflect.deleteProperty(process.env, KEY_VARIABLE);
  await rm(directory, { recursive: true, force: true });
});

/** Puts a canary wherever a secret may come in: into what is refused, for what is accepted is for everyone to read. */
async function exercise({ url, adminUrl, clients: [developer, department] }: Serving): Promise<void> {
  if (!developer || !department) throw new Error('the gateway gave no tokens');
  const told = async (reply: Promise<Reply>): Promise<void> => {
    const { status, bytes } = await reply;
    if (status >= 400) errors.push(bytes);
  };
  const anyone = client(() => url);

  await told(anyone.get('/api/v1/status', { authorization: `Bearer ${canary('a token')}` }));
  await told(anyone.get('/api/v1/status', { authorization: `Bearer a.${canary('a token in three parts')}.c` }));
  await told(anyone.get('/api/v1/status', { authorization: `Basic ${canary('a password')}` }));
  await told(anyone.get('/api/v1/status', { authorization: canary('a scheme') }));
  for (const header of ['cookie', 'proxy-authorization', 'x-api-key', 'x-forwarded-for', 'user-agent', 'referer']) {
    await told(developer.get('/api/v1/status?x=1', { [header]: `k=${canary(`the header ${header}`)}` }));
  }
  await told(developer.get('/api/v1/status', { 'x-request-id': `${canary('a request id that is none')} "` }));
  await told(
    client(() => adminUrl, { authorization: `Bearer ${canary('a token of the administrator')}` }).get(
      '/admin/v1/identities',
    ),
  );

  await told(developer.get(`/api/v1/resources?title=${canary('a query value')}`));
  await told(developer.get(`/api/v1/resources?limit=${canary('a wrong query value')}`));
  await told(developer.get(`/api/v1/resources?cursor=${canary('a cursor')}`));
  await told(developer.get(`/api/v1/lookup?digest=${canary('a digest looked for')}`));

  await acts(developer, told);
  await told(developer.post('/api/v1/usages/U-1/record', `{"note":"${canary('a body cut short')}`));
  await told(
    developer.post('/api/v1/usages/U-1/record', canary('a body of another type'), { 'content-type': 'text/plain' }),
  );
  await told(
    developer.post('/api/v1/usages/U-1/record', {}, { 'Idempotency-Key': `${canary('a key that is none')} x` }),
  );
  const csv = { 'content-type': 'text/csv' };
  const long = `金融服务,甲,乙,${canary('a cell too many')}`;
  await told(department.post('/api/v1/imports', `domain,category,item\n${long}\n`, csv));
  const row = `金融服务,甲,乙,${canary('a cell that is no digest')}`;
  await told(department.post('/api/v1/imports', `domain,category,item,digest\n${row}\n`, csv));

  const input = { subject: `product/${ids.derived}@1`, authority: `grant/${ids.grant}`, purpose: shown, action: 'use' };
  expect((await developer.act('usage:record', 'U-shown', input)).status).toBe(201);
}

/** Every act, with a canary in every field of its input where no text of the sort belongs, and in fields it does not have. */
async function acts(developer: Client, told: (reply: Promise<Reply>) => Promise<void>): Promise<void> {
  for (const act of kinds.flatMap((kind) => [...kind.acts.values()])) {
    const name = `${act.kind.name}:${act.name}`;
    const { properties = {} } = z.toJSONSchema(act.input, { unrepresentable: 'any', io: 'input' });
    const fields = Object.keys(properties);
    const salts = ['salt', 'password', 'token', 'subjectName'].map((field) => [field, canary(`${name}, ${field}`)]);
    const texts = fields.map((field) => [field, canary(`${name}, field ${field}`)]);
    const objects = fields.map((field) => [field, { secret: canary(`${name}, in field ${field}`) }]);
    for (const wrong of [texts, objects]) {
      await told(developer.act(name, 'X-1', Object.fromEntries([...wrong, ...salts]) as object));
    }
    await told(developer.act(name, 'X-1', { occurredAt: canary(`${name}, a time`), as: canary(`${name}, a role`) }));
  }
  const { code } = cast.rival;
  await told(
    developer.act('organization:admit', code, {
      name: canary('a refused act'),
      msp: 'DeveloperMSP',
      roles: [{ role: 'developer', region: CITY }],
    }),
  );
}

/** Where a text is, as it is or as it may be written down otherwise. */
function placesOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const spellings = [bytes, Buffer.from(text, 'utf16le'), Buffer.from(bytes.toString('hex')), base64Of(bytes)];
  const among = (content: Buffer): boolean => spellings.some((spelling) => content.includes(spelling));
  return [
    ...[...files].filter(([, content]) => among(content)).map(([name]) => name),
    ...(among(log) ? ['the log'] : []),
    ...(errors.some(among) ? ['an error'] : []),
  ];
}

/** The part of a text's base64 that does not depend on what is before or after it. */
function base64Of(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64'));
}

test('what a search finds, it finds: an accepted text is in block and index, and requests are in the log', () => {
  expect(placesOf(shown).map((name) => name.split('/')[0])).toEqual(expect.arrayContaining(['ledger', 'index']));
  expect(log.toString()).toContain('/api/v1/usages/U-shown/record');
  expect(errors.length).toBeGreaterThan(100);
});

test('no canary is in a file, in the log or in an error', () => {
  expect(canaries.size).toBeGreaterThan(300);
  const found = [...canaries].map(([of, text]) => [of, placesOf(text)] as const);
  expect(found.filter(([, places]) => places.length > 0)).toEqual([]);
});

test('no token, and no key but in its own file, is anywhere', () => {
  const issuer = files.get('issuer.pem')?.toString() ?? '';
  const keyLine = issuer.split('\n')[1] ?? '';
  expect(keyLine).toMatch(/^[\w+/]{40,}$/);
  expect({
    tokens: tokens.flatMap(placesOf),
    signatures: tokens.flatMap((token) => placesOf(token.split('.')[2] ?? '')),
    administrator: placesOf(administrator),
    store: [...placesOf(storeKey), ...placesOf(Buffer.from(storeKey, 'hex').toString('latin1'))],
    issuer: placesOf(keyLine),
  }).toEqual({ tokens: [], signatures: [], administrator: ['admin.token'], store: [], issuer: ['issuer.pem'] });
  const keys = [...files].filter(([, content]) => content.includes('PRIVATE KEY')).map(([name]) => name);
  expect(keys).toEqual(['issuer.pem']);
  expect(log.toString()).not.toContain('PRIVATE KEY');
});
