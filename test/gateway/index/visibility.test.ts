// SPDX-License-Identifier: Apache-2.0
import { anyone, type Viewer } from 'yuanliu-gateway/index/read/visibility';
import { cast, CITY, demoCode, ids, madeUpDigest, use } from '../../builders';
import { openIndexedCity, type IndexedCity } from './indexed';

/** 'Who sees what', a test for each line of it. */
let indexed: IndexedCity;
let finding = '';
const outsider = { ...cast.developer, code: demoCode(77), name: '局外人(演示)' };
const district = { ...cast.supervisor, code: demoCode(78), name: '区网信部门(演示)' };
const narrow = { ...cast.supervisor, code: demoCode(79), name: '市卫健监督部门(演示)' };

beforeAll(async () => {
  indexed = await openIndexedCity('produced');
  const { city } = indexed;
  for (const [member, role] of [
    [outsider, { role: 'developer', region: CITY }],
    [district, { role: 'supervisor', region: '310101' }],
    [narrow, { role: 'supervisor', region: CITY, remit: ['医疗健康'] }],
  ] as const) {
    const { name, msp } = member;
    await city.act(cast.authority, 'organization:admit', member.code, { name, msp, roles: [role] });
  }
  const misuse = await city.act(cast.developer, 'usage:record', ids.misuse, use({ purpose: '精准营销' }));
  [finding = ''] = misuse.also;
  await indexed.caughtUp();
});
afterAll(() => indexed.close());

const sees = (viewer: Viewer, ref: string): boolean => indexed.index.record(ref, viewer) !== undefined;
const department = () => indexed.city.departments[0];
const grant = `grant/${ids.grant}`;

test.each([
  ['organizations', `organization/${cast.developer.code}`],
  ['the rulebook', 'rulebook/city'],
  ['published catalogues', `catalogue/${ids.catalogue}`],
  ['coded registrations', 'registration/REG-R-1'],
  ['released products', `product/${ids.derived}`],
])('anyone sees %s', (_what, ref) => {
  expect(sees(anyone, ref)).toBe(true);
});

test.each(['resource/R-1', `plan/${ids.plan}`, `agreement/${ids.agreement}`, grant, `usage/${ids.usage}`])(
  'neither the public nor an organisation that has nothing to do with it sees %s',
  (ref) => {
    expect(sees(anyone, ref)).toBe(false);
    expect(sees(indexed.viewer(outsider), ref)).toBe(false);
  },
);

test('what is public is so from then on: before, it is for those concerned', () => {
  const { index } = indexed;
  const acts = index.history(`product/${ids.basic}`, indexed.viewer(cast.operator)).items;
  const developed = acts[0]?.transaction.block ?? 0;
  expect(index.record(`product/${ids.basic}`, anyone, { asOf: developed })).toBeUndefined();
  expect(index.record(`product/${ids.basic}`, indexed.viewer(cast.operator), { asOf: developed })).toBeDefined();
  expect(index.history(`product/${ids.basic}`, anyone).items.map(({ act }) => act.name)).toEqual(['release']);
});

test('organisations that its body names see a record', () => {
  expect(sees(indexed.viewer(cast.rival), `delivery/${ids.toMarket}`)).toBe(true);
  expect(sees(indexed.viewer(cast.developer), grant)).toBe(true);
});

test('organisations that its acts name see a record', () => {
  expect(sees(indexed.viewer(cast.registrar), 'registration/REG-R-1')).toBe(true);
  const { items } = indexed.index.history('registration/REG-R-1', indexed.viewer(cast.registrar));
  expect(items.map(({ act }) => act.name)).toContain('apply');
});

test('organisations upstream in its authority chain see a record', () => {
  for (const upstream of [cast.operator, cast.agency]) {
    expect(sees(indexed.viewer(upstream), `usage/${ids.usage}`)).toBe(true);
    expect(sees(indexed.viewer(upstream), `delivery/${ids.toMarket}`)).toBe(true);
  }
});

test('those downstream do not see the links above them for that', () => {
  expect(sees(indexed.viewer(cast.developer), `agreement/${ids.agreement}`)).toBe(false);
  expect(sees(indexed.viewer(cast.operator), `plan/${ids.plan}`)).toBe(false);
});

test('admitting or qualifying an organisation makes nobody a party to what it does', async () => {
  const { city } = indexed;
  const other = { ...cast.agency, code: demoCode(80) };
  const roles = [{ role: 'implementing-agency', region: CITY }];
  await city.act(cast.authority, 'organization:admit', other.code, { name: other.name, msp: other.msp, roles });
  await city.act(other, 'organization:qualify', cast.developer.code, {
    role: 'developer',
    basis: { title: '资质', digest: `sha256:${'0'.repeat(64)}` },
  });
  await indexed.caughtUp();
  expect(sees(indexed.viewer(other), `usage/${ids.usage}`)).toBe(false);
});

test('the data-authority sees everything in its region', () => {
  for (const ref of ['resource/R-1', grant, `usage/${ids.usage}`, finding]) {
    expect(sees(indexed.viewer(cast.authority), ref)).toBe(true);
    const elsewhere: Viewer = { organization: demoCode(81), roles: [{ role: 'data-authority', region: '320000' }] };
    expect(sees(elsewhere, ref)).toBe(false);
  }
});

test('supervisors see what is within their region and remit', () => {
  expect(sees(indexed.viewer(cast.supervisor), 'resource/R-1')).toBe(true);
  expect(sees(indexed.viewer(district), 'resource/R-1')).toBe(false);
  expect(sees(indexed.viewer(narrow), 'resource/R-1')).toBe(false);
  expect(sees(indexed.viewer(narrow), 'resource/R-3')).toBe(true);
});

