// SPDX-License-Identifier: Apache-2.0
import { defineRule, knownRules, type Rule } from 'yuanliu-chaincode/kind/rule';
import { startGateway, readConfig } from 'yuanliu-gateway';
import { examineLedger } from 'yuanliu-cli/examine';
import { demoRulebook } from 'yuanliu-demo/rulebook';
import { cast } from '../../builders';
import { openDoor, type Door } from './door';

const NOTICE = '内嵌账本，仅供体验，不具证据效力';

let door: Door;
beforeAll(async () => {
  door = await openDoor('founded');
});
afterAll(() => door.close());

test('an embedded ledger says on every answer and page that it has no evidential value (fault E18)', async () => {
  for (const path of ['/api/v1/status', '/api/v1/organizations', '/docs', '/openapi.json', '/api/v1/nothing']) {
    expect([path, (await door.anyone.get(path)).headers['evidential-value']]).toEqual([path, 'none (embedded ledger)']);
  }
  expect((await door.anyone.get('/api/v1/status')).body).toMatchObject({
    notice: NOTICE,
    missingRules: [],
    unknownRules: [],
  });
  expect((await door.anyone.get('/docs')).bytes.toString()).toContain(NOTICE);
  expect(door.gateway.notices).toEqual([NOTICE]);
});

test('the status says until when working days can be counted, and the start that this is over (fault E9)', async () => {
  expect((await door.anyone.get('/api/v1/status')).body).not.toHaveProperty('calendarUntil');
  const authority = await door.as(cast.authority);
  const periods = { ...demoRulebook.periods, filing: '30wd' };
  const amended = await authority.act('rulebook:amend', 'city', { ...demoRulebook, periods, calendar: {} });
  expect(amended.status).toBe(201);
  const ended = `${new Date(Date.now() + 8 * 3_600_000).getUTCFullYear() - 1}-12-31`;
  expect((await door.anyone.get('/api/v1/status')).body).toMatchObject({ calendarUntil: ended });
  await door.restart();
  expect(door.gateway.notices).toContainEqual(expect.stringContaining(`can be counted until ${ended}`));
  const examined = await (async () => {
    await door.gateway.close();
    return examineLedger({ directory: door.directory, ledger: { kind: 'embedded' } });
  })();
  expect(examined.calendarUntil).toBe(ended);
  await door.restart();
  await (await door.as(cast.authority)).act('rulebook:amend', 'city', demoRulebook);
});

test('a rule of the contract that the rulebook lacks is named in the status, at the start, and by doctor (fault E18)', async () => {
  defineRule('newer-than-the-rulebook', () => []); // as a contract that was upgraded
  const { body } = await door.anyone.get('/api/v1/status');
  expect(body).toMatchObject({ missingRules: ['newer-than-the-rulebook'] });
  await door.gateway.close();
  const config = {
    YUANLIU_DATA: door.directory,
    YUANLIU_PORT: '0',
    YUANLIU_ADMIN_PORT: '0',
    YUANLIU_LOG_LEVEL: 'silent',
  };
  const gateway = await startGateway(readConfig(config));
  expect(gateway.notices).toEqual([
    NOTICE,
    'the rulebook lacks newer-than-the-rulebook: these rules are not applied until the data-authority amends it',
  ]);
  await gateway.close();
  const { missingRules } = await examineLedger({ directory: door.directory, ledger: { kind: 'embedded' } });
  expect(missingRules).toEqual(['newer-than-the-rulebook']);
});

test('a rule of the rulebook that the contract does not know is named the same ways', async () => {
  const known = knownRules as Map<string, Rule>; // as a contract that was taken back
  const own = known.get('own-share');
  known.delete('own-share');
  try {
    await door.restart();
    expect((await door.anyone.get('/api/v1/status')).body).toMatchObject({ unknownRules: ['own-share'] });
    expect(door.gateway.notices).toContainEqual(expect.stringContaining('does not know own-share of the rulebook'));
    await door.gateway.close();
    const examined = await examineLedger({ directory: door.directory, ledger: { kind: 'embedded' } });
    expect(examined.unknownRules).toEqual(['own-share']);
  } finally {
    if (own) known.set('own-share', own);
  }
});
