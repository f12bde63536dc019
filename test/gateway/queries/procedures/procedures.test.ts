// SPDX-License-Identifier: Apache-2.0
import { knownRules } from 'yuanliu-chaincode/kind/rule';
import type { Duty, Procedure, ProceduresOptions } from 'yuanliu-gateway/queries/procedures/answer';
import { openProcedures, type Procedures } from 'yuanliu-gateway/queries/procedures/procedures';
import { anyone, type Viewer } from 'yuanliu-gateway/index/read/visibility';
import { openWorklist, type Worklist } from 'yuanliu-gateway/queries/worklist/worklist';
import { departmentOf } from 'yuanliu-demo/cast';
import { demoRulebook } from 'yuanliu-demo/rulebook';
import { graded, registered, type Anchored } from 'yuanliu-demo/story';
import { anchored, cast, CITY, demoCode, ids, madeUpDigest, PURPOSE, use } from '../../../builders';
import { openIndexedCity, settableClock, type IndexedCity } from '../../index/indexed';

const BEGIN = Date.parse('2026-03-02T01:00:00.000Z');
const day = (n: number): string => new Date(BEGIN + n * 86_400_000).toISOString();
const paper = { title: '协议', number: '演示〔2026〕9号', digest: madeUpDigest('协议') };

let indexed: IndexedCity;
let procedures: Procedures;
let worklist: Worklist;
let time: ReturnType<typeof settableClock>;
beforeEach(async () => {
  time = settableClock(day(0));
  indexed = await openIndexedCity('produced', { clock: time.clock });
  procedures = openProcedures(indexed.index, time.clock);
  worklist = openWorklist(indexed.index, time.clock);
});
afterEach(() => indexed.close());

async function act(...[by, name, id, input]: Parameters<IndexedCity['city']['act']>) {
  const done = await indexed.city.act(by, name, id, input);
  await indexed.caughtUp();
  return done;
}

async function report(who: { code: string } | Viewer, options: ProceduresOptions = {}): Promise<readonly Procedure[]> {
  const viewer = 'code' in who ? indexed.viewer(who) : who;
  return (await procedures.page(viewer, options)).items;
}

const dutiesIn = (items: readonly Procedure[]): string[] =>
  items.flatMap(({ ref, duties }) => duties.map(({ rule, status }: Duty) => `${ref} ${rule} ${status}`));

/** A catalogue published with a resource that is not registered: let through, to be made good within 30 days. */
async function publishedUnregistered(n: number): Promise<Anchored> {
  const [provider] = indexed.city.departments;
  const resource = { id: `R-un-${n}`, domain: '金融服务', provider };
  await indexed.city.run([...anchored(resource), ...graded(resource)]);
  const id = `C-un-${n}`;
  await act(cast.agency, 'catalogue:compile', id, { title: '又一目录', region: CITY, resources: [resource.id] });
  await act(provider, 'catalogue:confirm', id);
  await act(cast.agency, 'catalogue:publish', id);
  return resource;
}

async function register(resource: Anchored): Promise<void> {
  await indexed.city.run(registered(resource));
  await indexed.caughtUp();
}

/** An agreement in force that nobody files, and a scenario assessed under it after the time to file it: on day 40. */
async function assessedUnfiled(): Promise<void> {
  const { city } = indexed;
  const read = async (ref: string) => (await city.get(ref)).body as Record<string, object>;
  const { terms, parts } = await read(`agreement/${ids.agreement}`);
  const scenario = await read(`scenario/${ids.scenario}`);
  const proposal = { plan: `plan/${ids.plan}`, operator: cast.operator.code, terms, parts };
  await city.act(cast.agency, 'agreement:propose', 'AGR-un', proposal);
  await city.act(cast.agency, 'agreement:sign', 'AGR-un', { document: paper });
  await city.act(cast.operator, 'agreement:sign', 'AGR-un', { document: paper });
  time.set(day(40));
  const { domains } = scenario;
  const asked = { title: '场景', agreement: 'agreement/AGR-un', purpose: PURPOSE, domains, parts: scenario['parts'] };
  await city.act(cast.developer, 'scenario:apply', 'SCN-un', asked);
  await city.act(cast.operator, 'scenario:forward', 'SCN-un', { opinion: '可' });
  const { terms: granted } = await read(`grant/${ids.grant}`);
  const grant = { id: 'G-un', terms: granted };
  await act(cast.agency, 'scenario:assess', 'SCN-un', { result: 'approve', reason: '材料齐全', grant });
}

