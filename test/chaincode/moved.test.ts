// SPDX-License-Identifier: Apache-2.0
import { cast, CITY, demoCode, fresh, madeUpDigest, openCity, refusal, type City } from '../builders';

let city: City;
const department = { ...cast.developer, code: demoCode(930), name: '金融部门(演示)' };
beforeAll(async () => {
  city = await openCity('produced');
  const { code, name, msp } = department;
  const roles = [{ role: 'department', region: '310101', remit: ['金融服务'] }];
  await city.act(cast.authority, 'organization:admit', code, { name, msp, roles });
}, 120_000);
afterAll(() => city.close());

test('a resource is not revised out of its provider’s remit, as it is not anchored there (fault B45)', async () => {
  const id = fresh('R');
  const body = { title: '资源', domain: '金融服务', region: '310101', digest: madeUpDigest(id) };
  const elsewhere = { code: 'FORBIDDEN', rule: 'acts-for-itself' };
  const other = { ...body, domain: '医疗健康' };
  expect(await refusal(city.act(department, 'resource:anchor', fresh('R'), other))).toMatchObject(elsewhere);
  expect(await refusal(city.act(department, 'resource:anchor', fresh('R'), { ...body, region: CITY }))).toMatchObject(
    elsewhere,
  );
  await city.act(department, 'resource:anchor', id, body);
  expect(await refusal(city.act(department, 'resource:revise', id, { domain: '医疗健康' }))).toMatchObject(elsewhere);
  expect((await city.act(department, 'resource:revise', id, { title: '资源二' })).record.version).toBe(2);
});
