// SPDX-License-Identifier: Apache-2.0
import { openWorklist, type Worklist } from 'yuanliu-gateway/queries/worklist/worklist';
import { graded } from 'yuanliu-demo/story';
import { anchored, cast, CITY, ids, madeUpDigest } from '../../../builders';
import { openIndexedCity, settableClock, type IndexedCity } from '../../index/indexed';

const START = '2026-09-01T02:00:00.000Z';
const reason = '演示';
const document = { title: '文书', number: '演示〔2026〕1号', digest: madeUpDigest('文书') };

let indexed: IndexedCity;
let worklist: Worklist;
let time: ReturnType<typeof settableClock>;
beforeAll(async () => {
  time = settableClock(START);
  indexed = await openIndexedCity('produced', { clock: time.clock });
  worklist = openWorklist(indexed.index, time.clock);
});
afterAll(() => indexed.close());

type Who = { readonly code: string };

async function waiting(who: Who, options: { readonly overdue?: true } = {}): Promise<string[]> {
  await indexed.caughtUp();
  const { items } = await worklist.page(indexed.viewer(who), { ...options, limit: 200 });
  return items.flatMap(({ ref, acts }) => acts.map(({ act }) => `${act} ${ref.replace(/^.*\/|@.*$/g, '')}`));
}

async function onRecord(who: Who, ref: string) {
  await indexed.caughtUp();
  return worklist.actsOn(ref, indexed.viewer(who))?.acts ?? [];
}

const act = (...args: Parameters<IndexedCity['city']['act']>) => indexed.city.act(...args);

test('a department whose resources are all graded, with nothing due, has an empty list (fault E5)', async () => {
  const [provider] = indexed.city.departments;
  for (const n of Array.from({ length: 20 }, (_, i) => i)) {
    const resource = { id: `R-calm-${n}`, domain: '金融服务', provider };
    await indexed.city.run([...anchored(resource), ...graded(resource)]);
  }
  expect(await waiting(provider)).toEqual([]);
  const possible = await onRecord(provider, 'resource/R-calm-1');
  expect(possible.map(({ act: name }) => name)).toContain('resource:withdraw');
  expect(possible.filter(({ waits }) => waits)).toEqual([]);
});

test('a resource waits for its provider until it is graded (fault E5)', async () => {
  const [provider] = indexed.city.departments;
  await indexed.city.act(provider, 'resource:anchor', 'R-step', { title: '甲', domain: '金融服务', region: CITY });
  expect(await waiting(provider)).toEqual(['resource:catalogue R-step']);
  await act(provider, 'resource:catalogue', 'R-step', { sharing: { type: 'conditional' } });
  expect(await waiting(provider)).toEqual(['resource:grade R-step']);
  await act(provider, 'resource:grade', 'R-step', { grade: { class: 'general', level: 2 } });
  expect(await waiting(provider)).toEqual([]);
});

test('an agency and a registrar with nothing asked of them have empty lists, whatever they may do (fault E5)', async () => {
  for (const [who, ref, act] of [
    [cast.agency, `agreement/${ids.agreement}`, 'agreement:revoke'],
    [cast.supervisor, `organization/${cast.developer.code}`, 'organization:determine-control'],
  ] as const) {
    const names = (await onRecord(who, ref)).map(({ act: name }) => name);
    expect(names).toContain(act);
    expect((await waiting(who)).filter((one) => one.startsWith(act))).toEqual([]);
  }
});

