// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Archive, type ArchiveEntry, openArchive, writeArchive } from 'yuanliu-gateway/backup/archive';
import { STORE_KEY } from 'yuanliu-gateway/backup/parts';
import { restoreArchive } from 'yuanliu-gateway/backup/restore';
import { takeBackup } from 'yuanliu-gateway/backup/take';
import { administratorTokenFile } from 'yuanliu-gateway/http/middleware/administrator';
import { sealOf } from 'yuanliu-gateway/storage/seal';
import { openImportStore } from 'yuanliu-gateway/imports/store';
import { openIndex } from 'yuanliu-gateway/index/open-index';
import { POSITION } from 'yuanliu-gateway/ledger/embedded/entries';
import { cast, departmentOf } from 'yuanliu-demo/cast';
import { examineRestored } from 'yuanliu-cli/examine';
import { CITY, openCity } from '../builders';
import { client, expectProblem, openDoor, type Client, type Door } from './http/door';

const department = departmentOf('金融服务', 0);
const resource = { title: '企业登记信息', domain: '金融服务', region: CITY };

let door: Door;
let admin: Client;
let work: string;
/** A backup that was taken while others wrote. */
let file: string;
/** The key of the store, which the backup was made with. */
let storeKey: string;
/** What was acknowledged before the backup began. */
const before: string[] = [];

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'yuanliu-backup-'));
  file = join(work, 'backup');
  door = await openDoor('founded');
  const token = (await readFile(administratorTokenFile(door.directory), 'utf8')).trim();
  admin = client(() => door.gateway.adminUrl, { authorization: `Bearer ${token}` });

  storeKey = (await readFile(join(door.directory, STORE_KEY), 'utf8')).trim();
  const provider = await door.as(department);
  const taken = new AbortController();
  let written = 0;
  const write = async (): Promise<void> => {
    while (!taken.signal.aborted) {
      const id = `B-${++written}`;
      const { status } = await provider.act('resource:anchor', id, resource);
      if (status === 201) before.push(id);
    }
  };
  const writers = Array.from({ length: 8 }, write);
  while (before.length < 200) await new Promise((resolve) => setImmediate(resolve));
  const acknowledged = before.length;
  const { status, bytes } = await admin.get('/admin/v1/backup');
  taken.abort();
  await Promise.all(writers);
  expect(before.length).toBeGreaterThan(acknowledged); // it was under load
  before.length = acknowledged;
  expect(status).toBe(200);
  await writeFile(file, bytes);
}, 120_000);
afterAll(async () => {
  await door.close();
  await rm(work, { recursive: true, force: true });
});

async function authentic(path = file): Promise<Archive> {
  return (await openArchive(path)).authenticated(sealOf(storeKey));
}

test('a backup taken while others write restores to a ledger that verifies, and to the digest of its index', async () => {
  const directory = join(work, 'restored');
  const archive = await authentic();
  await restoreArchive(archive, directory, storeKey);
  const kept = { directory, ledger: { kind: 'embedded' as const } };
  expect(await examineRestored(kept, archive.index)).toMatchObject({ blocks: archive.height });

  await door.restart({ YUANLIU_DATA: directory });
  const provider = await door.as(department);
  for (const id of before) expect((await provider.get(`/api/v1/resources/${id}`)).status).toBe(200);
  expect((await provider.act('resource:anchor', 'after', resource)).status).toBe(201);
  await door.restart();
}, 60_000);

test('a backup tells of no imported row that came after its ledger', async () => {
  const city = await openCity('produced');
  const { directory, ledger } = city;
  const index = await openIndex({ directory: join(directory, 'index'), ledger });
  const imports = await openImportStore(join(directory, 'imports'), new Date().toISOString());
  try {
    await index.waitFor((await ledger.height()) - 1, 30_000);
    await imports.add('early', 0, { line: 2, id: 'I-1', result: 'anchored' });
    const pieces = takeBackup({ directory, ledger, index, imports });
    const taken: Uint8Array[] = [];
    const first = await pieces.next();
    if (!first.done) taken.push(first.value);
    await imports.add('late', 0, { line: 2, id: 'I-2', result: 'anchored' });
    for await (const piece of pieces) taken.push(piece);
    const own = join(work, 'own');
    await writeFile(own, Buffer.concat(taken));
    const rows: string[] = [];
    const archive = await (await openArchive(own)).authenticated(ledger.pki.seal);
    for await (const { part, key } of archive.entries()) if (part === 'imports') rows.push(key);
    expect(rows).toEqual([expect.stringContaining('early')]);
  } finally {
    await imports.close();
    await index.close();
    await city.close();
  }
}, 60_000);

