// SPDX-License-Identifier: Apache-2.0
import type { TraceAnswer } from 'yuanliu-gateway/queries/trace/answer';
import { anyone } from 'yuanliu-gateway/index/read/visibility';
import { cast, ids, use } from '../../../builders';
import { openIndexedCity, settableClock, type IndexedCity } from '../../index/indexed';

const time = settableClock('2026-03-01T00:00:00Z');
let indexed: IndexedCity;

beforeAll(async () => {
  indexed = await openIndexedCity('produced', { clock: time.clock });
});
afterAll(() => indexed.close());

const authority = () => indexed.viewer(cast.authority);
const basic = `product/${ids.basic}@1`;
const derived = `product/${ids.derived}@1`;
const usage = `usage/${ids.usage}@1`;
const edges = ({ hops }: TraceAnswer) => hops.map(({ relation, from, to, depth }) => [relation, from, to, depth]);

test('origins go back to the resources, nearest first', async () => {
  const answer = await indexed.trace.origins(`usage/${ids.usage}`, authority());
  expect(edges(answer)).toEqual([
    ['used', usage, derived, 1],
    ['wasDerivedFrom', derived, basic, 2],
    ['wasDerivedFrom', basic, 'resource/R-1@1', 3],
    ['wasDerivedFrom', basic, 'resource/R-2@1', 3],
  ]);
  expect(answer).toMatchObject({ roots: [{ ref: usage, kind: 'usage' }], truncated: false, hidden: false });
});

test('destinations go to deliveries and uses, and not back to siblings', async () => {
  const answer = await indexed.trace.destinations('resource/R-1', authority());
  expect(edges(answer)).toEqual([
    ['wasDerivedFrom', basic, 'resource/R-1@1', 1],
    ['used', `delivery/${ids.toDeveloper}@1`, basic, 2],
    ['wasDerivedFrom', derived, basic, 2],
    ['used', `delivery/${ids.toMarket}@1`, derived, 3],
    ['used', usage, derived, 3],
  ]);
  expect(answer.hops.map(({ to }) => to)).not.toContain('resource/R-2@1');
  expect(answer.hops[3]?.node).toMatchObject({ about: { to: cast.rival.code, purpose: expect.any(String) as string } });
});

test('each hop says what it leads to, by which transaction, who did it and on which lawful basis', async () => {
  const { hops } = await indexed.trace.origins(`usage/${ids.usage}`, authority());
  const { record, transaction } = indexed.index.record(derived, authority()) ?? {};
  const [developed] = indexed.index.history(`product/${ids.derived}`, authority()).items;
  expect(hops[0]?.node).toMatchObject({
    ref: derived,
    title: (record?.body as { title: string }).title,
    state: 'released',
    about: { holder: cast.developer.code, operator: cast.operator.code },
    transaction: {
      txId: developed?.transaction.txId,
      block: developed?.transaction.block,
      act: 'develop',
      organization: cast.developer.code,
      user: cast.developer.user,
      role: 'developer',
      violations: [],
    },
    basis: { stood: true, stands: true },
  });
  expect(transaction?.txId).not.toBe(developed?.transaction.txId); // the last act released it, another one made it
  expect(hops[0]?.node?.basis?.links.map(({ ref, state }) => [ref, state])).toEqual([
    [`grant/${ids.grant}`, 'in-force'],
    [`agreement/${ids.agreement}`, 'signed'],
    [`organization/${cast.developer.code}`, 'admitted'],
    [`plan/${ids.plan}`, 'approved'],
    [`organization/${cast.operator.code}`, 'admitted'],
  ]);
});

test('a resource stands on its registration and its catalogue', async () => {
  const { hops } = await indexed.trace.origins(basic, authority());
  expect(hops[0]?.node).toMatchObject({
    ref: 'resource/R-1@1',
    about: { provider: indexed.city.departments[0].code },
    evidence: [
      { ref: 'registration/REG-R-1@1', state: 'coded', about: { code: 'DEMO-R-1' } },
      { ref: `catalogue/${ids.catalogue}@1`, state: 'published' },
    ],
  });
});

