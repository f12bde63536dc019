// SPDX-License-Identifier: Apache-2.0
import { authorized, type Step } from 'yuanliu-demo/story';
import {
  anchored,
  brokenBy,
  cast,
  CITY,
  fresh,
  ids,
  madeUpDigest,
  openCity,
  PURPOSE,
  refusal,
  use,
  type City,
} from '../builders';
import { keysOf } from '../read-write-sets';

let city: City;
/** Listed resources besides those of the story. */
const many = Array.from({ length: 300 }, (_, n) => `M-${n}`);
beforeAll(async () => {
  city = await openCity('produced');
  const [provider] = city.departments;
  for (const id of many) {
    await city.run(anchored({ id, domain: '金融服务', provider }));
    await city.act(provider, 'resource:catalogue', id, { sharing: { type: 'conditional' } });
    await city.act(provider, 'resource:grade', id, { grade: general });
  }
  await revised({ add: many });
}, 300_000);
afterAll(() => city.close());

const general = { class: 'general', level: 2 };
const paper = { digest: madeUpDigest('依据') };
const byDepartment = (act: string, id: string, input: object): ReturnType<City['act']> =>
  city.act(city.departments[0], act, id, input);
const regrade = (id: string, grade: object, more: object = {}): ReturnType<City['act']> =>
  byDepartment('resource:regrade', id, { grade, basis: paper, ...more });
const lowered = { approver: '负责人(演示)' };

/** Publishes a revision of the story's catalogue. */
async function revised(change: { readonly add?: readonly string[]; readonly drop?: readonly string[] }): Promise<void> {
  const draft = fresh('C');
  const { version } = await city.get(`catalogue/${ids.catalogue}`);
  const of = `catalogue/${ids.catalogue}@${version}`;
  await city.act(cast.agency, 'catalogue:revise', draft, { of, reason: '更新', ...change });
  if (change.add) await byDepartment('catalogue:confirm', draft, {});
  await city.act(cast.agency, 'catalogue:publish', draft);
}

/** A released product of the operator. */
async function released(inputs: readonly string[]): Promise<string> {
  const id = fresh('P');
  await city.act(cast.operator, 'product:develop', id, {
    ...{ title: '产品', authority: `agreement/${ids.agreement}`, purpose: PURPOSE, environment: '域内' },
    ...{ inputs: inputs.map((one) => (one.includes('/') ? one : `resource/${one}@1`)), form: 'dataset' },
    ...{ process: madeUpDigest('p'), digest: madeUpDigest(id) },
  });
  await city.act(cast.operator, 'product:grade', id, { grade: general });
  await city.act(cast.agency, 'product:clear-export', id, { conclusion: '准予出域' });
  await city.act(cast.operator, 'product:release', id, { channel: '平台' });
  return id;
}

/** One that the developer has. */
async function handedOver(inputs: readonly string[]): Promise<string> {
  const id = await released(inputs);
  await delivered(id);
  return id;
}

const delivered = (id: string, more: object = {}): ReturnType<City['act']> =>
  city.act(cast.operator, 'delivery:deliver', fresh('D'), {
    ...{ product: `product/${id}@1`, to: cast.developer.code, authority: `grant/${ids.grant}`, purpose: PURPOSE },
    ...more,
  });
const used = (id: string, more: object = {}): ReturnType<City['act']> =>
  city.act(cast.developer, 'usage:record', fresh('U'), use({ subject: `product/${id}@1`, ...more }));

/** The keys that an act read, its product and own record left out of their names. */
async function reads(act: ReturnType<City['act']>, product: string): Promise<string[]> {
  const { receipt, record } = await act;
  const { reads: keys } = await keysOf(city.ledger, receipt.txId);
  return keys.map((key) => key.replace(product, 'P').replace(`${record.kind}/${record.id}`, 'own')).sort();
}

