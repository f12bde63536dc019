// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { LedgerError } from 'yuanliu-gateway/ledger/error';
import { MOST_ENTRIES } from 'yuanliu-chaincode/records/catalogue/body';
import { identityOf } from 'yuanliu-demo/perform';
import type { Member } from 'yuanliu-demo/cast';
import { demoRulebook } from 'yuanliu-demo/rulebook';
import {
  anchored,
  brokenBy,
  cast,
  CITY,
  fresh,
  ids,
  madeUpDigest,
  openCity,
  refusal,
  use,
  type City,
} from '../builders';
import { keysOf } from '../read-write-sets';

let city: City;
let finance: Member;
let health: Member;
beforeAll(async () => {
  city = await openCity('produced');
  [finance, health] = city.departments;
}, 120_000);
afterAll(() => city.close());

interface Body {
  readonly digest: string;
  readonly entries: readonly { readonly resource: string }[];
  readonly sections?: readonly { readonly section: string; readonly entries: number; readonly digest: string }[];
  readonly confirmations: readonly { readonly organization: string }[];
  readonly changes?: readonly object[];
}
const catalogueAt = async (id: string): Promise<{ version: number; body: Body }> =>
  (await city.get(`catalogue/${id}`)) as { version: number; body: Body };

async function graded(provider: Member): Promise<string> {
  const id = fresh('R');
  const domain = provider === finance ? '金融服务' : '医疗健康';
  await city.run(anchored({ id, domain, provider }));
  await city.act(provider, 'resource:catalogue', id, { sharing: { type: 'conditional' } });
  await city.act(provider, 'resource:grade', id, { grade: { class: 'general', level: 2 } });
  return id;
}

async function opened(): Promise<string> {
  const id = fresh('C');
  await city.act(cast.agency, 'catalogue:open', id, { title: '大目录', region: CITY });
  return id;
}

const compile = (partOf: string, resources: readonly string[], id = fresh('S')): ReturnType<City['act']> =>
  city.act(cast.agency, 'catalogue:compile', id, { title: `分册 ${id}`, region: CITY, partOf, resources });
const confirm = (by: Member, id: string): ReturnType<City['act']> => city.act(by, 'catalogue:confirm', id);
const publish = (id: string): ReturnType<City['act']> => city.act(cast.agency, 'catalogue:publish', id);

/** A published section of one department. */
async function published(partOf: string, by: Member, resources: readonly string[]): Promise<string> {
  const { record } = await compile(partOf, resources);
  await confirm(by, record.id);
  await publish(record.id);
  return record.id;
}

