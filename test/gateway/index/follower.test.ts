// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import { keys } from 'yuanliu-gateway/index/rows/keys';
import { openEmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { IndexError } from 'yuanliu-gateway/index/error';
import { openIndex, reindex } from 'yuanliu-gateway/index/open-index';
import { IndexStore } from 'yuanliu-gateway/index/store/store';
import { CheckedDatabase } from 'yuanliu-gateway/storage/checked-database';
import { anchored, cast, openCity, type City } from '../../builders';
import { newDirectory } from './indexed';

let city: City;
let directory: string;

beforeEach(async () => {
  directory = await newDirectory();
});
afterEach(async () => {
  await city.close();
  await rm(directory, { recursive: true, force: true });
});

test('rebuilds to the same digest, and follows on from where it was closed', async () => {
  city = await openCity('listed');
  const first = await openIndex({ directory, ledger: city.ledger });
  await first.waitFor((await city.ledger.height()) - 1, 10_000);
  await first.close();
  await city.act(city.departments[0], 'resource:revise', 'R-1', { title: '新名称' });

  const second = await openIndex({ directory, ledger: city.ledger });
  const last = (await city.ledger.height()) - 1;
  await second.waitFor(last, 10_000);
  const followed = { height: second.height(), digest: second.digest() };
  await second.close();
  expect(await reindex({ directory, ledger: city.ledger })).toEqual(followed);
});

test('killed at any moment, it goes on to the digest of a rebuild', async () => {
  city = await openCity('listed');
  for (let n = 0; n < 150; n++) {
    for (const { by, act, id, input } of anchored({
      id: `X-${n}`,
      domain: '金融',
      provider: city.departments[0],
    })) {
      await city.act(by, act, id, input);
    }
  }
  await city.ledger.close();
  const height: number[] = [];
  for (let round = 0; round < 12; round++) height.push(await followAndKill(Math.random() * 120));
  expect(height).toEqual([...height].sort((a, b) => a - b));

  const ledger = await openEmbeddedLedger({ directory: city.directory });
  const index = await openIndex({ directory, ledger });
  await index.waitFor((await ledger.height()) - 1, 20_000);
  const followed = { height: index.height(), digest: index.digest() };
  await index.close();
  expect(await reindex({ directory, ledger })).toEqual(followed);
  await ledger.close();
}, 120_000);

/** Lets a process index for some milliseconds, kills it, and tells how far the index came. */
async function followAndKill(milliseconds: number): Promise<number> {
  const child = spawn(process.execPath, [join(__dirname, 'fixture', 'follow.js'), city.directory, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  await sleep(milliseconds); // the moment of the kill, not a wait for anything
  child.kill('SIGKILL');
  await ended;
  const store = await IndexStore.open({ directory });
  const { height } = store.position;
  await store.close();
  return height;
}

test('tells an index of another ledger from its own', async () => {
  city = await openCity('founded');
  await reindex({ directory, ledger: city.ledger });
  const other = await openCity('founded', { ownChannel: true });
  const index = await openIndex({ directory, ledger: other.ledger });
  await expect(index.waitFor(1_000, 300)).rejects.toThrow(IndexError);
  expect(index.failure()).toBeInstanceOf(IndexError);
  expect(index.failure()?.message).toMatch(/another ledger/);
  await index.close();
  await other.close();
});

test('refuses an index that was damaged or is of another version; reindex builds it anew', async () => {
  city = await openCity('founded');
  const { ledger } = city;
  const built = await reindex({ directory, ledger });
  const put = async (key: string, text: (was: string) => string): Promise<void> => {
    const db = new ClassicLevel<string, Buffer>(directory, { valueEncoding: 'buffer' });
    await db.put(key, Buffer.from(text((await db.get(key))?.toString('latin1') ?? ''), 'latin1'));
    await db.close();
  };
  const putHead = async (text: (was: string) => string): Promise<void> => {
    const refuse = ({ reason }: { readonly reason: string }): Error => new Error(reason);
    const db = await CheckedDatabase.open({ directory, head: keys.position, refuse });
    await db.write([], text(db.head()?.toString() ?? ''));
    await db.close();
  };
  const refused = async (code: string): Promise<void> => {
    const error: unknown = await openIndex({ directory, ledger }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, message: expect.stringContaining('`yuanliu reindex` deletes it') });
    expect(await reindex({ directory, ledger })).toEqual(built);
  };
  await put(keys.record(`organization/${cast.agency.code}`), (row) => row.replace('1', '2'));
  await refused('DAMAGED');
  await put(keys.position, (row) => row.replace('"height":', '"height":1'));
  await refused('DAMAGED');
  await putHead((row) => row.replace('{', '['));
  await refused('DAMAGED');
  await putHead((row) => row.replace(/"format":\d+/, '"format":99'));
  await refused('OTHER_FORMAT');
  await put(keys.position, () => '{"format":5,"height":1,"headerHash":"","digest":"","names":0,"latest":"","sum":1}');
  await refused('OTHER_FORMAT');
  for (const names of ['MANIFEST-1', 'MANIFEST-999999\n']) {
    await writeFile(join(directory, 'CURRENT'), names);
    await refused('DAMAGED');
  }
  await (await openIndex({ directory, ledger })).close();
});

test('says that a block is not indexed rather than wait for ever', async () => {
  city = await openCity('empty');
  const index = await openIndex({ directory, ledger: city.ledger });
  await expect(index.waitFor(99, 50)).rejects.toMatchObject({ code: 'NOT_INDEXED' });
  const waiting = expect(index.waitFor(99, 60_000)).rejects.toMatchObject({ code: 'CLOSED' });
  await index.close();
  await waiting;
  expect(() => index.resolve()).toThrow(expect.objectContaining({ code: 'CLOSED' }) as Error);
});
