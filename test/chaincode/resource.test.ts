// SPDX-License-Identifier: Apache-2.0
import { cast, CITY, madeUpDigest, openCity, refusal, type City } from '../builders';

let city: City;
let serial = 0;
beforeAll(async () => {
  city = await openCity('founded');
});
afterAll(() => city.close());

const basis = { digest: madeUpDigest('定级依据') };
const level = (n: number): object => ({ class: 'general', level: n });

const act = (name: string, id: string, input: object) => city.act(city.departments[0], `resource:${name}`, id, input);

async function anchored(more: object = {}): Promise<string> {
  const id = `R-own-${++serial}`;
  await act('anchor', id, { title: '企业登记信息', domain: '金融服务', region: CITY, ...more });
  return id;
}

async function graded(grade: object, more: object = {}): Promise<string> {
  const id = await anchored(more);
  await act('catalogue', id, { code: `CODE-${id}`, sharing: { type: 'conditional', basis: '业务协同' } });
  await act('grade', id, { grade, basis });
  return id;
}

test('a resource with a personal field is personal, whatever its provider says of the whole', async () => {
  const id = await anchored({ personal: false, items: [{ name: '姓名', personal: true }] });
  expect((await city.get(`resource/${id}`)).body).toMatchObject({ personal: true });
});

test('a resource is graded at least as its highest field, when graded, revised and regraded', async () => {
  const items = [
    { name: '经营范围', grade: level(1) },
    { name: '纳税额', grade: level(3) },
  ];
  const id = await anchored({ items });
  await act('catalogue', id, { sharing: { type: 'conditional' } });
  const rule = 'grade-not-below-items';
  expect(await refusal(act('grade', id, { grade: level(2) }))).toMatchObject({ rule });
  await act('grade', id, { grade: level(3) });
  const higher = { items: [items[0], { name: '纳税额', grade: level(4) }] };
  expect(await refusal(act('revise', id, higher))).toMatchObject({ rule });
  expect(await refusal(act('regrade', id, { grade: level(3), basis, ...higher }))).toMatchObject({ rule });
  const { record } = await act('regrade', id, { grade: level(4), basis, ...higher });
  expect(record).toMatchObject({ version: 2, body: { grade: level(4), regrades: [{ from: level(3), to: level(4) }] } });
});

describe('what is graded or flagged', () => {
  const items = [{ name: '姓名', personal: true, grade: level(3) }];
  const rule = 'lowered-by-decision';

  test('goes down only by a decision with its basis and approver', async () => {
    const id = await graded(level(3), { items });
    const down = { grade: level(2), items: [{ name: '姓名', personal: true, grade: level(2) }], basis };
    expect(await refusal(act('regrade', id, down))).toMatchObject({ rule });
    const { basis: _, ...baseless } = down;
    expect(await refusal(act('regrade', id, baseless))).toMatchObject({ code: 'INPUT_INVALID' });
    const { record } = await act('regrade', id, { ...down, approver: '数据安全负责人(演示)' });
    expect(record.body).toMatchObject({ grade: level(2), gradeBasis: basis });
    const again = act('regrade', id, { grade: level(1), items: [{ name: '姓名', grade: level(1) }], basis });
    expect(await refusal(again)).toMatchObject({ rule }); // an earlier approver approved no more than that
  });

  test.each([
    ['a field’s grade', { items: [{ name: '姓名', personal: true, grade: level(1) }] }],
    ['a field’s personal flag', { items: [{ name: '姓名', grade: level(3) }] }],
    ['the resource’s personal flag', { items: [], personal: false }],
  ])('is not lowered by a revision: %s', async (_, revision) => {
    const id = await graded(level(3), { items });
    expect(await refusal(act('revise', id, revision))).toMatchObject({ rule });
  });
});

test('content that changes makes the next version; a withdrawn resource is revised no more', async () => {
  const id = await graded(level(1));
  expect((await act('revise', id, { digest: madeUpDigest('内容') })).record.version).toBe(1); // said for the first time
  expect((await act('revise', id, { digest: madeUpDigest('新内容') })).record.version).toBe(2);
  const { record } = await act('withdraw', id, { reason: '系统下线' });
  expect(record).toMatchObject({ state: 'withdrawn', body: { withdrawal: { reason: '系统下线' } } });
  expect(await refusal(act('revise', id, { title: '再改' }))).toMatchObject({ code: 'WRONG_STATE' });
});

test('a resource is graded and regraded by who provides it alone', async () => {
  const id = await graded(level(1));
  const other = city.departments[1];
  for (const by of [other, cast.agency]) {
    expect(await refusal(city.act(by, 'resource:regrade', id, { grade: level(4), basis }))).toMatchObject({
      code: 'FORBIDDEN',
    });
  }
});

test.each([
  ['a level that is none', { grade: level(5), basis }],
  ['core data with a level', { grade: { class: 'core', level: 1 }, basis }],
])('%s is refused', async (_, input) => {
  const id = await graded(level(1));
  expect(await refusal(act('regrade', id, input))).toMatchObject({ code: 'INPUT_INVALID' });
});