test('what is restored is for its owner alone', async () => {
  const directory = join(work, 'private');
  await restoreArchive(await authentic(), directory, storeKey);
  expect((await readdir(directory)).sort()).toEqual(['identities', 'imports', 'issuer.pem', 'ledger', 'ledger.mark']);
  for (const name of ['', 'ledger', 'identities', 'imports']) {
    expect([name, (await stat(join(directory, name))).mode & 0o777]).toEqual([name, 0o700]);
  }
  for (const name of ['issuer.pem', 'ledger.mark', join('identities', 'store.key')]) {
    expect([name, (await stat(join(directory, name))).mode & 0o777]).toEqual([name, 0o600]);
  }
});

test('a backup cut off anywhere, or changed anywhere, is refused', async () => {
  const bytes = await readFile(file);
  const copy = join(work, 'copy');
  const places = [0, 1, 30, 200, bytes.length >> 1, bytes.length - 60, bytes.length - 40, bytes.length - 1];
  for (const place of places) {
    await writeFile(copy, bytes.subarray(0, place));
    await expect(openArchive(copy)).rejects.toThrow(/only the beginning of one|ends too early/);
    const changed = Buffer.from(bytes);
    changed[place] = (changed[place] ?? 0) ^ 0x10;
    await writeFile(copy, changed);
    await expect(openArchive(copy)).rejects.toThrow(/is damaged|ends too early/);
  }
});

test('a backup of a newer version is refused by name', async () => {
  const body = (await readFile(file))
    .subarray(0, -32)
    .toString('latin1')
    .replace('"yuanliuBackup":2', '"yuanliuBackup":9');
  const bytes = Buffer.from(body, 'latin1');
  const copy = join(work, 'newer');
  await writeFile(copy, Buffer.concat([bytes, createHash('sha256').update(bytes).digest()]));
  await expect(openArchive(copy)).rejects.toThrow(/has format 9, this program reads 2: a newer version made it/);
});

test('a backup is written in small pieces, also where its entries are nearly all key', async () => {
  const about = { made: new Date().toISOString(), height: 1, index: { height: 1, digest: '' } };
  const lengths: number[] = [];
  for await (const { length } of writeArchive(about, transactionIds(20_000), sealOf(storeKey))) lengths.push(length);
  expect(Math.max(...lengths)).toBeLessThan(512 * 1024);
});

// eslint-disable-next-line @typescript-eslint/require-await -- read as entries are
async function* transactionIds(count: number): AsyncGenerator<ArchiveEntry> {
  for (let n = 0; n < count; n++) {
    yield { part: 'ledger', key: `tx ${String(n).padStart(64, '0')}`, value: Buffer.alloc(6) };
  }
}

test('a backup is for the administrator', async () => {
  expectProblem(await client(() => door.gateway.adminUrl).get('/admin/v1/backup'), 401, 'UNAUTHENTICATED');
});

test('the key of the store is not in a backup, and without it no key in it opens (fault A3)', async () => {
  const bytes = await readFile(file);
  expect(bytes.includes(storeKey)).toBe(false);
  expect(bytes.includes(Buffer.from(storeKey, 'hex'))).toBe(false);
  expect(bytes.includes('PRIVATE KEY')).toBe(false);
});

