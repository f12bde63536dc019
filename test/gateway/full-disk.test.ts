// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, startGateway, type Gateway } from 'yuanliu-gateway';
import { openEmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { departmentOf } from 'yuanliu-demo/cast';
import { examineLedger } from 'yuanliu-cli/examine';
import { CITY } from '../builders';
import { client, expectProblem, openDoor, type Client } from './http/door';

const MEBIBYTE = 1024 * 1024;
const provider = departmentOf('金融服务', 0);
const resource = { title: '企业登记信息', domain: '金融服务', region: CITY };

/** Whether this user may mount a small disk: root may, outside some containers. */
const disk = smallDisk();
const onDisk = disk === undefined ? test.skip : test;
if (disk === undefined) process.stderr.write('SKIPPED here: a full disk. It takes root, to mount a small one\n');

function smallDisk(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const place = spawnSync('mktemp', ['-d'], { encoding: 'utf8' }).stdout.trim();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=192m', 'tmpfs', place]);
  return mounted.status === 0 ? place : undefined;
}

let directory: string;
let token: string;
let gateway: Gateway | undefined;
let one: Client;
beforeEach(async () => {
  if (disk === undefined) return;
  const door = await openDoor('founded');
  const { code: organization, msp: mspId, user } = provider;
  token = (await door.gateway.account({ organization, mspId, user })).token ?? '';
  await door.gateway.close();
  directory = await mkdtemp(join(disk, 'data-'));
  await cp(door.directory, directory, { recursive: true });
  await rm(door.directory, { recursive: true });
  one = client(() => gateway?.url ?? '', { authorization: `Bearer ${token}` });
}, 60_000);
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  if (disk !== undefined) for (const path of [directory, filler()]) await rm(path, { recursive: true, force: true });
});
afterAll(() => {
  if (disk !== undefined) spawnSync('umount', [disk]);
});

async function start(): Promise<Gateway> {
  const own = { YUANLIU_DATA: directory, YUANLIU_PORT: '0', YUANLIU_ADMIN_PORT: '0', YUANLIU_LOG_LEVEL: 'silent' };
  return startGateway(readConfig(own));
}

const filler = (): string => join(disk ?? tmpdir(), 'filler');

/** Fills the disk until only so much is free. */
async function fill(free: number): Promise<void> {
  const { bavail, bsize } = await statfs(disk ?? '');
  const handle = await open(filler(), 'a');
  try {
    for (let left = bavail * bsize - free; left > 0; left -= MEBIBYTE) {
      await handle.write(Buffer.alloc(Math.min(left, MEBIBYTE)));
    }
  } finally {
    await handle.close();
  }
}

onDisk(
  'with the disk nearly full acts are refused, reads go on, and acts too once there is room, without a restart',
  async () => {
    gateway = await start();
    const kept = await one.act('resource:anchor', 'A-1', resource);
    expect(kept.status).toBe(201);
    await fill(16 * MEBIBYTE);
    const before = (await one.get('/api/v1/status')).body;
    const problem = expectProblem(await one.act('resource:anchor', 'A-2', resource), 507, 'NO_SPACE');
    expect(problem.remedy).toContain('make room');
    const file = 'domain,category,item,id\n金融服务,甲,乙,A-3\n';
    const sent = await one.post('/api/v1/imports', file, { 'content-type': 'text/csv' });
    expect(sent.body.results).toMatchObject([{ id: 'A-3', result: 'failed', code: 'NO_SPACE' }]);
    expect((await one.get('/api/v1/resources/A-1')).body.record).toEqual(kept.body.record);
    expect((await one.get('/api/v1/status')).body).toMatchObject({
      ledgerHeight: before.ledgerHeight,
      digest: before.digest,
    });

    await rm(filler());
    expect((await one.act('resource:anchor', 'A-2', resource)).status).toBe(201);
    await gateway.close();
    await expect(examineLedger({ directory, ledger: { kind: 'embedded' } })).resolves.toBeDefined();
  },
  60_000,
);

onDisk(
  'with the disk full a start is refused by name, and loses nothing that was acknowledged',
  async () => {
    gateway = await start();
    const kept = await one.act('resource:anchor', 'A-1', resource);
    await gateway.close();
    await fill(0);
    await expect(start()).rejects.toThrow(/No space left on device|MiB are free/);
    await rm(filler());
    gateway = await start();
    expect((await one.get('/api/v1/resources/A-1')).body.record).toEqual(kept.body.record);
  },
  60_000,
);

onDisk(
  'a disk that fills up in the middle of a write loses no acknowledged transaction',
  async () => {
    const ledger = await openEmbeddedLedger({ directory, reserve: 0 });
    const { code: organization, msp: mspId, user } = provider;
    const identity = await ledger.pki.enrol({ mspId, user, organization });
    const anchor = (id: string) =>
      ledger.submit({ identity, transaction: 'resource:anchor', args: [id, JSON.stringify(resource)] });
    const acknowledged: string[] = [];
    await fill(MEBIBYTE);
    let failure: unknown;
    for (let n = 0; failure === undefined && n < 1000; n++) {
      await anchor(`F-${n}`).then(
        () => acknowledged.push(`F-${n}`),
        (error: unknown) => (failure = error),
      );
    }
    expect(failure).toMatchObject({ code: 'COMMIT_UNKNOWN' });
    await expect(anchor('later')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await ledger.close();
    await rm(filler());
    gateway = await start();
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const id of acknowledged) expect((await one.get(`/api/v1/resources/${id}`)).status).toBe(200);
    expect((await one.act('resource:anchor', 'A-1', resource)).status).toBe(201);
    await gateway.close();
    await expect(examineLedger({ directory, ledger: { kind: 'embedded' } })).resolves.toBeDefined();
  },
  120_000,
);
