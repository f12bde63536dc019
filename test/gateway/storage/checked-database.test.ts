// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import fc from 'fast-check';
import { CheckedDatabase } from 'yuanliu-gateway/storage/checked-database';

const HEAD = 'head';
let root: string;
let directory: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'yuanliu-checked-'));
  directory = join(root, 'db');
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** As a large database is opened: without checking every entry. */
function opened(wholeUpTo = -1): Promise<CheckedDatabase> {
  const refuse = ({ kind, reason }: { readonly kind: string; readonly reason: string }): Error =>
    new Error(`${kind}: ${reason}`);
  return CheckedDatabase.open({ directory, head: HEAD, refuse, wholeUpTo });
}

async function filled(count = 20): Promise<void> {
  const db = await opened();
  for (let n = 0; n < count; n++) {
    await db.write([{ key: `k${n}`, before: undefined, after: `value ${n}` }], `${n + 1}`);
  }
  await db.close();
}

/** Changes the database behind its back. */
async function behind(work: (db: ClassicLevel<string, Buffer>) => Promise<void>): Promise<void> {
  const db = new ClassicLevel<string, Buffer>(directory, { valueEncoding: 'buffer' });
  await db.open();
  await work(db);
  await db.close();
}

test('gives back what was written, its head, and passes the check after any sequence of changes', async () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd');
  const change = fc.tuple(key, fc.option(fc.oneof(fc.string(), fc.uint8Array()), { nil: undefined }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uniqueArray(change, { selector: ([one]) => one }), { maxLength: 8 }),
      async (writes) => {
        await rm(directory, { recursive: true, force: true });
        let db = await opened();
        const model = new Map<string, string | Uint8Array>();
        for (const [n, changes] of writes.entries()) {
          await db.write(
            changes.map(([one, after]) => ({ key: one, before: model.get(one), after })),
            `head ${n}`,
          );
          for (const [one, after] of changes) {
            if (after === undefined) model.delete(one);
            else model.set(one, after);
          }
        }
        await db.close();
        db = await opened();
        try {
          for (const one of ['a', 'b', 'c', 'd']) {
            const value = model.get(one);
            expect(db.get(one)).toEqual(value === undefined ? undefined : Buffer.from(value));
          }
          expect(db.head()?.toString()).toBe(writes.length === 0 ? undefined : `head ${writes.length - 1}`);
          await db.check();
        } finally {
          await db.close();
        }
      },
    ),
    { numRuns: 25 },
  );
});

test('a changed entry is found when it is read, and then nothing is read or written any more, in the next process either', async () => {
  await filled();
  await behind(async (db) => {
    const value = (await db.get('k7')) ?? Buffer.alloc(0);
    value[value.length - 1] = (value.at(-1) ?? 0) ^ 1;
    await db.put('k7', value);
  });
  const db = await opened();
  expect(db.get('k6')?.toString()).toBe('value 6');
  expect(() => db.get('k7')).toThrow('damaged: what it holds is not what was written');
  expect(() => db.get('k6')).toThrow('damaged');
  await expect(db.write([], '')).rejects.toThrow('damaged');
  await db.close();
  await expect(opened()).rejects.toThrow('damaged: what it holds is not what was written');
  await CheckedDatabase.erase(directory);
  await (await opened()).close();
});

test('an entry moved under another key is found when it is read', async () => {
  await filled();
  await behind(async (db) => db.put('k3', (await db.get('k4')) ?? Buffer.alloc(0)));
  const db = await opened();
  expect(() => db.get('k3')).toThrow('damaged');
  await db.close();
});

test.each(['lost', 'older'])(
  'an entry that is %s is found by the check, or at once where the database is small',
  async (how) => {
    await filled();
    let old: Buffer = Buffer.alloc(0);
    await behind(async (raw) => {
      old = (await raw.get('k1')) ?? old;
    });
    const db = await opened();
    await db.write([{ key: 'k1', before: 'value 1', after: 'newer' }], 'newer');
    await db.close();
    await behind((raw) => (how === 'lost' ? raw.del('k1') : raw.put('k1', old)));
    await expect(opened(1 << 20)).rejects.toThrow('what it holds is not what was written');
    await rm(`${directory}.damaged`);
    const large = await opened();
    await expect(large.check()).rejects.toThrow('what it holds is not what was written');
    expect(large.failure?.message).toContain('damaged');
    await large.close();
  },
);

test('the check passes while others write, and ends when it is told to', async () => {
  await filled(3000);
  const db = await opened();
  const stop = new AbortController();
  let pages = 0;
  await db.check({
    pause: async ({ share }) => {
      pages += 1;
      expect(share).toBeLessThanOrEqual(1);
      await db.write([{ key: 'k1', before: pages === 1 ? 'value 1' : 'new', after: 'new' }], 'later');
    },
  });
  expect(pages).toBeGreaterThan(1);
  stop.abort();
  let asked = 0;
  const pause = (): Promise<void> => {
    asked++;
    return Promise.resolve();
  };
  await db.check({ signal: stop.signal, pause });
  expect(asked).toBe(1);
  await db.check();
  await db.close();
});

test('a log that LevelDB could not read in full has every entry checked, however large the database is', async () => {
  const value = 'x'.repeat(10_000); // so that the log goes on after the block that is dropped
  const db = await opened();
  for (let n = 0; n < 20; n++) await db.write([{ key: `k${n}`, before: undefined, after: value }], `${n}`);
  await db.close();
  const name = (await readdir(directory)).find((file) => file.endsWith('.log')) ?? '';
  const log = await open(join(directory, name), 'r+');
  await log.write(Buffer.from([0xff]), 0, 1, Math.floor((await stat(join(directory, name))).size / 2));
  await log.close();
  await expect(opened()).rejects.toThrow('damaged');
});
