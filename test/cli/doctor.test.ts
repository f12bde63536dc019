// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from 'yuanliu-gateway';
import {
  calendarFindings,
  clockFinding,
  groundFindings,
  heightFinding,
  keptFindings,
  peopleFinding,
  rulesFindings,
} from 'yuanliu-cli/doctor';

const now = new Date('2026-03-01T00:00:00Z');
const status = { genesis: 'ab'.repeat(32), pinned: true, ledgerHeight: 20, indexHeight: 20, missingRules: [] };

test('a folder that others can read, and a disk without room, are told with what to do', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-doctor-'));
  const verdicts = async (settings: Record<string, string> = {}) =>
    (await groundFindings(readConfig({ YUANLIU_DATA: directory, ...settings }))).map(({ verdict }) => verdict);
  await writeFile(join(directory, 'issuer.pem'), 'x', { mode: 0o600 });
  expect(await verdicts({ YUANLIU_MIN_FREE_MIB: '0' })).toEqual(['right', 'right', 'right', 'notice']);
  await chmod(join(directory, 'issuer.pem'), 0o640);
  expect(await verdicts({ YUANLIU_MIN_FREE_MIB: '1000000' })).toEqual(['right', 'wrong', 'wrong', 'notice']);
  const told = await groundFindings(readConfig({ YUANLIU_DATA: directory }));
  expect(told[1]).toMatchObject({ what: expect.stringContaining('issuer.pem'), remedy: `chmod -R go= ${directory}` });
  await rm(directory, { recursive: true });
});

test('an index that does not follow, and a clock behind the ledger, are wrong', () => {
  expect(heightFinding({ ...status, indexHeight: 15 }).verdict).toBe('right');
  expect(heightFinding({ ...status, indexHeight: 5 }).verdict).toBe('wrong');
  expect(heightFinding({ ...status, setAside: 2 })).toMatchObject({
    verdict: 'notice',
    what: expect.stringContaining('2 valid transactions set aside') as string,
  });
  expect(clockFinding('', now).verdict).toBe('right');
  expect(clockFinding('2026-02-28T00:00:00Z', now).verdict).toBe('right');
  expect(clockFinding('2026-03-01T01:00:00Z', now)).toMatchObject({
    verdict: 'wrong',
    what: expect.stringMatching(/3600 s ahead/),
  });
});

test('the certificate that expires first is told in time; a revoked one is not', () => {
  const person = (user: string, expires: string, state: 'enrolled' | 'revoked' | 'expired' = 'enrolled') => ({
    mspId: 'AgencyMSP',
    organization: '9131',
    registered: '2025-01-01T00:00:00Z',
    user,
    state,
    expires,
  });
  expect(peopleFinding([], now).verdict).toBe('right');
  const far = person('甲', '2027-01-01T00:00:00Z');
  expect(peopleFinding([far, person('乙', '2026-03-02T00:00:00Z', 'revoked')], now).verdict).toBe('right');
  expect(peopleFinding([far, person('丙', '2026-03-11T00:00:00Z')], now)).toMatchObject({
    verdict: 'notice',
    what: 'the first of 2 certificates to expire, of 丙 of 9131, does so in 10 days',
    remedy: 'yuanliu identity renew 丙 --organization 9131',
  });
});

test('an embedded ledger has no evidential value, and a rule that the rulebook lacks is named (fault E18)', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-doctor-'));
  expect(await groundFindings(readConfig({ YUANLIU_DATA: directory }))).toContainEqual(
    expect.objectContaining({
      verdict: 'notice',
      what: expect.stringContaining('the embedded ledger has no evidential value'),
    }),
  );
  const fabric = { YUANLIU_LEDGER: 'fabric', YUANLIU_FABRIC: 'network.json', YUANLIU_MSP: 'AgencyMSP' };
  const onNetwork = await groundFindings(readConfig({ YUANLIU_DATA: directory, ...fabric }));
  expect(onNetwork.map(({ what }) => what).join()).not.toContain('evidential value');
  expect(rulesFindings({ missingRules: [], unknownRules: [] })).toMatchObject([{ verdict: 'right' }]);
  expect(rulesFindings({ missingRules: ['a', 'b'], unknownRules: ['c'] })).toMatchObject([
    { verdict: 'notice', what: expect.stringContaining('lacks a, b') as string },
    { verdict: 'notice', what: expect.stringContaining('does not know c') as string },
  ]);
  await rm(directory, { recursive: true });
});

test('a calendar that ends within 90 days is reported with what to do, and one that ended is wrong (fault E9)', () => {
  const verdictOn = (time: string) => calendarFindings('2026-12-31', new Date(time)).map(({ verdict }) => verdict);
  expect(calendarFindings(undefined, now)).toEqual([]);
  expect(verdictOn('2026-03-01T00:00:00Z')).toEqual(['right']);
  expect(verdictOn('2026-10-05T00:00:00Z')).toEqual(['notice']);
  expect(verdictOn('2027-01-01T00:00:00Z')).toEqual(['wrong']);
  expect(calendarFindings('2026-12-31', new Date('2026-10-05T00:00:00Z'))[0]?.remedy).toContain('holidays of 2027');
});

test('what is odd and was valid by the peers is shown, and is not wrong (fault A1)', () => {
  const remark = 'block 7, transaction 2: the contract saw another caller than the creator';
  const kept = {
    blocks: 9,
    transactions: 12,
    genesis: 'ab'.repeat(32),
    restsOn: 'genesis' as const,
    remarks: [remark],
    digest: 'd',
    latest: '',
    missingRules: [],
    unknownRules: [],
    people: [],
  };
  const findings = keptFindings(kept, { ledger: { kind: 'fabric' } });
  expect(findings).toContainEqual(
    expect.objectContaining({ verdict: 'notice', what: `odd, and valid by the peers: ${remark}` }),
  );
  expect(findings.map(({ verdict }) => verdict)).not.toContain('wrong');
});
