// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';
import type { ActResult } from 'yuanliu-chaincode/engine/perform';
import type { Member } from 'yuanliu-demo/cast';
import { registered } from 'yuanliu-demo/story';
import { anchored, brokenBy, cast, fresh, ids, madeUpDigest, openCity, refusal, use, type City } from '../builders';

let city: City;
let finance: Member;
let health: Member;
beforeAll(async () => {
  city = await openCity('produced');
  [finance, health] = city.departments;
}, 120_000);
afterAll(() => city.close());

interface Body {
  readonly entries: readonly { readonly resource: string; readonly title: string }[];
  readonly digest: string;
  readonly changes?: readonly { readonly resource: string }[];
}
const catalogueNow = async (): Promise<ActResult['record'] & { body: Body }> =>
  (await city.get(`catalogue/${ids.catalogue}`)) as ActResult['record'] & { body: Body };
const entered = ({ body }: { body: Body }): string[] => body.entries.map(({ resource }) => resource);

/** A graded and registered resource that no catalogue lists. */
async function unlisted(provider: Member, domain = '金融服务'): Promise<string> {
  const resource = { id: fresh('R'), domain, provider };
  await city.run(anchored(resource));
  await city.act(provider, 'resource:catalogue', resource.id, { sharing: { type: 'conditional' } });
  await city.act(provider, 'resource:grade', resource.id, { grade: { class: 'general', level: 1 } });
  await city.run(registered(resource));
  return resource.id;
}

/** Drafts a revision of the catalogue as it is now. */
async function drafted(input: object, by = cast.agency): Promise<string> {
  const id = fresh('C');
  const of = `catalogue/${ids.catalogue}@${(await catalogueNow()).version}`;
  await city.act(by, 'catalogue:revise', id, { of, reason: '年度更新', ...input });
  return id;
}
const publish = (id: string): ReturnType<City['act']> => city.act(cast.agency, 'catalogue:publish', id);
const useOf = (resource: string): object => use({ subject: `resource/${resource}@1` });
const regrade = (id: string, grade: object, more: object = {}): ReturnType<City['act']> =>
  city.act(finance, 'resource:regrade', id, { grade, basis: { digest: madeUpDigest('定级依据') }, ...more });