test('a registration in publicity says from when on it may be coded, and its revocation waits for none (fault E5)', async () => {
  const [provider] = indexed.city.departments;
  const { registrar } = cast;
  await act(cast.authority, 'rulebook:amend', 'city', {
    ...(indexed.index.rulebook()?.body as object),
    periods: { publicity: 'P10D', filing: 'P30D', 'late-report': 'P1D' },
  });
  await act(provider, 'registration:apply', 'REG-calm', { subject: 'resource/R-calm-1@1' });
  const steps = async () => (await waiting(registrar)).filter((one) => one.endsWith(' REG-calm'));
  expect(await steps()).toEqual([
    'registration:accept REG-calm',
    'registration:request-supplement REG-calm',
    'registration:decline REG-calm',
  ]);
  await act(registrar, 'registration:accept', 'REG-calm', {});
  await act(registrar, 'registration:review', 'REG-calm', { result: 'pass', opinion: '通过' });
  await act(registrar, 'registration:publicize', 'REG-calm', {});
  expect(await steps()).toEqual(['registration:code REG-calm']);
  const code = async () =>
    (await onRecord(registrar, 'registration/REG-calm')).find((one) => one.act.endsWith(':code'));
  const until = ((await indexed.city.get('registration/REG-calm')).body as { publicity: { until: string } }).publicity
    .until;
  expect(await code()).toMatchObject({ waits: true, notBefore: until });
  time.set('2026-09-20T02:00:00.000Z');
  expect((await code())?.notBefore).toBeUndefined();
  await act(registrar, 'registration:code', 'REG-calm', { code: 'DEMO-CALM' });
  expect(await steps()).toEqual([]);
  expect((await onRecord(registrar, 'registration/REG-calm')).map(({ act: name, waits }) => [name, waits])).toEqual([
    ['registration:revoke', false],
  ]);
});

test('what one party has done waits for the other alone (fault E5)', async () => {
  const { terms, parts } = (await indexed.city.get(`agreement/${ids.agreement}`)).body as Record<string, object>;
  await act(cast.agency, 'agreement:propose', 'AGR-w', {
    plan: `plan/${ids.plan}`,
    operator: cast.operator.code,
    terms,
    parts,
  });
  const mine = async (who: Who) => (await waiting(who)).filter((one) => one.endsWith(' AGR-w'));
  await act(cast.agency, 'agreement:sign', 'AGR-w', { document });
  expect(await mine(cast.agency)).toEqual([]);
  expect(await mine(cast.operator)).toEqual(['agreement:sign AGR-w']);
  await act(cast.operator, 'agreement:sign', 'AGR-w', { document });
  expect(await mine(cast.agency)).toEqual(['agreement:file AGR-w']);
  await act(cast.agency, 'agreement:file', 'AGR-w', { document });
  expect([...(await mine(cast.agency)), ...(await mine(cast.operator))]).toEqual([]);

  const amended = { reason, document, changes: { parts } };
  await act(cast.operator, 'agreement:amend', 'AGR-w', amended);
  expect(await mine(cast.operator)).toEqual([]);
  expect(await mine(cast.agency)).toEqual(['agreement:sign-amendment AGR-w']);
  await act(cast.agency, 'agreement:sign-amendment', 'AGR-w', { document });
  await act(cast.agency, 'agreement:file', 'AGR-w', { document });
  await act(cast.agency, 'agreement:terminate', 'AGR-w', { reason });
  expect(await mine(cast.operator)).toEqual(['agreement:exit AGR-w']);
  await act(cast.operator, 'agreement:exit', 'AGR-w', { returned: [], destroyed: [], held: [] });
  expect(await mine(cast.operator)).toEqual([]);
});

test('a finding to answer comes with the date that was ordered, and is overdue after it (fault E5)', async () => {
  const { supervisor, operator } = cast;
  const now = time.clock().getTime();
  const due = new Date(now + 5 * 86_400_000).toISOString();
  const summary = '未按要求留存日志(演示)';
  await act(supervisor, 'finding:raise', 'F-w', { about: `product/${ids.basic}`, against: operator.code, summary });
  await act(supervisor, 'finding:serve', 'F-w', {});
  await act(supervisor, 'finding:order-rectification', 'F-w', { measures: '补齐日志', due });
  const { items } = await worklist.page((await indexed.caughtUp(), indexed.viewer(operator)), { kind: 'finding' });
  expect(items).toMatchObject([
    {
      ref: 'finding/F-w@1',
      due,
      acts: [{ act: 'finding:rectified', due: { period: 'stated', by: due, overdue: false } }],
    },
  ]);
  expect(await waiting(operator, { overdue: true })).toEqual([]);
  time.set(new Date(now + 6 * 86_400_000).toISOString());
  expect(await waiting(operator, { overdue: true })).toEqual(['finding:rectified F-w']);
  expect((await waiting(supervisor)).filter((one) => one.endsWith(' F-w'))).toEqual([]);
  await act(operator, 'finding:rectified', 'F-w', { summary: '已补齐' });
  expect((await waiting(operator)).filter((one) => one.endsWith(' F-w'))).toEqual([]);
  expect((await waiting(supervisor)).filter((one) => one.endsWith(' F-w'))).toEqual(['finding:verify F-w']);
});