describe('a use of a product', () => {
  test('reads as many keys with three hundred sources as with three, and with many uses before it (fault F5)', async () => {
    const [small, large] = [await handedOver(many.slice(0, 3)), await handedOver(many)];
    for (const id of [small, large]) await used(id);
    const few = await reads(used(small), small);
    for (let i = 0; i < 5; i++) await used(large);
    expect(await reads(used(large), large)).toEqual(few);
    expect(few.filter((key) => /^(resource|~listed)\//.test(key))).toEqual([]);
    const permit = (id: string): ReturnType<City['act']> =>
      city.act(cast.developer, 'usage:request', fresh('U'), use({ subject: `product/${id}@1` }));
    expect(await reads(permit(large), large)).toEqual(await reads(permit(small), small));
  }, 120_000);

  test('is judged by what was dropped, barred or raised since, and as of before by what was then', async () => {
    const id = await handedOver(['M-0', 'M-1', 'M-2', 'M-3']);
    const clean = (await used(id)).record.act.time;
    const outOf = async (rule: string, cut: () => Promise<unknown>, restore: () => Promise<unknown>): Promise<void> => {
      await cut();
      const at = (await used(id)).record;
      expect(brokenBy({ record: at })).toEqual([rule]);
      expect(brokenBy(await used(id, { occurredAt: clean }))).toEqual([]);
      await restore();
      expect(brokenBy(await used(id))).toEqual([]);
      expect(brokenBy(await used(id, { occurredAt: at.act.time }))).toEqual([rule]);
      expect(brokenBy(await used(id, { occurredAt: clean }))).toEqual([]);
    };
    const share = (type: string, more: object = {}): ReturnType<City['act']> =>
      byDepartment('resource:change-sharing', 'M-1', { sharing: { type, basis: '依据(演示)', ...more } });
    await outOf(
      'within-chain',
      () => revised({ drop: ['M-0'] }),
      () => revised({ add: ['M-0'] }),
    );
    await outOf(
      'core-or-barred',
      () => share('barred'),
      () => share('conditional', { document: paper, ...lowered }),
    );
    await outOf(
      'core-or-barred',
      () => regrade('M-2', { class: 'core' }),
      () => regrade('M-2', general, lowered),
    );
  });

  test('is judged source by source where it happened before the product was made', async () => {
    const before = (await city.get('resource/M-5')).act.time;
    const id = await handedOver(['M-5', 'M-6']);
    expect(brokenBy(await used(id, { occurredAt: before }))).toEqual(
      expect.arrayContaining(['within-chain', 'product-released']),
    );
  });
});

test('a product is not developed from what was dropped, nor released once a source is', async () => {
  const id = fresh('P');
  const made = {
    ...{ title: '产品', authority: `agreement/${ids.agreement}`, purpose: PURPOSE, environment: '域内' },
    ...{ process: madeUpDigest('p'), digest: madeUpDigest(id), form: 'dataset', inputs: ['resource/M-7@1'] },
  };
  await city.act(cast.operator, 'product:develop', id, made);
  await city.act(cast.operator, 'product:grade', id, { grade: general });
  await city.act(cast.agency, 'product:clear-export', id, { conclusion: '准予出域' });
  await revised({ drop: ['M-7'] });
  const rule = 'within-chain';
  expect(await refusal(city.act(cast.operator, 'product:develop', fresh('P'), made))).toMatchObject({ rule });
  expect(await refusal(city.act(cast.operator, 'product:release', id, { channel: '平台' }))).toMatchObject({ rule });
});

test('a product that is used under another catalogue than it was made under is judged by the first use, source by source', async () => {
  const [provider] = city.departments;
  const catalogue = fresh('C');
  await city.act(cast.agency, 'catalogue:compile', catalogue, {
    title: '目录',
    region: CITY,
    resources: many.slice(50, 59),
  });
  await city.act(provider, 'catalogue:confirm', catalogue);
  await city.act(cast.agency, 'catalogue:publish', catalogue);
  const other = Object.entries(ids).filter(([name]) => /^(plan|agreement|scenario|grant)$/.test(name));
  const steps = authorized(city.resources.slice(0, 1)).filter(({ act }) => act !== 'organization:qualify');
  let text = JSON.stringify(steps).replaceAll(ids.catalogue, catalogue);
  for (const [, id] of other) text = text.replaceAll(id, `${id}-2`);
  await city.run(JSON.parse(text) as Step[]);
  const more = { authority: `grant/${ids.grant}-2` };

  const [small, large] = [await handedOver(many.slice(50, 53)), await handedOver(many.slice(50, 59))];
  const first = await reads(used(large, more), large);
  expect(first.filter((key) => key.startsWith('~listed/')).length).toBe(9);
  await used(small, more);
  const few = await reads(used(small, more), small);
  expect(await reads(used(large, more), large)).toEqual(few);
  expect(few.filter((key) => /^(resource|~listed)\//.test(key))).toEqual([]);
});

describe('the grade that a product counts as', () => {
  test('follows a source and an input product that is raised, without reading those that are not', async () => {
    const basic = await released(['M-10', 'M-11', 'M-12']);
    const further = await released([`product/${basic}@1`, 'M-13']);
    expect(brokenBy(await delivered(further))).toEqual([]);
    await city.act(cast.operator, 'product:regrade', basic, { grade: { class: 'important' } });
    const { receipt, record } = await delivered(further);
    expect(brokenBy({ record })).toEqual(['graded-down']);
    const { reads: keys } = await keysOf(city.ledger, receipt.txId);
    expect(keys).not.toContain(`product/${basic}`);
    await city.act(cast.operator, 'product:regrade', further, { grade: { class: 'important' } });
    expect(brokenBy(await delivered(further))).toEqual([]);
  });

  test('follows a personal flag that a revision completes its version with', async () => {
    const id = await released(['M-20']);
    expect(brokenBy(await delivered(id))).toEqual([]);
    await byDepartment('resource:revise', 'M-20', { personal: true });
    expect(brokenBy(await delivered(id))).toEqual(['personal-delivered']);
  });
});

test('hundreds of exceptions are kept in bounded parts, and each is still found', async () => {
  const id = await handedOver(['M-40', 'M-299']);
  const large = await handedOver(many.slice(30));
  for (const one of many.slice(40)) await regrade(one, { class: 'important' });
  const { receipt } = await used(large);
  const { reads: keys } = await keysOf(city.ledger, receipt.txId);
  expect(keys.filter((key) => key.startsWith('~exceptions/')).length).toBeLessThanOrEqual(65);
  expect(keys.filter((key) => /^(resource|~listed)\//.test(key))).toEqual([]);
  await regrade('M-40', { class: 'core' });
  expect(brokenBy(await used(id))).toEqual(['core-or-barred']);
  await revised({ drop: ['M-40', 'M-299'] });
  expect(brokenBy(await used(id))).toEqual(expect.arrayContaining(['within-chain']));
}, 120_000);