describe('a revision of a published catalogue', () => {
  test('leaves it as it is until the departments of the new entries have confirmed and it is published', async () => {
    const added = await unlisted(finance);
    const before = await catalogueNow();
    const draft = await drafted({ add: [added], drop: ['R-4'] });
    expect(await catalogueNow()).toEqual(before);
    expect(await refusal(publish(draft))).toMatchObject({ rule: 'catalogue-confirmed' });
    expect(await refusal(city.act(health, 'catalogue:confirm', draft))).toMatchObject({ code: 'FORBIDDEN' });
    await city.act(finance, 'catalogue:confirm', draft);
    const { record, also } = await publish(draft);
    expect([record.state, also]).toEqual(['merged', [`catalogue/${ids.catalogue}`]]);
  });

  test('makes its next version, with a digest of every entry, and moves the scope of what names it', async () => {
    const after = await catalogueNow();
    expect(after).toMatchObject({ version: 2, state: 'published', act: { name: 'revised' } });
    expect(entered(after)).toEqual(['R-1', 'R-2', 'R-3', 'R-t1']);
    const covered = createHash('sha256').update(canonicalize(after.body.entries)).digest('hex');
    expect(after.body.digest).toBe(`sha256:${covered}`);
    expect(brokenBy(await city.act(cast.developer, 'usage:record', fresh('U'), useOf('R-t1')))).toEqual([]);
  });

  test('that drops an entry takes it out of scope from then on, and not out of the past', async () => {
    const at = (await city.get(`usage/${ids.usage}`)).act.time;
    const draft = await drafted({ drop: ['R-2'] });
    await publish(draft);
    expect(await refusal(city.act(cast.developer, 'usage:request', fresh('U'), useOf('R-2')))).toMatchObject({
      rule: 'within-chain',
    });
    const past = await city.act(cast.developer, 'usage:record', fresh('U'), { ...useOf('R-2'), occurredAt: at });
    expect(brokenBy(past)).toEqual([]);
    const back = await drafted({ add: ['R-2'] });
    await city.act(finance, 'catalogue:confirm', back);
    await publish(back);
    expect((await city.act(cast.developer, 'usage:request', fresh('U'), useOf('R-2'))).record.state).toBe('permitted');
  });

  test('enters a resource anew at its current version', async () => {
    await city.act(finance, 'resource:revise', 'R-1', { title: '新名称' });
    const draft = await drafted({ add: ['R-1'] });
    await city.act(finance, 'catalogue:confirm', draft);
    await publish(draft);
    const { body } = await catalogueNow();
    expect(body.entries[0]).toMatchObject({ resource: 'R-1', version: 2, title: '新名称' });
  });

  test('is drafted on the current version of the agency’s own catalogue, and drops what that has', async () => {
    const rule = 'revises-current';
    const [one, other] = [await drafted({ drop: ['R-t1'] }), await drafted({ drop: ['R-t1'] })];
    await publish(one);
    expect(await refusal(publish(other))).toMatchObject({ rule });
    expect(await refusal(drafted({ drop: ['R-none'] }))).toMatchObject({ rule });
    const stale = { of: `catalogue/${ids.catalogue}@1`, drop: ['R-1'], reason: '演示' };
    expect(await refusal(city.act(cast.agency, 'catalogue:revise', fresh('C'), stale))).toMatchObject({ rule });
    expect(await refusal(drafted({}))).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await refusal(drafted({ drop: ['R-1'] }, finance))).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('that would leave the catalogue empty is refused', async () => {
    expect(await refusal(publish(await drafted({ drop: entered(await catalogueNow()) })))).toMatchObject({
      code: 'INPUT_INVALID',
    });
  });
});

describe('a reader of a published catalogue', () => {
  test.each([
    ['regraded to core data', (id: string) => regrade(id, { class: 'core' })],
    [
      'barred from sharing',
      (id: string) =>
        city.act(finance, 'resource:change-sharing', id, { sharing: { type: 'barred', basis: '法规(演示)' } }),
    ],
    ['withdrawn', (id: string) => city.act(finance, 'resource:withdraw', id, { reason: '演示' })],
  ])('sees that an entry %s is not available, by the act that made it so', async (_, act) => {
    const id = await unlisted(finance);
    const draft = await drafted({ add: [id] });
    await city.act(finance, 'catalogue:confirm', draft);
    await publish(draft);
    const { version, body } = await catalogueNow();
    expect(body.changes).toBeUndefined();
    const { also } = await act(id);
    expect(also).toEqual([`catalogue/${ids.catalogue}`]);
    const noted = await catalogueNow();
    expect(noted).toMatchObject({
      version,
      body: { digest: body.digest, changes: [{ resource: id, available: false }] },
    });
    await publish(await drafted({ drop: [id] }));
    expect((await catalogueNow()).body.changes).toBeUndefined();
  });

  test('sees it available again once it is; until then no revision keeps it', async () => {
    await regrade('R-2', { class: 'core' });
    const { details } = await refusal(publish(await drafted({ drop: ['R-3'] })));
    expect(details.violations?.map(({ rule }) => rule)).toEqual(['core-or-barred']);
    await regrade('R-2', { class: 'general', level: 2 }, { approver: '负责人(演示)' });
    const { body } = await catalogueNow();
    expect(body.changes).toMatchObject([{ available: false }, { resource: 'R-2', available: true }]);
  });

  test('is told five changes of an entry, however often its provider toggles it, and is not outdated (fault B5)', async () => {
    const revision = await drafted({ drop: ['R-3'] });
    for (let i = 0; i < 6; i++) {
      await regrade('R-2', { class: 'core' });
      await regrade('R-2', { class: 'general', level: 2 }, { approver: '负责人(演示)' });
    }
    const { body } = await catalogueNow();
    const told = body.changes?.filter((one) => one.resource === 'R-2');
    expect(told).toMatchObject([false, true, false, true, false].map((available) => ({ available })));
    expect((await publish(revision)).record.state).toBe('merged');
  });

  test('is told nothing by a regrade that leaves the resource in scope, or of one that is not listed', async () => {
    const other = await unlisted(finance);
    const acts = [await regrade('R-2', { class: 'important' }), await regrade(other, { class: 'core' })];
    expect(acts.flatMap(({ also }) => also)).toEqual([]);
  });
});