describe('what a decision was let through with', () => {
  test('is open until its date, then overdue, and made good late; in time, it is met', async () => {
    const [inTime, tooLate] = [await publishedUnregistered(1), await publishedUnregistered(2)];
    const published = indexed.index.height() - 1;
    expect(dutiesIn(await report(cast.agency))).toEqual(['catalogue/C-un-2', 'catalogue/C-un-1'].map(open));

    time.set(day(10));
    await register(inTime);
    expect(dutiesIn(await report(cast.agency, { duty: 'met' }))).toEqual(['catalogue/C-un-1 registered met']);
    time.set(day(31));
    expect(dutiesIn(await report(cast.agency, { duty: 'overdue' }))).toEqual(['catalogue/C-un-2 registered overdue']);
    await register(tooLate);
    time.set(day(60));
    expect(dutiesIn(await report(cast.agency))).toEqual([
      'catalogue/C-un-2 registered met-late',
      'catalogue/C-un-1 registered met',
    ]);
    const then = await report(cast.agency, { asOf: published });
    expect(dutiesIn(then)).toEqual(['catalogue/C-un-2', 'catalogue/C-un-1'].map(open));
    function open(ref: string): string {
      return `${ref} registered open`;
    }
  });

  test('says who decided, by which rule and article, until when, and what to do', async () => {
    await publishedUnregistered(1);
    const [item] = await report(cast.agency, {
      deviation: 'skipped',
      organization: cast.agency.code,
      kind: 'catalogue',
    });
    expect(item).toMatchObject({
      ref: 'catalogue/C-un-1',
      title: '发布',
      act: { name: 'publish', organization: cast.agency.code, role: 'implementing-agency' },
      deviations: ['skipped'],
      duties: [{ rule: 'registered', article: '第七条', status: 'open' }],
    });
    const [duty] = item?.duties ?? [];
    expect(duty).toMatchObject({ code: expect.any(String), params: expect.any(Object) });
    expect(duty?.due.slice(0, 10)).toBe(day(30).slice(0, 10));
    expect(item?.transaction.txId).toMatch(/^[0-9a-f]{64}$/);
  });

  test('can be told of every rule that may be given a due date', async () => {
    await publishedUnregistered(1);
    await assessedUnfiled();
    const owed = await report(cast.agency, { duty: 'open' });
    expect(dutiesIn(owed)).toEqual(['scenario/SCN-un agreement-filed open']);
    await act(cast.agency, 'agreement:file', 'AGR-un', { document: paper });
    expect(dutiesIn(await report(cast.agency, { rule: 'agreement-filed', deviation: 'skipped' }))).toEqual([
      'scenario/SCN-un agreement-filed met',
    ]);
    const recordable = [...knownRules.values()].filter((rule) => rule.recordable).map(({ id }) => id);
    expect(recordable.sort()).toEqual(['agreement-filed', 'decided-by-another', 'registered']);
  });

  test('on one’s own matter stays owed until another has decided it (fault B7)', async () => {
    const rule = 'decided-by-another';
    const rules = { ...demoRulebook.rules, [rule]: { article: '第六条', requirement: '回避', dueWithin: 'P30D' } };
    await act(cast.authority, 'rulebook:amend', 'city', { ...demoRulebook, rules });
    const both = { ...cast.agency, code: demoCode(970), name: '又运营又实施(演示)' };
    const { code, name, msp } = both;
    const roles = ['implementing-agency', 'developer'].map((role) => ({ role, region: CITY }));
    await act(cast.authority, 'organization:admit', code, { name, msp, roles });
    const qualified = { role: 'developer', basis: paper };
    await act(both, 'organization:qualify', code, qualified);
    const owed = async (): Promise<string[]> => dutiesIn(await report(cast.authority, { rule }));
    expect(await owed()).toEqual([`organization/${code} ${rule} open`]);
    time.set(day(31));
    expect(await owed()).toEqual([`organization/${code} ${rule} overdue`]);
    await act(cast.agency, 'organization:qualify', code, qualified);
    expect(await owed()).toEqual([`organization/${code} ${rule} met-late`]);
  });

  test('counts as owed where the rulebook lacks the working days to tell, and says so, and the rest is told', async () => {
    await publishedUnregistered(1);
    await assessedUnfiled();
    const periods = { ...demoRulebook.periods, filing: '20wd' };
    await act(cast.authority, 'rulebook:amend', 'city', { ...demoRulebook, periods, calendar: {} });
    const owed = await report(cast.agency, { duty: 'open' });
    expect(owed.flatMap(({ duties }) => duties)).toMatchObject([
      { rule: 'agreement-filed', unjudged: { code: 'no-calendar', params: { year: '2026' } } },
    ]);
    expect(dutiesIn(await report(cast.agency, { duty: 'overdue' }))).toEqual(['catalogue/C-un-1 registered overdue']);
    const { items } = await worklist.page(indexed.viewer(cast.agency), {});
    expect(items.flatMap(({ duties = [] }) => duties.map(({ rule }) => rule))).toEqual([
      'registered',
      'agreement-filed',
    ]);
  });

  test('waits on the worklist of whoever decided it, the earliest date first, until it is made good', async () => {
    const resource = await publishedUnregistered(1);
    const first = async (overdue = false) => {
      const { items } = await worklist.page(indexed.viewer(cast.agency), overdue ? { overdue } : {});
      return items.find(({ ref }) => ref.startsWith('catalogue/C-un-1@'));
    };
    expect(await first()).toMatchObject({ duties: [{ rule: 'registered', article: '第七条', status: 'open' }] });
    expect((await first())?.due).toBe((await first())?.duties?.[0]?.due);
    expect(await first(true)).toBeUndefined();
    time.set(day(31));
    expect(await first(true)).toMatchObject({ duties: [{ status: 'overdue' }] });
    const others = await worklist.page(indexed.viewer(cast.operator), {});
    expect(others.items.flatMap(({ duties = [] }) => duties)).toEqual([]);
    await register(resource);
    expect((await first())?.duties).toBeUndefined();
  });
});