test('a backup that was changed and summed up again, or was made with another key, is refused (fault A3)', async () => {
  const copy = join(work, 'forged');
  await writeFile(copy, summed(renamed(await readFile(file)).subarray(0, -SUM)));
  const whole = await openArchive(copy); // its sum is right
  await expect(whole.authenticated(sealOf(storeKey))).rejects.toThrow(/was changed after it was made/);
  expect(() => whole.unauthenticated()).toThrow(/restore it with its key/);
  await expect((await openArchive(file)).authenticated(sealOf('5a'.repeat(32)))).rejects.toThrow(
    /was made with the key [0-9a-f]{16}, the key given is [0-9a-f]{16}: use that one/,
  );
});

test('a backup that changes after it was authenticated is not taken (fault A3)', async () => {
  const copy = join(work, 'swapped');
  await writeFile(copy, await readFile(file));
  const archive = await authentic(copy);
  await writeFile(copy, renamed(await readFile(file)));
  await expect(restoreArchive(archive, join(work, 'half'), storeKey)).rejects.toThrow(/changed while it was read/);
});

test('a backup of format 1, which no key authenticates, is compared with its blocks to the last value (fault A3)', async () => {
  const restored = async (name: string, change: (entry: ArchiveEntry) => ArchiveEntry): Promise<number | undefined> => {
    const copy = join(work, name);
    await writeFile(copy, await formatOne(change));
    const whole = await openArchive(copy);
    expect(whole.sealed).toBe(false);
    await expect(whole.authenticated(sealOf(storeKey))).rejects.toThrow(/of no store/);
    const directory = join(work, `${name}-restored`);
    await restoreArchive(whole.unauthenticated(), directory);
    return (await examineRestored({ directory, ledger: { kind: 'embedded' } }, whole.index)).values;
  };
  const withSum = (entry: ArchiveEntry): ArchiveEntry =>
    // as ledgers before format 3 kept it
    entry.key === POSITION ? { ...entry, value: Buffer.concat([entry.value, Buffer.alloc(4)]) } : entry;
  expect(await restored('old', withSum)).toBeGreaterThan(before.length);

  const rival = `s${RIVAL}`;
  const forged = restored('old-forged', (entry) =>
    entry.part === 'ledger' && entry.key === rival ? { ...entry, value: promoted(entry.value) } : entry,
  );
  await expect(forged).rejects.toThrow(`it holds another value of state "${RIVAL}"`);
}, 60_000);

const RIVAL = `organization/${cast.operator.code}`;

function promoted(value: Uint8Array): Buffer {
  const text = Buffer.from(value).toString('latin1');
  return Buffer.from(text.replace('"operator"', '"data-authority"'), 'latin1');
}

/** What a program of format 1 wrote: every key as text, and nothing that authenticates it. */
async function formatOne(change: (entry: ArchiveEntry) => ArchiveEntry): Promise<Buffer> {
  const archive = await authentic();
  const { made, height, index } = archive;
  const seal = sealOf(storeKey);
  const pieces = [Buffer.from(`${JSON.stringify({ yuanliuBackup: 1, made, height, index })}\n`)];
  const add = ({ part, key, value }: ArchiveEntry): void => {
    const parts = [Buffer.from(part), Buffer.from(key), Buffer.from(value)];
    const lengths = Buffer.alloc(12);
    parts.forEach(({ length }, place) => lengths.writeUInt32BE(length, 4 * place));
    pieces.push(lengths, ...parts);
  };
  for await (const entry of archive.entries()) {
    const { part, key, value } = entry;
    add(part === 'file' ? { ...entry, value: Buffer.from(seal.open(key, value)) } : change(entry));
  }
  add({ part: 'file', key: STORE_KEY, value: Buffer.from(`${storeKey}\n`) });
  return summed(Buffer.concat([...pieces, Buffer.from('\nyuanliu-backup-end\n')]));
}

/** Bytes of the SHA-256 at the end of a backup. */
const SUM = 32;

function summed(body: Buffer): Buffer {
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

/** The bytes with another title of a resource, as long as it was. */
function renamed(bytes: Buffer): Buffer {
  const [changed, place] = [Buffer.from(bytes), bytes.lastIndexOf('企业登记信息')];
  changed.set(Buffer.from('企业注销信息'), place);
  return changed;
}