const hash = (...parts: readonly Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const leaf = (digest: string): Buffer => hash(Buffer.of(0), Buffer.from(digest.replace('sha256:', ''), 'hex'));

describe('a catalogue in sections', () => {
  test('has the RFC 6962 root over their digests, and each is published and revised alone', async () => {
    const whole = await opened();
    expect((await catalogueAt(whole)).body.digest).toBe(`sha256:${hash().toString('hex')}`);
    const [one, other, third] = [await graded(finance), await graded(health), await graded(finance)];
    const sections = [await published(whole, finance, [one]), await published(whole, health, [other])].sort();
    const { body, version } = await catalogueAt(whole);
    expect(body.sections?.map(({ section }) => section)).toEqual(sections);
    const [left, right] = body.sections ?? [];
    const root = hash(Buffer.of(1), leaf(left?.digest ?? ''), leaf(right?.digest ?? ''));
    expect(body.digest).toBe(`sha256:${root.toString('hex')}`);

    const first = body.sections?.[0]?.section ?? '';
    const draft = fresh('C');
    await city.act(cast.agency, 'catalogue:revise', draft, { of: `catalogue/${first}@1`, add: [third], reason: '增' });
    await confirm(finance, draft);
    const { also, receipt } = await publish(draft);
    expect(also).toEqual([`catalogue/${first}`, `catalogue/${whole}`]);
    const { writes } = await keysOf(city.ledger, receipt.txId);
    expect([...writes.keys()]).not.toContain(`catalogue/${sections[1] ?? ''}`);
    const after = await catalogueAt(whole);
    expect(after.version).toBe(version + 1);
    expect(after.body.sections).toMatchObject([{ section: first, entries: 2 }, body.sections?.[1] ?? {}]);
  });

  test('is what links name: an entry of any section is in scope, and a plan on a section is refused', async () => {
    const added = await graded(health);
    const section = await published(ids.catalogue, health, [added]);
    const useOf = use({ subject: `resource/${added}@1` });
    expect(brokenBy(await city.act(cast.developer, 'usage:record', fresh('U'), useOf))).toEqual(['within-chain']); // by domain
    const agreement = { ...useOf, authority: `agreement/${ids.agreement}` };
    expect(brokenBy(await city.act(cast.operator, 'usage:record', fresh('U'), agreement))).toEqual([]);
    expect((await catalogueAt(ids.catalogue)).body.entries.length).toBe(4); // its own entries stay its first section

    const plan = fresh('PLAN');
    const parts = Object.fromEntries(demoRulebook.parts.plan.map((part) => [part, { text: '演示' }]));
    const terms = { catalogue: section, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z' };
    await city.act(cast.agency, 'plan:draft', plan, { title: '方案', region: CITY, terms, parts });
    const approval = city.act(cast.authority, 'plan:approve', plan, {
      document: { digest: madeUpDigest('x') },
      version: 1,
    });
    expect(await refusal(approval)).toMatchObject({ rule: 'catalogue-own' });
  });

  test('refuses a section that names an entry of another section, when it is compiled and when it is published (fault F4)', async () => {
    const whole = await opened();
    const [one, other] = [await graded(finance), await graded(finance)];
    const late = (await compile(whole, [one, other])).record.id;
    await confirm(finance, late);
    await published(whole, finance, [one]);
    const rule = 'entered-once';
    expect(await refusal(compile(whole, [one]))).toMatchObject({ rule });
    expect(await refusal(publish(late))).toMatchObject({ rule });
    const listed = { title: '另一目录', region: CITY, resources: [one] };
    await city.act(cast.agency, 'catalogue:compile', fresh('C'), listed); // of another catalogue
  });

  test('lets an entry move to another section once it is dropped', async () => {
    const whole = await opened();
    const [one, other] = [await graded(finance), await graded(finance)];
    const from = await published(whole, finance, [one, other]);
    const draft = fresh('C');
    await city.act(cast.agency, 'catalogue:revise', draft, { of: `catalogue/${from}@1`, drop: [one], reason: '移' });
    await publish(draft);
    expect((await catalogueAt(await published(whole, finance, [one]))).body.entries).toMatchObject([{ resource: one }]);
  });

  test('takes sections of its own agency and region only, and none of a section', async () => {
    const one = await graded(finance);
    const section = await published(await opened(), finance, [one]);
    const rule = 'section-of-catalogue';
    for (const partOf of [section, 'C-none']) expect(await refusal(compile(partOf, [one]))).toMatchObject({ rule });
    const { version } = await catalogueAt(ids.catalogue);
    const revision = { of: `catalogue/${ids.catalogue}@${version}`, add: [one], reason: '增' };
    const attempt = city.act(cast.agency, 'catalogue:revise', fresh('C'), revision);
    expect(await refusal(attempt)).toMatchObject({ rule: 'revises-current' }); // it has a section by now: add to that
  });

  test(`has at most ${MOST_ENTRIES} entries in a section`, async () => {
    const many = Array.from({ length: MOST_ENTRIES + 1 }, (_, n) => `R-${n}`);
    const { code, details } = await refusal(compile(ids.catalogue, many));
    expect([code, JSON.stringify(details)]).toEqual(['INPUT_INVALID', expect.stringContaining('partOf')]);
  });

  test('tells in the section that an entry is not available any more', async () => {
    const whole = await opened();
    const one = await graded(finance);
    const section = await published(whole, finance, [one]);
    const before = await catalogueAt(whole);
    const { also } = await city.act(finance, 'resource:withdraw', one, { reason: '演示' });
    expect(also).toEqual([`catalogue/${section}`]);
    expect((await catalogueAt(section)).body.changes).toMatchObject([{ resource: one, available: false }]);
    expect(await catalogueAt(whole)).toEqual(before);
  });
});

describe('publishing one changed section', () => {
  test('reads and writes the same in a catalogue of many sections as of few, but for the list of sections', async () => {
    const [small, large] = [await opened(), await opened()];
    for (let n = 0; n < 2; n++) await published(small, finance, [await graded(finance)]);
    for (let n = 0; n < 20; n++) await published(large, finance, [await graded(finance)]);
    const keys = async (whole: string): Promise<readonly string[][]> => {
      const one = await graded(finance);
      const section = (await compile(whole, [one])).record.id;
      await confirm(finance, section);
      const { receipt } = await publish(section);
      const { reads, writes } = await keysOf(city.ledger, receipt.txId);
      const plain = (all: readonly string[]): string[] =>
        all.map((key) => key.replace(one, 'R').replace(section, 'S').replace(whole, 'C').replace(/CF-.*/, 'CF'));
      return [plain(reads), plain([...writes.keys()])];
    };
    const few = await keys(small);
    expect(await keys(large)).toEqual(few.map((all) => all.map((key) => key.replace('C@3', 'C@21'))));
  });
});

describe('two departments', () => {
  test('confirm at once without a conflict, and neither rewrites the draft', async () => {
    const whole = await opened();
    const section = (await compile(whole, [await graded(finance), await graded(health)])).record.id;
    const before = await city.get(`catalogue/${section}`);
    const asked = await Promise.all(
      [finance, health].map(async (by) => ({
        identity: await identityOf(city.ledger, by),
        transaction: 'catalogue:confirm',
        args: [section, '{}'],
      })),
    );
    const done = await Promise.all(asked.map((call) => city.ledger.submit(call)));
    for (const { receipt } of done) {
      const { writes } = await keysOf(city.ledger, receipt.txId);
      expect([...writes.keys()].map((key) => key.replace(/CF-.*/, 'CF'))).toEqual(['confirmation/CF']);
    }
    expect(await city.get(`catalogue/${section}`)).toEqual(before);
    await publish(section);
    const { confirmations } = (await catalogueAt(section)).body;
    expect(confirmations.map(({ organization }) => organization)).toEqual([finance.code, health.code]);
  });

  test('a confirmation and the publication it was waiting for do not both pass in one block', async () => {
    const section = (await compile(await opened(), [await graded(finance)])).record.id;
    const outcomes = await Promise.all([
      publish(section).catch((error: unknown) => error),
      confirm(finance, section).catch((error: unknown) => error),
    ]);
    expect(outcomes[0]).toBeInstanceOf(Error);
    expect(outcomes[1]).not.toBeInstanceOf(LedgerError);
    await publish(section);
  });

  test('answer with the confirmation, again and again alike', async () => {
    const section = (await compile(await opened(), [await graded(finance)])).record.id;
    const once = { idempotencyKey: 'confirm-1' };
    const first = await city.act(finance, 'catalogue:confirm', section, once);
    expect(first.record).toMatchObject({
      kind: 'confirmation',
      state: 'given',
      body: { catalogue: `catalogue/${section}` },
    });
    expect((await city.act(finance, 'catalogue:confirm', section, once)).record).toEqual(first.record);
    expect((await confirm(finance, section)).record).toMatchObject({ version: 1, history: 2 });
    expect(await refusal(confirm(health, section))).toMatchObject({ code: 'FORBIDDEN' });
  });
});
