// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Member } from 'yuanliu-demo/cast';
import { cast, ids, madeUpDigest, openCity, PURPOSE, refusal, type City } from '../builders';

const reason = '演示';
let city: City;
beforeAll(async () => {
  city = await openCity('produced');
}, 120_000);
afterAll(() => city.close());

async function whileSuspended(member: Member, attempt: () => Promise<void>): Promise<void> {
  await city.act(cast.authority, 'organization:suspend', member.code, { reason });
  try {
    await attempt();
  } finally {
    await city.act(cast.authority, 'organization:reinstate', member.code, { reason });
  }
}

test('a suspended organisation reports, rectifies, files, takes back, hands over, objects and appeals: no more', () => {
  const acts = kinds.flatMap((kind) => [...kind.acts.values()]);
  const open = acts.filter((act) => act.whileSuspended || act.nature === 'report');
  expect(open.map(({ kind, name }) => `${kind.name}:${name}`).sort()).toEqual([
    'agreement:exit',
    'agreement:file',
    'delivery:confirm',
    'delivery:deliver',
    'delivery:refuse',
    'external-input:withdraw',
    'finding:appeal',
    'finding:incident',
    'finding:rectified',
    'organization:contest-control',
    'organization:declare-control',
    'organization:end-control',
    'product:regrade',
    'product:withdraw',
    'registration:apply',
    'registration:object',
    'registration:supplement',
    'registration:withdraw',
    'resource:change-sharing',
    'resource:regrade',
    'resource:revise',
    'resource:withdraw',
    'scenario:complain',
    'usage:anchor',
    'usage:meter',
    'usage:record',
  ]);
});

test('a suspended department mends, registers and takes back what it supplies, and supplies nothing new', async () => {
  const [, department] = city.departments;
  const on = (act: string, id: string, input: object): ReturnType<City['act']> => city.act(department, act, id, input);
  await whileSuspended(department, async () => {
    const basis = { digest: madeUpDigest('定级依据') };
    await on('resource:regrade', 'R-3', { grade: { class: 'general', level: 3 }, basis });
    await on('resource:change-sharing', 'R-3', { sharing: { type: 'withheld', basis: reason } });
    await on('resource:revise', 'R-3', { summary: '更正说明' });
    const change = { subject: 'resource/R-3@1', type: 'change', of: 'registration/REG-R-3' };
    await on('registration:apply', 'REG-again', change);
    await on('resource:withdraw', 'R-4', { reason });
    const anchored = on('resource:anchor', 'R-new', { title: '新资源', domain: '医疗健康', region: '310000' });
    expect(await refusal(anchored)).toMatchObject({ code: 'FORBIDDEN', rule: 'organization-stands' });
  });
});

test('a suspended organisation grades higher, and neither lower nor open what was not', async () => {
  const [, department] = city.departments;
  const basis = { digest: madeUpDigest('定级依据') };
  const to = (level: number): object => ({ grade: { class: 'general', level }, basis, approver: '数据处' });
  await whileSuspended(department, async () => {
    await city.act(department, 'resource:regrade', 'R-3', to(4));
    for (const attempt of [
      city.act(department, 'resource:regrade', 'R-3', to(2)),
      city.act(department, 'resource:revise', 'R-3', { lawfullyOpened: true }),
    ]) {
      expect(await refusal(attempt)).toMatchObject({ rule: 'lowered-by-decision' });
    }
  });
  await city.act(department, 'resource:regrade', 'R-3', to(2));

  const decision = { basis, approver: '数据安全官' };
  const regrade = (level: number): ReturnType<City['act']> =>
    city.act(cast.developer, 'product:regrade', ids.derived, { grade: { class: 'general', level }, decision });
  await whileSuspended(cast.developer, async () => {
    await regrade(4);
    expect(await refusal(regrade(1))).toMatchObject({ rule: 'graded-down' });
  });
  await regrade(1);
});

test('a suspended developer complains of an operator that declined it, and does not apply again', async () => {
  const parts = { benefit: { text: reason }, compliance: { text: reason } };
  const scenario = { title: '场景', agreement: `agreement/${ids.agreement}`, purpose: PURPOSE, parts };
  await city.act(cast.developer, 'scenario:apply', 'SCN-s', scenario);
  await city.act(cast.operator, 'scenario:decline', 'SCN-s', { reason });
  await whileSuspended(cast.developer, async () => {
    await city.act(cast.developer, 'scenario:complain', 'SCN-s', { reason });
    expect(await refusal(city.act(cast.developer, 'scenario:reapply', 'SCN-s', {}))).toMatchObject({
      rule: 'organization-stands',
    });
  });
});