test('a link is in the remit of those who oversee what it names, be it resources alone; one to all is in every remit', async () => {
  const { city } = indexed;
  const term = { from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z' };
  const seen: boolean[] = [];
  for (const scope of [{}, { resources: ['R-1'] }, { resources: ['R-1', 'R-3'] }, { domains: ['金融服务'] }]) {
    const id = `P-remit-${seen.length}`;
    const terms = { catalogue: ids.catalogue, ...term, ...scope };
    await city.act(cast.agency, 'plan:draft', id, { title: '方案', region: CITY, terms, parts: {} });
    await indexed.caughtUp();
    seen.push(sees(indexed.viewer(narrow), `plan/${id}`));
  }
  expect(seen).toEqual([true, false, true, false]);
});

test('whoever is to decide on a record by its role sees it', async () => {
  const { city } = indexed;
  const input = { title: '新资源', domain: '金融服务', region: CITY, digest: madeUpDigest('R-new') };
  await city.act(department(), 'resource:anchor', 'R-new', input);
  await city.act(department(), 'registration:apply', 'REG-new', { subject: 'resource/R-new@1' });
  await indexed.caughtUp();
  expect(sees(indexed.viewer(cast.registrar), 'registration/REG-new')).toBe(true);
  const elsewhere: Viewer = { organization: demoCode(82), roles: [{ role: 'registrar', region: '320000' }] };
  expect(sees(elsewhere, 'registration/REG-new')).toBe(false);
});

test('a kind’s offices read its records in their region; other organisations do not', () => {
  for (const office of [cast.registrar, cast.agency, cast.operator]) {
    expect(sees(indexed.viewer(office), 'resource/R-2')).toBe(true);
    const { role } = office;
    const elsewhere: Viewer = { organization: demoCode(82), roles: [{ role, region: '320000' }] };
    expect(sees(elsewhere, 'resource/R-2')).toBe(false);
  }
  for (const other of [cast.developer, cast.rival]) expect(sees(indexed.viewer(other), 'resource/R-2')).toBe(false);
});

test('what a developer brings in is read by the agency in its region, and by no operator', async () => {
  const licence = { title: '许可', number: '演示〔2026〕1号', digest: madeUpDigest('许可') };
  const source = { from: 'open', name: '演示' };
  const input = {
    title: '外部数据',
    source,
    licence,
    personal: false,
    period: { from: '2026-01-01T00:00:00Z' },
    region: CITY,
  };
  await indexed.city.act(cast.developer, 'external-input:declare', 'E-own', input);
  await indexed.caughtUp();
  const readers = [cast.developer, cast.agency, cast.supervisor, cast.operator, cast.rival];
  const may = readers.filter((member) => sees(indexed.viewer(member), 'external-input/E-own'));
  expect(may).toEqual([cast.developer, cast.agency, cast.supervisor]);
});

test('a suspended organisation may still read', async () => {
  await indexed.city.act(cast.authority, 'organization:suspend', cast.rival.code, { reason: '演示' });
  await indexed.caughtUp();
  expect(sees(indexed.viewer(cast.rival), `delivery/${ids.toMarket}`)).toBe(true);
});

test('a finding is sealed until served, from the one concerned too, and from agencies that could serve it', async () => {
  const { city } = indexed;
  for (const unknowing of [cast.developer, cast.agency, cast.operator]) {
    expect(sees(indexed.viewer(unknowing), finding)).toBe(false);
  }
  expect(sees(indexed.viewer(cast.supervisor), finding)).toBe(true);
  expect(sees(indexed.viewer(narrow), finding)).toBe(false);
  expect(sees(indexed.viewer(district), finding)).toBe(false);

  await city.act(cast.supervisor, 'finding:serve', finding.split('/')[1] ?? '', {});
  await indexed.caughtUp();
  expect(sees(indexed.viewer(cast.developer), finding)).toBe(true);
  expect(sees(indexed.viewer(cast.rival), finding)).toBe(false);
});

test('whoever raised a finding sees it while it is sealed', async () => {
  await indexed.city.act(cast.agency, 'finding:raise', 'F-raised', {
    about: `product/${ids.derived}@1`,
    against: cast.developer.code,
    summary: '演示',
  });
  await indexed.caughtUp();
  expect(sees(indexed.viewer(cast.agency), 'finding/F-raised')).toBe(true);
  expect(sees(indexed.viewer(cast.developer), 'finding/F-raised')).toBe(false);
});

test('the agency of a link that an incident halts sees it at once, and goes on seeing it', async () => {
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const incident = (id: string, more: object): ReturnType<IndexedCity['city']['act']> =>
    indexed.city.act(cast.operator, 'finding:incident', id, { about: grant, summary: '演示', ...more });
  await incident('F-halting', { measure: { halts: grant, reason: '演示', until } });
  await incident('F-only', {});
  await indexed.city.act(cast.agency, 'grant:resume', ids.grant, { reason: '演示' });
  await indexed.caughtUp();
  expect(sees(indexed.viewer(cast.agency), 'finding/F-halting')).toBe(true);
  expect(sees(indexed.viewer(cast.agency), 'finding/F-only')).toBe(false);
  expect(sees(indexed.viewer(cast.developer), 'finding/F-halting')).toBe(false);
  await indexed.city.act(cast.supervisor, 'finding:serve', 'F-halting', {});
  await indexed.caughtUp();
  expect(sees(indexed.viewer(cast.agency), 'finding/F-halting')).toBe(true);
});
