// SPDX-License-Identifier: Apache-2.0
import { openWorklist } from 'yuanliu-gateway/queries/worklist/worklist';
import type { Task } from 'yuanliu-gateway/queries/worklist/answer';
import type { RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import { demoRulebook } from 'yuanliu-demo/rulebook';
import { cast, ids, madeUpDigest } from '../../../builders';
import { openIndexedCity, settableClock, type IndexedCity } from '../../index/indexed';

const paper = { title: '协议', number: '演示〔2026〕9号', digest: madeUpDigest('协议') };
const inWorkingDays: RulebookBody = { ...demoRulebook, periods: { ...demoRulebook.periods, filing: '30wd' } };

let indexed: IndexedCity;
let time: ReturnType<typeof settableClock>;
beforeEach(async () => {
  time = settableClock('2026-09-01T02:00:00.000Z');
  indexed = await openIndexedCity('authorized', { clock: time.clock });
});
afterEach(() => indexed.close());

async function amended(rulebook: RulebookBody): Promise<void> {
  await indexed.city.act(cast.authority, 'rulebook:amend', 'city', rulebook);
  await indexed.caughtUp();
}

async function tasks(who: { readonly code: string }, options: { overdue?: boolean } = {}): Promise<readonly Task[]> {
  return (await openWorklist(indexed.index, time.clock).page(indexed.viewer(who), options)).items;
}

/** An agreement signed in December: 30 working days from then end in a year without holidays in the rulebook. */
async function signedUnfiled(): Promise<void> {
  const { terms, parts } = (await indexed.city.get(`agreement/${ids.agreement}`)).body as Record<string, object>;
  const proposal = { plan: `plan/${ids.plan}`, operator: cast.operator.code, terms, parts };
  await indexed.city.act(cast.agency, 'agreement:propose', 'AGR-wd', proposal);
  await indexed.city.act(cast.agency, 'agreement:sign', 'AGR-wd', { document: paper });
  await indexed.city.act(cast.operator, 'agreement:sign', 'AGR-wd', { document: paper });
  await indexed.caughtUp();
}

const amendment = (found: readonly Task[]) =>
  found.flatMap(({ acts }) => acts).find(({ act }) => act === 'rulebook:amend')?.due;

test('the data-authority is asked for next year’s holidays 90 days before the calendar ends (fault E9)', async () => {
  await amended(inWorkingDays);
  expect(amendment(await tasks(cast.authority))).toBeUndefined();

  time.set('2026-10-03T02:00:00.000Z');
  const [first] = await tasks(cast.authority);
  expect(first).toMatchObject({ ref: 'rulebook/city@2', due: '2026-12-31T16:00:00.000Z' });
  expect(amendment(await tasks(cast.authority))).toMatchObject({
    by: '2026-12-31T16:00:00.000Z',
    period: 'calendar',
    overdue: false,
    note: { code: 'calendar-ends', params: { next: 2027 } },
  });
  time.set('2027-01-01T02:00:00.000Z');
  expect(amendment(await tasks(cast.authority, { overdue: true }))).toMatchObject({ overdue: true });

  await amended({ ...inWorkingDays, calendar: { ...demoRulebook.calendar, 2027: { holidays: [], workdays: [] } } });
  expect(amendment(await tasks(cast.authority))).toBeUndefined();
});

test('a rulebook without periods in working days needs no calendar (fault E9)', async () => {
  time.set('2026-12-30T02:00:00.000Z');
  expect(amendment(await tasks(cast.authority))).toBeUndefined();
});

test('a filing whose deadline cannot be computed stays on the list, marked so, until its year is known (fault E9)', async () => {
  await amended(inWorkingDays);
  time.set('2026-12-10T02:00:00.000Z');
  await signedUnfiled();
  const filing = async () => {
    const found = (await tasks(cast.agency)).find(({ ref }) => ref.startsWith('agreement/AGR-wd@'));
    return { listed: found?.due, due: found?.acts.find(({ act }) => act === 'agreement:file')?.due };
  };
  const { listed, due } = await filing();
  expect(due).toMatchObject({
    period: 'filing',
    rule: 'agreement-filed',
    overdue: false,
    unjudged: { code: 'no-calendar', params: { year: '2027' } },
  });
  expect(listed).toBe(due?.by);

  time.set('2027-03-01T02:00:00.000Z'); // past the earliest end, which may not be the end
  expect((await filing()).due?.overdue).toBe(false);
  const late = await tasks(cast.agency, { overdue: true });
  expect(late.map(({ ref }) => ref).filter((ref) => ref.startsWith('agreement/AGR-wd'))).toEqual([]);

  await amended({ ...inWorkingDays, calendar: { ...demoRulebook.calendar, 2027: { holidays: [], workdays: [] } } });
  const known = await filing();
  expect(known.due?.unjudged).toBeUndefined();
  expect(known.due?.overdue).toBe(true);
});
