// SPDX-License-Identifier: Apache-2.0
import { cp, mkdtemp, open, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, startGateway, type Gateway } from 'yuanliu-gateway';
import { examineLedger } from 'yuanliu-cli/examine';
import { cast, ids } from '../builders';
import { client, openDoor } from './http/door';

/** More by hand: `DAMAGES=500 npx jest test/gateway/damaged`. */
const DAMAGES = Number(process.env['DAMAGES'] ?? 24);
const FIRST = 1;

let whole: string;
let token: string;
let right: readonly string[];
beforeAll(async () => {
  const door = await openDoor('produced');
  const { code: organization, msp: mspId, user } = cast.authority;
  token = (await door.gateway.account({ organization, mspId, user })).token ?? '';
  right = await answersOf(door.gateway);
  await door.gateway.close();
  whole = door.directory;
}, 60_000);
afterAll(() => rm(whole, { recursive: true, force: true }));

function started(directory: string): Promise<Gateway> {
  const own = { YUANLIU_DATA: directory, YUANLIU_PORT: '0', YUANLIU_ADMIN_PORT: '0', YUANLIU_LOG_LEVEL: 'silent' };
  return startGateway(readConfig(own));
}

/** What the gateway says, word for word: how far the ledger has come, records, lists, questions. */
async function answersOf(gateway: Gateway): Promise<readonly string[]> {
  const one = client(() => gateway.url, { authorization: `Bearer ${token}` });
  const paths = [
    '/api/v1/status',
    `/api/v1/usages/${ids.usage}/origins`,
    `/api/v1/agreements/${ids.agreement}/history`,
    '/api/v1/resources',
    '/api/v1/registrations',
    '/api/v1/organizations',
    '/api/v1/procedures',
    '/api/v1/blocks/7',
  ];
  const answers: string[] = [];
  for (const path of paths) {
    const { bytes } = await one.get(path);
    answers.push(bytes.toString('utf8').replaceAll(/"(?:stands|time)":[^,]*,?|"asOf":\{[^}]*\}/g, ''));
  }
  return answers;
}

interface Damage {
  readonly file: string;
  readonly at: number;
}

/** Changes one byte of all that the folder holds, each byte as likely as another; the same seed, the same byte. */
async function damage(directory: string, seed: number): Promise<Damage> {
  const files: { file: string; size: number }[] = [];
  for (const file of (await readdir(directory, { recursive: true })).sort()) {
    const entry = await stat(join(directory, file));
    if (entry.isFile() && entry.size > 0) files.push({ file, size: entry.size });
  }
  const random = randomOf(seed);
  let at = Math.floor(random() * files.reduce((sum, { size }) => sum + size, 0));
  const hit = files.find(({ size }) => at < size || ((at -= size), false));
  if (!hit) throw new Error('there is nothing to damage');
  const handle = await open(join(directory, hit.file), 'r+');
  try {
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, at);
    byte[0] = (byte[0] ?? 0) ^ (1 + Math.floor(random() * 255));
    await handle.write(byte, 0, 1, at);
  } finally {
    await handle.close();
  }
  return { file: hit.file, at };
}

/** mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test('a folder damaged at any byte is refused clearly, or answers as if it were whole: never wrongly', async () => {
  const outcomes = { refused: 0, right: 0 };
  for (let seed = FIRST; seed < FIRST + DAMAGES; seed++) {
    const directory = await mkdtemp(join(tmpdir(), 'yuanliu-damaged-'));
    try {
      await cp(whole, directory, { recursive: true });
      const { file, at } = await damage(directory, seed);
      const which = `seed ${seed}, byte ${at} of ${file}`;
      const gateway = await started(directory).catch((error: unknown) => error as Error);
      if (gateway instanceof Error) {
        for (const words of [CLEAR, REMEDY]) expect(`${which}: ${gateway.message}`).toMatch(words);
        outcomes.refused += 1;
        continue;
      }
      const answers = await answersOf(gateway).finally(() => gateway.close());
      expect([which, answers]).toEqual([which, right]);
      await expect(examineLedger({ directory, ledger: { kind: 'embedded' } })).resolves.toBeDefined();
      outcomes.right += 1;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  process.stderr.write(`damaged at ${DAMAGES} bytes: ${JSON.stringify(outcomes)}\n`);
  expect(outcomes.refused).toBeGreaterThan(0);
}, 600_000);

test('identities whose last write is cut off are refused: that may have been a revocation', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-damaged-'));
  await cp(whole, directory, { recursive: true });
  const entries = join(directory, 'identities', 'entries');
  const log = join(entries, (await readdir(entries)).find((name) => name.endsWith('.log')) ?? '');
  await truncate(log, (await stat(log)).size - 1);
  const refused = started(directory).then((gateway) => gateway.close());
  await expect(refused).rejects.toThrow(CLEAR);
  await expect(refused).rejects.toThrow(REMEDY);
  await rm(directory, { recursive: true });
});

/** What is wrong, and what to do. */
const CLEAR = /damaged|does not|cannot open|is not the/;
const REMEDY = /`yuanliu (?:restore|reindex)|backup|delete it|move that folder away/;