describe('what came late', () => {
  test('is told with the period that was over, or the reason that it gives', async () => {
    await act(cast.authority, 'rulebook:amend', 'city', {
      ...demoRulebook,
      limits: { ...demoRulebook.limits, 'registration-acceptance': 'P5D' },
    });
    const [provider] = indexed.city.departments;
    const resource = { id: 'R-late', domain: '金融服务', provider };
    await indexed.city.run([...anchored(resource), ...graded(resource)]);
    await act(provider, 'registration:apply', 'REG-late', { subject: 'resource/R-late@1' });
    await assessedUnfiled();
    await act(cast.registrar, 'registration:accept', 'REG-late');
    await act(cast.agency, 'agreement:file', 'AGR-un', { document: paper });
    const late = { reason: '系统故障', documents: [] };
    await act(cast.developer, 'usage:record', 'U-late', use({ occurredAt: day(20), late }));
    const items = await report(cast.authority, { deviation: 'late' });
    expect(items.map(({ ref, act: { name } }) => `${ref} ${name}`)).toEqual([
      'usage/U-late record',
      'agreement/AGR-un file',
      'registration/REG-late accept',
    ]);
    const [used, filed, accepted] = items;
    expect(used?.act.late).toEqual(late);
    expect(filed?.wasDue).toMatchObject({ period: 'filing', rule: 'agreement-filed', article: '第十条' });
    expect(accepted?.wasDue?.period).toBe('registration-acceptance');
    expect(accepted?.wasDue?.by.slice(0, 10)).toBe(day(5).slice(0, 10));
    expect(accepted?.act.violations.map(({ rule }) => rule)).toEqual(['registrar-in-time']);
  });

  test('is not what came in time', async () => {
    expect(await report(cast.authority)).toEqual([]);
  });
});

test('tells a backfilled report apart, with every rule that could not be judged', async () => {
  const late = { reason: '补录', documents: [madeUpDigest('台账')] };
  await act(cast.developer, 'usage:record', 'U-past', use({ occurredAt: '2020-01-01T00:00:00Z', late }));
  const [item, ...more] = await report(cast.authority, { deviation: 'backfilled' });
  expect(more).toEqual([]);
  expect(item).toMatchObject({ ref: 'usage/U-past', deviations: ['backfilled', 'unjudged'], act: { late } });
  expect(item?.act.unjudged?.map(({ rule }) => rule)).toContain('chain-stands');
  expect(await report(cast.authority, { rule: 'chain-stands' })).toEqual([item]);
});

test('shows whoever may see the act, and nobody else', async () => {
  await publishedUnregistered(1);
  const late = { reason: '补录', documents: [madeUpDigest('台账')] };
  await act(cast.developer, 'usage:record', 'U-past', use({ occurredAt: '2020-01-01T00:00:00Z', late }));
  const refs = async (who: { code: string } | Viewer) => (await report(who)).map(({ ref }) => ref);
  expect(await refs(cast.developer)).toEqual(['usage/U-past', 'catalogue/C-un-1']);
  expect(await refs(cast.supervisor)).toEqual(['usage/U-past', 'catalogue/C-un-1']);
  expect(await refs(departmentOf('医疗健康', 1))).toEqual(['catalogue/C-un-1']);
  expect(await refs(cast.rival)).toEqual(['catalogue/C-un-1']); // a published catalogue is public
  expect(await refs(anyone)).toEqual(['catalogue/C-un-1']);
});

test('goes page by page as of one block and time, while the ledger goes on', async () => {
  for (const n of [1, 2, 3]) await publishedUnregistered(n);
  const viewer = indexed.viewer(cast.agency);
  const first = await procedures.page(viewer, { limit: 1 });
  await publishedUnregistered(4);
  time.set(day(100));
  const second = await procedures.page(viewer, { limit: 1, cursor: first.cursor ?? '' });
  const third = await procedures.page(viewer, { limit: 9, cursor: second.cursor ?? '' });
  expect([...first.items, ...second.items, ...third.items].map(({ ref }) => ref)).toEqual(
    [3, 2, 1].map((n) => `catalogue/C-un-${n}`),
  );
  expect(third).toMatchObject({ asOf: first.asOf, time: first.time });
  expect(third.cursor).toBeUndefined();
  await expect(procedures.page(viewer, { limit: 1, duty: 'open', cursor: first.cursor ?? '' })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
});
