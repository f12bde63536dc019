// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { POSITION } from 'yuanliu-gateway/ledger/embedded/entries';
import { CheckedDatabase } from 'yuanliu-gateway/storage/checked-database';
import { examineLedger } from 'yuanliu-cli/examine';
import { cast, openCity } from '../../builders';

let directory: string;
beforeAll(async () => {
  const city = await openCity('listed');
  ({ directory } = city);
  await city.ledger.close();
}, 60_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs `work` on the stored entries of the closed ledger. */
async function withDatabase(work: (db: CheckedDatabase) => Promise<void>): Promise<void> {
  const refuse = ({ reason }: { readonly reason: string }): Error => new Error(reason);
  const db = await CheckedDatabase.open({ directory: join(directory, 'ledger'), head: POSITION, refuse });
  try {
    await work(db);
  } finally {
    await db.close();
  }
}

/** Sets an entry, or deletes it, with its checksum and the sum of all entries. */
async function forge(db: CheckedDatabase, key: string, after: Buffer | undefined): Promise<void> {
  await db.write([{ key, before: db.get(key), after }], db.head() ?? NOTHING);
}

const NOTHING = Buffer.alloc(0);
const rival = `organization/${cast.operator.code}`;

const forgeries: readonly [
  what: string,
  key: () => Promise<string>,
  forged: (value: Buffer) => Buffer | undefined,
  RegExp,
][] = [
  [
    "another organisation's role",
    () => Promise.resolve(`s${rival}`),
    (value) =>
      Buffer.concat([
        value.subarray(0, 10),
        Buffer.from(value.subarray(10).toString().replace('"operator"', '"data-authority"')),
      ]),
    /damaged: it holds another value of state "organization\/\w+" than block \d+ wrote/,
  ],
  [
    'a value dated to another transaction',
    () => Promise.resolve(`s${rival}`),
    (value) => Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 1]), value.subarray(6)]),
    /another value of state/,
  ],
  [
    'a lost value',
    () => Promise.resolve(`s${rival}`),
    () => undefined,
    /it lacks state "organization\/\w+", which block/,
  ],
  [
    'a key that no block wrote',
    () => Promise.resolve('sorganization/invented'),
    () => Buffer.alloc(20),
    /holds state "organization\/invented", which no block wrote/,
  ],
  ['a lost transaction id', () => lastTransaction(), () => undefined, /it lacks transaction "[0-9a-f]{64}"/],
  [
    'an entry of no kind',
    () => Promise.resolve('x'),
    () => Buffer.alloc(1),
    /holds an entry "x", which no block wrote/,
  ],
];

async function lastTransaction(): Promise<string> {
  let found = '';
  await withDatabase(async (db) => {
    for await (const page of db.entries({ reverse: true })) found ||= page[0]?.[0] ?? '';
  });
  return found;
}

test.each(forgeries)(
  '%s is found by comparing the state with the blocks (fault A3)',
  async (_, keyOf, forged, message) => {
    const key = await keyOf();
    const kept = { directory, ledger: { kind: 'embedded' as const } };
    await expect(examineLedger(kept, { deep: true })).resolves.toMatchObject({ values: expect.any(Number) });
    let before: Buffer | undefined;
    await withDatabase(async (db) => {
      before = db.get(key);
      const after = forged(before ?? NOTHING);
      expect(after).not.toEqual(before);
      await forge(db, key, after);
    });
    await expect(examineLedger(kept)).resolves.not.toHaveProperty('values'); // the sums are right: only the blocks tell
    await expect(examineLedger(kept, { deep: true })).rejects.toThrow(message);
    await withDatabase((db) => forge(db, key, before));
  },
);
