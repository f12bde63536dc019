// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLedger, type EmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { EmbeddedPki } from 'yuanliu-gateway/identity/embedded-pki';
import { cast } from '../../builders';

const YEAR = 365.25 * 24 * 3_600_000;
const person = { mspId: 'AuthorityMSP', user: '张三', organization: cast.authority.code };

describe('people', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yuanliu-people-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  test('get a new certificate when a third of its life is left, and sign with the present one until it is there', async () => {
    let now = new Date('2026-01-01T00:00:00Z');
    const pki = await EmbeddedPki.open(directory, () => now);
    const { people } = pki;
    const first = await people.enrol(person);
    now = new Date(now.getTime() + 6.6 * YEAR);
    expect(await people.enrol(person)).toBe(first);
    now = new Date(now.getTime() + 0.1 * YEAR);
    expect(await people.enrol(person)).toBe(first); // and its renewal has begun
    const renewed = await people.register(person); // which this waits for
    expect(renewed).toMatchObject({ state: 'enrolled', expires: expect.stringMatching(/^2042/) });
    expect((await people.enrol(person)).certificate).not.toBe(first.certificate);
    await pki.close();
  });

  test('are all there after a restart, whatever they are called', async () => {
    const named = { ...person, user: 'a/people/b' };
    let pki = await EmbeddedPki.open(directory);
    await pki.enrol(named);
    await pki.close();
    pki = await EmbeddedPki.open(directory);
    expect(pki.people.list()).toMatchObject([{ user: 'a/people/b', state: 'enrolled' }]);
    await pki.close();
  });

  test('whose certificate expired are listed so, and get a new one when they act', async () => {
    let now = new Date('2026-01-01T00:00:00Z');
    const pki = await EmbeddedPki.open(directory, () => now);
    const first = await pki.enrol(person);
    now = new Date(now.getTime() + 11 * YEAR);
    expect(pki.people.list()).toMatchObject([{ user: '张三', state: 'expired' }]);
    expect((await pki.enrol(person)).certificate).not.toBe(first.certificate);
    expect(pki.people.list()).toMatchObject([{ user: '张三', state: 'enrolled' }]);
    await pki.close();
  });

  test('who were revoked are refused by the embedded ledger, with every certificate they had, also after a restart', async () => {
    let ledger: EmbeddedLedger = await openEmbeddedLedger({ directory });
    const old = await ledger.pki.enrol(person);
    await ledger.pki.people.renew(person);
    const current = await ledger.pki.enrol(person);
    const other = await ledger.pki.enrol({ ...person, user: '李四' });
    const read = (identity: typeof old) =>
      ledger.evaluate({ identity, transaction: 'org.hyperledger.fabric:GetMetadata', args: [] });
    for (const identity of [old, current, other]) expect(await read(identity)).toContain('organization');
    await ledger.pki.people.revoke(person, 'affiliationchange');
    for (const identity of [old, current]) {
      await expect(read(identity)).rejects.toMatchObject({
        code: 'ACCESS_DENIED',
        message: expect.stringContaining('is revoked') as string,
      });
    }
    expect(await read(other)).toContain('organization');
    await ledger.close();
    ledger = await openEmbeddedLedger({ directory });
    for (const identity of [old, current]) await expect(read(identity)).rejects.toThrow('is revoked');
    await ledger.close();
  });
});