test('an emergency measure waits for its agency until it lapses (fault E5)', async () => {
  const until = new Date(time.clock().getTime() + 2 * 86_400_000).toISOString();
  const measure = { halts: `grant/${ids.grant}`, reason, until };
  await act(cast.operator, 'finding:incident', 'F-halt', {
    about: `product/${ids.derived}`,
    against: cast.developer.code,
    summary: '异常批量调用(演示)',
    measure,
  });
  const onGrant = async () => (await waiting(cast.agency)).filter((one) => one.startsWith('grant:'));
  expect(await onGrant()).toEqual([`grant:suspend ${ids.grant}`, `grant:resume ${ids.grant}`]);
  expect((await onRecord(cast.agency, `grant/${ids.grant}`))[0]?.due).toMatchObject({ by: until, period: 'stated' });
  time.set(new Date(Date.parse(until) + 1000).toISOString());
  expect(await onGrant()).toEqual([]);
});

test('a founder without a rulebook sees that the channel needs one (fault E4)', async () => {
  const empty = await openIndexedCity('empty');
  try {
    const { authority } = cast;
    const roles = [{ role: 'data-authority', region: CITY }];
    await empty.city.act(authority, 'organization:admit', authority.code, {
      name: '市数据主管部门',
      msp: authority.msp,
      roles,
    });
    await empty.caughtUp();
    const list = openWorklist(empty.index);
    const page = await list.page(empty.viewer(authority), {});
    expect(page.items).toEqual([]);
    expect(page.needed).toEqual([
      { ref: 'rulebook/city', act: 'rulebook:adopt', title: '采用', roles: ['data-authority'] },
    ]);
    expect((await list.page(empty.viewer(cast.agency), {})).needed).toBeUndefined();
    expect((await worklist.page(indexed.viewer(authority), {})).needed).toBeUndefined();
  } finally {
    await empty.close();
  }
});

test('of a record that the viewer may not see, or that is not there, it says nothing', () => {
  expect(worklist.actsOn(`grant/${ids.grant}`, indexed.viewer(cast.rival))).toBeUndefined();
  expect(worklist.actsOn('resource/R-none', indexed.viewer(cast.authority))).toBeUndefined();
});

test('a draft of a catalogue waits for each provider until that has confirmed, then for its agency', async () => {
  const [finance, health] = indexed.city.departments;
  const listing = async () => {
    const all = await Promise.all([finance, health, cast.agency].map((who) => waiting(who)));
    return all.map((one) => one.filter((line) => line.endsWith(' C-wait')));
  };
  const resources = ['R-1', 'R-3'];
  await act(cast.agency, 'catalogue:compile', 'C-wait', { title: '另录', region: CITY, resources });
  expect(await listing()).toEqual([['catalogue:confirm C-wait'], ['catalogue:confirm C-wait'], []]);
  await act(finance, 'catalogue:confirm', 'C-wait');
  expect(await listing()).toEqual([[], ['catalogue:confirm C-wait'], []]);
  await act(health, 'catalogue:confirm', 'C-wait');
  expect(await listing()).toEqual([[], [], ['catalogue:publish C-wait']]);
  await act(cast.agency, 'catalogue:publish', 'C-wait');
  expect(await listing()).toEqual([[], [], []]);
});
