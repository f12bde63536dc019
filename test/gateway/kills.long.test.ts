// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { departmentOf } from 'yuanliu-demo/cast';
import { examineLedger } from 'yuanliu-cli/examine';
import { CITY, openCity } from '../builders';
import type { Client, Reply } from './http/door';
import { startServing } from './serving';

const STEPS = ['sign', 'commit', 'index', 'answer'].flatMap((step) =>
  ['before', 'amid', 'after'].map((when) => `${when} ${step}`),
);
const WRITES = 8;
const provider = departmentOf('金融服务', 0);
const resource = { title: '企业登记信息', domain: '金融服务', region: CITY };

/** A write, and what its client was told before the gateway died. */
interface Write {
  readonly id: string;
  readonly reply: Reply | undefined;
}

const write = (department: Client, id: string): Promise<Reply> =>
  department.act('resource:anchor', id, resource, { 'Idempotency-Key': `key-${id}` });

test('killed at any step of a write, it keeps what it acknowledged once, and the rest once or not at all', async () => {
  const city = await openCity('founded');
  const { directory } = city;
  await city.ledger.close();
  let written: Write[] = [];
  let [acknowledged, repeated] = [0, 0];
  try {
    for (const [round, killAt] of [...STEPS.entries(), [STEPS.length, undefined] as const]) {
      const settings = { YUANLIU_LOG_LEVEL: 'error' };
      const options = { directory, accounts: [provider], settings };
      const gateway = await startServing(killAt === undefined ? options : { ...options, killAt });
      const [department] = gateway.clients;
      if (!department) throw new Error('a gateway without its account');
      for (const { id, reply } of written) {
        if (reply?.status === 201) acknowledged++;
        else repeated++;
        const again = await write(department, id); // the same key: done once, now or before
        expect([id, again.status]).toEqual([id, 201]);
        if (reply?.status === 201) expect(again.body).toEqual(reply.body);
        expect((await department.get(`/api/v1/resources/${id}/history`)).body.items).toHaveLength(1);
      }
      if (killAt === undefined) {
        await gateway.stop();
        break;
      }
      await gateway.arm(round % 3);
      written = await Promise.all(
        Array.from({ length: WRITES }, async (_, n): Promise<Write> => {
          const id = `K-${round}-${n}`;
          return { id, reply: await write(department, id).catch(() => undefined) };
        }),
      );
      for (let dead = false; !dead;) {
        const id = `K-${round}-more`; // until it came to its step
        const reply = await write(department, id).catch(() => undefined);
        written.push({ id, reply });
        dead = reply === undefined;
      }
      expect(await gateway.ended).toBe('SIGKILL');
    }
    console.log(`${STEPS.length} kills: ${acknowledged} writes acknowledged before, ${repeated} repeated after`);
    expect(acknowledged).toBeGreaterThan(0);
    expect(repeated).toBeGreaterThan(0);
    await examineLedger({ directory, ledger: { kind: 'embedded' } }); // verifies, and the index is as a rebuild
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}, 300_000);