test('what rests on a link is told down to the last use, and nothing beside it', async () => {
  const answer = await indexed.trace.impact(`agreement/${ids.agreement}`, authority());
  const [grant, scenario] = [`grant/${ids.grant}@1`, `scenario/${ids.scenario}@1`];
  expect(answer.hops.filter(({ depth }) => depth === 1).map(({ from, relation }) => [from, relation])).toEqual([
    [scenario, 'restsOn'],
    [grant, 'restsOn'],
    [basic, 'restsOn'],
  ]);
  const shown = answer.hops.flatMap(({ node }) => node?.ref ?? []);
  const deliveries = [`delivery/${ids.toDeveloper}@1`, `delivery/${ids.toMarket}@1`];
  expect([...shown].sort()).toEqual([basic, derived, grant, scenario, usage, ...deliveries].sort());
  expect((await indexed.trace.impact('registration/REG-R-1', authority())).hops).toEqual([]);
});

test('what depends on a resource is what was made of it and what used that', async () => {
  const answer = await indexed.trace.impact('resource/R-1', authority());
  expect(edges(answer)[0]).toEqual(['wasDerivedFrom', basic, 'resource/R-1@1', 1]);
  const shown = answer.hops.flatMap(({ node }) => node?.ref ?? []);
  const deliveries = [`delivery/${ids.toDeveloper}@1`, `delivery/${ids.toMarket}@1`];
  expect([...shown].sort()).toEqual([basic, derived, usage, ...deliveries].sort());
  expect(answer.hops.find(({ node }) => node?.ref === `delivery/${ids.toMarket}@1`)?.node?.about).toMatchObject({
    to: cast.rival.code,
  });
});

describe('what depends on an organisation', () => {
  const developer = `organization/${cast.developer.code}`;

  test('is what rests on it, what it is a party of, and all that follows from that', async () => {
    const answer = await indexed.trace.impact(developer, authority());
    const named = answer.hops.filter(({ relation }) => relation === 'names').map(({ from }) => from);
    const [grant, scenario] = [`grant/${ids.grant}@1`, `scenario/${ids.scenario}@1`];
    expect(named.sort()).toEqual(
      [`delivery/${ids.toDeveloper}@1`, `delivery/${ids.toMarket}@1`, grant, derived, scenario, usage].sort(),
    );
    expect(edges(answer)).toContainEqual(['restsOn', grant, `${developer}@1`, 1]);
    expect(answer.hops.flatMap(({ node }) => node?.ref ?? [])).not.toContain(basic); // the operator's, and not made of what is the developer's
    const provider = await indexed.trace.impact(`organization/${indexed.city.departments[0].code}`, authority());
    expect(provider.hops.flatMap(({ node }) => node?.ref ?? [])).toEqual(
      expect.arrayContaining([
        'resource/R-1@1',
        'registration/REG-R-1@1',
        `catalogue/${ids.catalogue}@1`,
        derived,
        usage,
      ]),
    );
  });

  test('is shown as far as the viewer may see, and that there is more is said', async () => {
    const answer = await indexed.trace.impact(developer, anyone);
    expect(answer.hidden).toBe(true);
    expect(answer.hops.map(({ from }) => from)).toEqual([derived]);
    expect(JSON.stringify(answer)).not.toContain(ids.grant);
    const none = await indexed.trace.impact(`organization/${cast.supervisor.code}`, anyone);
    expect(none).toMatchObject({ hops: [], hidden: false });
  });

  test('says nothing of a sealed finding against it, not even that something is hidden', async () => {
    const rival = `organization/${cast.rival.code}`;
    const before = await indexed.trace.impact(rival, indexed.viewer(cast.rival));
    const input = { about: `product/${ids.derived}`, against: cast.rival.code, summary: '抽查' };
    await indexed.city.act(cast.supervisor, 'finding:raise', 'F-sealed', input);
    await indexed.caughtUp();
    const after = await indexed.trace.impact(rival, indexed.viewer(cast.rival));
    expect({ hops: after.hops, hidden: after.hidden }).toEqual({ hops: before.hops, hidden: false });
    const overseen = await indexed.trace.impact(rival, indexed.viewer(cast.supervisor));
    expect(overseen.hops.map(({ from }) => from)).toContain('finding/F-sealed@1');
  });

  test('as of a block is what it was a party of then, page by page', async () => {
    const [issued] = indexed.index.history(`grant/${ids.grant}`, authority()).items;
    const asOf = issued?.transaction.block ?? 0;
    const whole = await indexed.trace.impact(developer, authority(), { asOf });
    expect(whole.hops.flatMap(({ node }) => node?.ref ?? []).sort()).toEqual([
      `grant/${ids.grant}@1`,
      `scenario/${ids.scenario}@1`,
    ]);
    const hops: TraceAnswer['hops'][number][] = [];
    let cursor: string | undefined;
    do {
      const page = await indexed.trace.impact(developer, authority(), {
        asOf,
        limit: 1,
        ...(cursor ? { cursor } : {}),
      });
      hops.push(...page.hops);
      ({ cursor } = page);
    } while (cursor !== undefined);
    expect(hops).toEqual(whole.hops);
  });
});

