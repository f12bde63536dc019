// SPDX-License-Identifier: Apache-2.0
import { apiShapes } from 'yuanliu-gateway/http/app';
import { departmentOf } from 'yuanliu-demo/cast';
import { cast, CITY } from '../../builders';
import { expectProblem, openDoor, type Client, type Door } from './door';

let door: Door;
let agency: Client;
beforeAll(async () => {
  door = await openDoor('founded');
  agency = await door.as(cast.agency);
  const provider = await door.as(departmentOf('金融服务', 0));
  await provider.act('resource:anchor', 'R-1', { title: '企业登记信息', domain: '金融服务', region: CITY });
  await provider.act('resource:catalogue', 'R-1', { sharing: { type: 'conditional' } });
  await provider.act('resource:grade', 'R-1', { grade: { class: 'general', level: 2 } });
  await agency.act('catalogue:compile', 'C-1', { title: '目录', region: CITY, resources: ['R-1'] });
});
afterAll(() => door.close());

test('a dry run says every rule that fails and what is missing, and what may be made good later', async () => {
  const unconfirmed = await agency.post('/api/v1/catalogues/C-1/publish?dryRun=true');
  const { violations } = expectProblem(unconfirmed, 422, 'REFUSED');
  expect(violations).toMatchObject([{ rule: 'catalogue-confirmed', article: '第十四条', remedy: expect.any(String) }]);
  expect(violations[0]?.message).toContain(departmentOf('金融服务', 0).code);

  await (await door.as(departmentOf('金融服务', 0))).act('catalogue:confirm', 'C-1');
  const { status, body } = await agency.post('/api/v1/catalogues/C-1/publish?dryRun=true');
  expect(status).toBe(200);
  expect(body.violations).toMatchObject([{ rule: 'registered', due: expect.any(String), remedy: expect.any(String) }]);
  expect(body.violations[0]?.message).toContain('R-1');
});

test('tells what was let through, what is owed for it, and to whom it may be told', async () => {
  expect((await agency.act('catalogue:publish', 'C-1')).status).toBe(201);
  for (const who of [agency, door.anyone]) {
    const { status, body } = await who.get('/api/v1/procedures?deviation=skipped&duty=open');
    expect(status).toBe(200);
    expect(apiShapes.get('Procedures')?.parse(body)).toEqual(body);
    expect(body.items).toMatchObject([{ ref: 'catalogue/C-1', duties: [{ rule: 'registered', status: 'open' }] }]);
  }
  const { body } = await agency.get('/api/v1/worklist?kind=catalogue');
  expect(apiShapes.get('Worklist')?.parse(body)).toEqual(body);
  expect(body.items[0]?.duties).toMatchObject([{ rule: 'registered', status: 'open' }]);
});

test.each([
  ['deviation=early', 'deviation'],
  ['duty=soon', 'duty'],
  ['organization=nobody', 'organization'],
  ['cursor=made-up', 'cursor'],
])('refuses a parameter that makes no sense: %s', async (query, parameter) => {
  const problem = expectProblem(await agency.get(`/api/v1/procedures?${query}`), 400, 'INPUT_INVALID');
  expect(problem.issues.map(({ path }) => path)).toEqual([parameter]);
});
