// SPDX-License-Identifier: Apache-2.0
import { openTrace } from 'yuanliu-gateway/queries/trace/trace';
import { anyone, type Viewer } from 'yuanliu-gateway/index/read/visibility';
import { cast, ids, use } from '../../builders';
import { openIndexedCity, type IndexedCity } from './indexed';

/** What made a version is shown as its history shows it, wherever it is shown; and what was sealed and never served stays so. */
let indexed: IndexedCity;
beforeAll(async () => {
  indexed = await openIndexedCity('produced');
  await indexed.caughtUp();
});
afterAll(() => indexed.close());

const product = `product/${ids.basic}`;
const actsOn = (ref: string, viewer: Viewer) => indexed.index.history(ref, viewer).items;

test('a walk of the public shows of a version the first act that its history shows to the public (fault C2)', async () => {
  const trace = openTrace(indexed.index);
  for (const viewer of [anyone, indexed.viewer(cast.operator)]) {
    const [first] = actsOn(product, viewer);
    const { roots } = await trace.origins(product, viewer);
    const { hops } = await trace.origins(`product/${ids.derived}`, viewer);
    const nodes = [...roots, ...hops.flatMap(({ node }) => (node?.ref.startsWith(`${product}@`) ? [node] : []))];
    expect(nodes.length).toBeGreaterThan(1);
    for (const { transaction } of nodes) {
      expect(transaction).toMatchObject({
        act: first?.act.name,
        txId: first?.act.txId,
        user: first?.act.user,
        time: first?.act.time,
        violations: first?.act.violations,
      });
    }
  }
  expect(actsOn(product, anyone)[0]?.act.name).toBe('release');
});

test('a record tells the public of no state that it was in out of sight (fault C2)', async () => {
  const timelineFor = (viewer: Viewer) =>
    indexed.index.record(product, viewer)?.record.timeline.map(({ state }) => state);
  expect(timelineFor(anyone)).toEqual(['released']);
  expect(timelineFor(indexed.viewer(cast.operator))).toEqual(expect.arrayContaining(['developed', 'released']));
  const { items } = await indexed.index.list('product', { viewer: anyone });
  for (const { record } of items) expect(record.timeline.map(({ state }) => state)).toEqual(['released']);
});

test('a transaction shows the acts that their histories show, and no others (fault C2)', () => {
  for (const { act } of actsOn(product, indexed.viewer(cast.operator))) {
    const shown = indexed.index.transaction(act.txId, anyone)?.changed.some(({ ref }) => ref === product);
    expect([act.name, shown]).toEqual([act.name, act.name === 'release']);
    const own = indexed.index.transaction(act.txId, indexed.viewer(cast.operator));
    expect(own?.changed.map(({ ref }) => ref)).toContain(product);
  }
});

test('an approval is shown to those whom the history shows the act that gave it, and to no others (fault C2)', async () => {
  for (const viewer of [anyone, indexed.viewer(cast.developer), indexed.viewer(cast.agency)]) {
    const { items } = await openTrace(indexed.index).accountability(`product/${ids.derived}`, viewer);
    const approvals = items.flatMap((item) => item.approvals);
    expect(approvals.length).toBeGreaterThan(0);
    for (const { ref, txId } of approvals) {
      expect(actsOn(ref.replace(/@.*/, ''), viewer).map(({ act }) => act.txId)).toContain(txId);
    }
  }
});

test('a finding that is closed without being served stays sealed from the one concerned; a served one does not (fault C2)', async () => {
  const { city, index } = indexed;
  const concerned = indexed.viewer(cast.developer);
  const findings: string[] = [];
  for (const [id, input] of [
    ['U-sealed', { purpose: '精准营销' }],
    ['U-served', { authority: 'grant/GRANT-other' }], // another breach, which opens a finding of its own
  ] as const) {
    const { also } = await city.act(cast.developer, 'usage:record', id, use(input));
    findings.push(...also);
  }
  const [sealed = '', served = ''] = findings.map((ref) => ref.replace('finding/', ''));
  await city.act(cast.supervisor, 'finding:serve', served, {});
  for (const id of [sealed, served]) await city.act(cast.supervisor, 'finding:close', id, { outcome: '已核实' });
  await indexed.caughtUp();

  const visible = async (id: string, viewer: Viewer): Promise<boolean[]> => {
    const ref = `finding/${id}`;
    const about = index.record(ref, indexed.viewer(cast.supervisor))?.record.body as { about: string };
    const { items } = await index.list('finding', { viewer, filters: { about: about.about } });
    const blocks = actsOn(ref, indexed.viewer(cast.supervisor)).map(({ transaction }) => transaction.block);
    return [
      index.record(ref, viewer) !== undefined,
      items.length > 0,
      index.knows(ref, viewer),
      blocks.some((block) => index.events(block, viewer).some((event) => event.ref === ref)),
    ];
  };
  expect(await visible(sealed, concerned)).toEqual(Array(4).fill(false));
  expect(await visible(served, concerned)).toEqual(Array(4).fill(true));
  expect(await visible(sealed, indexed.viewer(cast.supervisor))).toEqual(Array(4).fill(true));
  const [closing] = actsOn(`finding/${sealed}`, indexed.viewer(cast.supervisor)).slice(-1);
  expect(index.transaction(closing?.act.txId ?? '', concerned)?.changed).toEqual([]);
});