test('a walk ends at what the viewer may not see, and says so', async () => {
  const answer = await indexed.trace.origins(`product/${ids.derived}`, anyone);
  expect(edges(answer)).toEqual([['wasDerivedFrom', derived, basic, 1]]);
  expect(answer.hidden).toBe(true);
  expect(answer.roots[0]?.basis).toMatchObject({ stood: true, stands: true, hidden: true });
  expect(JSON.stringify(answer)).not.toContain(ids.grant);

  const rival = await indexed.trace.destinations(basic, indexed.viewer(cast.rival));
  expect(edges(rival)).toEqual([
    ['wasDerivedFrom', derived, basic, 1],
    ['used', `delivery/${ids.toMarket}@1`, derived, 2],
  ]);
  expect(rival.hidden).toBe(true);
});

test('a root that the viewer may not see is as one that does not exist', async () => {
  await expect(indexed.trace.origins('resource/R-1', anyone)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(indexed.trace.origins('resource/none', authority())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(indexed.trace.origins('resource/R-1@9', authority())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(indexed.trace.origins('unicorn', authority())).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('depth cuts it off and says so', async () => {
  const answer = await indexed.trace.origins(`usage/${ids.usage}`, authority(), { depth: 2 });
  expect(answer.hops).toHaveLength(2);
  expect(answer).toMatchObject({ truncated: true, hidden: false });
  expect(answer.cursor).toBeUndefined();
  expect((await indexed.trace.origins(`usage/${ids.usage}`, authority(), { depth: 3 })).truncated).toBe(false);
});

test('pages hold what the whole holds, as of one block and one time', async () => {
  const whole = await indexed.trace.destinations('resource/R-1', authority());
  const hops: TraceAnswer['hops'][number][] = [];
  let cursor: string | undefined;
  do {
    const page = await indexed.trace.destinations('resource/R-1', authority(), {
      limit: 2,
      ...(cursor ? { cursor } : {}),
    });
    if (cursor === undefined) await indexed.city.act(cast.developer, 'usage:record', 'U-later', use());
    await indexed.caughtUp();
    expect(page.truncated).toBe(page.cursor !== undefined);
    hops.push(...page.hops);
    ({ cursor } = page);
  } while (cursor !== undefined);
  expect(hops).toEqual(whole.hops);
  expect((await indexed.trace.destinations('resource/R-1', authority())).hops).toHaveLength(hops.length + 1);
});

test('a cursor continues its own request only', async () => {
  const { cursor = '' } = await indexed.trace.destinations('resource/R-1', authority(), { limit: 1 });
  for (const ask of [
    indexed.trace.origins('resource/R-1', authority(), { cursor }),
    indexed.trace.destinations('resource/R-2', authority(), { cursor }),
    indexed.trace.destinations('resource/R-1', authority(), { cursor, depth: 1 }),
    indexed.trace.destinations('resource/R-1', authority(), { cursor: 'x' }),
  ]) {
    await expect(ask).rejects.toMatchObject({ code: 'BAD_REQUEST', parameter: 'cursor' });
  }
});

test('as of a block or time it is the walk that could have been made then', async () => {
  const { index, trace } = indexed;
  const made = index.history(derived.replace('@1', ''), authority()).items;
  const block = made[0]?.transaction.block ?? 0;
  const then = await trace.destinations('resource/R-1', authority(), { asOf: block });
  expect(edges(then).map(([, from]) => from)).toEqual([basic, `delivery/${ids.toDeveloper}@1`, derived]);
  expect(then.hops[2]?.node).toMatchObject({ state: 'developed' });
  const at = made[0]?.act.time ?? '';
  expect(edges(await trace.destinations('resource/R-1', authority(), { asOf: at }))).toEqual(edges(then));
  await expect(trace.origins(derived, authority(), { asOf: block - 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

describe('a misuse and a suspended agreement', () => {
  const misuse = `usage/${ids.misuse}@1`;
  let suspendedAt = '';

  beforeAll(async () => {
    const { city } = indexed;
    time.set('2026-05-01T00:00:00Z');
    const suspended = await city.act(cast.agency, 'agreement:suspend', ids.agreement, { reason: '演示' });
    suspendedAt = suspended.receipt.ledgerTime;
    time.set('2026-05-02T00:00:00Z');
    await city.act(cast.developer, 'usage:record', ids.misuse, use({ subject: `product/${ids.derived}@7` }));
    await indexed.caughtUp();
  });

  test('what was done before stood then, and does not stand now', async () => {
    const { roots } = await indexed.trace.origins(usage, authority());
    expect(roots[0]?.basis).toMatchObject({
      stood: true,
      stands: false,
      brokenNow: {
        ref: `agreement/${ids.agreement}`,
        code: 'link-not-in-force',
        params: { state: 'agreement:suspended' },
      },
    });
    const before = await indexed.trace.origins(usage, authority(), { asOf: '2026-04-30T00:00:00Z' });
    expect(before.roots[0]?.basis).toMatchObject({ stood: true, stands: true });
    expect(before.asOf.time < suspendedAt).toBe(true);
  });

  test('what was done since did not stand, and its violations are told', async () => {
    const { roots } = await indexed.trace.origins(misuse, authority());
    expect(roots[0]).toMatchObject({ basis: { stood: false, broken: { ref: `agreement/${ids.agreement}` } } });
    expect(roots[0]?.transaction.violations.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['chain-stands', 'product-released']),
    );
  });

  test('why it does not stand is told without naming a link that the viewer may not see', async () => {
    const { roots } = await indexed.trace.origins(usage, indexed.viewer(cast.developer));
    expect(roots[0]?.basis).toMatchObject({ stands: false, hidden: true });
    expect(JSON.stringify(roots[0]?.basis)).not.toContain(ids.agreement);
  });

  test('a version that the ledger does not hold is named and marked', async () => {
    const { hops } = await indexed.trace.origins(misuse, authority());
    expect(hops).toEqual([{ relation: 'used', from: misuse, to: `product/${ids.derived}@7`, depth: 1, missing: true }]);
  });
});

test('destinations of a record are those of all its versions, origins those of the current one', async () => {
  const { city, trace } = indexed;
  await city.act(city.departments[0], 'resource:revise', 'R-1', { title: '新名称' });
  await indexed.caughtUp();
  const whole = await trace.destinations('resource/R-1', authority());
  expect(whole.roots.map(({ ref }) => ref)).toEqual(['resource/R-1@1', 'resource/R-1@2']);
  expect(whole.hops.length).toBeGreaterThan(0);
  expect((await trace.destinations('resource/R-1@2', authority())).hops).toEqual([]);
  expect((await trace.origins('resource/R-1', authority())).roots.map(({ ref }) => ref)).toEqual(['resource/R-1@2']);
});
