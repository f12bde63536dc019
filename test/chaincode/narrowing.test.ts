// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import type { Terms } from 'yuanliu-chaincode/kind/terms';
import { cast, CITY, ids, madeUpDigest, openCity, type City } from '../builders';

/** A small universe, so that "allowed" can be enumerated without the code under test. */
const RESOURCES = ['R-1', 'R-2', 'R-3', 'R-4'];
const DOMAINS = ['金融服务', '医疗健康'];
const PURPOSES = ['授信', '科研'];
const ACTIONS = ['use', 'develop'];
const YEARS = [
  '2026-01-01T00:00:00.000Z',
  '2026-06-01T00:00:00.000Z',
  '2027-01-01T00:00:00.000Z',
  '2028-01-01T00:00:00.000Z',
];
const NOW = '2026-07-01T00:00:00.000Z';

interface Tuple {
  readonly resource: string;
  readonly purpose: string;
  readonly action: string;
  readonly at: string;
}
const UNIVERSE: readonly Tuple[] = RESOURCES.flatMap((resource) =>
  PURPOSES.flatMap((purpose) =>
    ACTIONS.flatMap((action) => [...YEARS, NOW].map((at) => ({ resource, purpose, action, at }))),
  ),
);

const some = (values: readonly string[]): fc.Arbitrary<string[] | undefined> =>
  fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined, freq: 3 });

const anyTerms: fc.Arbitrary<Terms> = fc
  .record({
    domains: some(DOMAINS),
    resources: some(RESOURCES),
    purposes: some(PURPOSES),
    actions: some(ACTIONS),
    span: fc.tuple(fc.nat({ max: 1 }), fc.integer({ min: 2, max: 3 })),
    quota: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined, freq: 2 }),
  })
  .map(({ span, ...rest }) => ({
    catalogue: ids.catalogue,
    ...(JSON.parse(JSON.stringify(rest)) as typeof rest), // drops what is undefined
    from: YEARS[span[0]] ?? '',
    to: YEARS[span[1]] ?? '',
  }));

/** What a link allows by itself, in the plainest words. */
function allows(terms: Terms, { resource, purpose, action, at }: Tuple): boolean {
  const domain = RESOURCES.indexOf(resource) < 2 ? '金融服务' : '医疗健康';
  return (
    (terms.domains?.includes(domain) ?? true) &&
    (terms.resources?.includes(resource) ?? true) &&
    (terms.purposes?.includes(purpose) ?? true) &&
    (terms.actions?.includes(action) ?? true) &&
    terms.from <= at &&
    at < terms.to
  );
}

/** A child is narrower if what it says, and its parent's word where it is silent, allows nothing the parent does not. */
function isNarrower(child: Terms, parent: Terms): boolean {
  const whole: Terms = { ...parent, ...child };
  return (
    UNIVERSE.every((tuple) => !allows(whole, tuple) || allows(parent, tuple)) &&
    child.from >= parent.from &&
    child.to <= parent.to &&
    (whole.quota ?? 0) <= (parent.quota ?? Infinity)
  );
}

/** Whether a child names anything that its parent leaves out, even where it comes to nothing. */
function namesBeyond(child: Terms, parent: Terms): boolean {
  const lists = ['domains', 'resources', 'purposes', 'actions'] as const;
  const beyond = lists.some((list) => child[list]?.some((value) => parent[list]?.includes(value) === false));
  const elsewhere = child.resources?.some((resource) => {
    const domain = RESOURCES.indexOf(resource) < 2 ? '金融服务' : '医疗健康';
    return child.domains === undefined && parent.domains?.includes(domain) === false;
  });
  return beyond || elsewhere === true || !isNarrower(child, parent);
}

/** What every grant here is for: its scenario speaks where the grant is silent. */
const PURPOSE = '授信';
const granting = (terms: Terms): Terms => ({ purposes: [PURPOSE], ...terms });

/** Whether a grant names anything that its agreement leaves out, or a purpose that its scenario was not assessed for. */
function grantBeyond(terms: Terms, agreement: Terms): boolean {
  const grant = granting(terms);
  return namesBeyond(grant, agreement) || grant.purposes?.some((purpose) => purpose !== PURPOSE) === true;
}

let city: City;
let serial = 0;
beforeAll(async () => {
  city = await openCity('listed', { clock: () => new Date(NOW) });
  const basis = { digest: madeUpDigest('资质') };
  await city.act(cast.agency, 'organization:qualify', cast.developer.code, { role: 'developer', basis });
}, 120_000);
afterAll(() => city.close());

const document = { digest: madeUpDigest('文件') };
const whole = (record: 'plan' | 'agreement' | 'scenario'): object =>
  Object.fromEntries(REQUIRED[record].map((part) => [part, { text: '演示' }]));
const REQUIRED = {
  plan: ['scope', 'operator-conditions', 'term', 'exit', 'supervision', 'accounting', 'distribution', 'safety'],
  agreement: ['scope', 'duties', 'exit', 'safety'],
  scenario: ['benefit', 'compliance'],
};

/** Whether the act was accepted; any failure but a refusal by rule, or of a taken id, is a failure of the test. */
async function accepted(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (error instanceof ContractError && ['REFUSED', 'EXISTS'].includes(error.code)) return false;
    throw error;
  }
}

/** Makes plan ⊇ agreement ⊇ grant with the given terms as far as they are accepted; tells which were. */
async function chain(plan: Terms, agreement: Terms, grant: Terms): Promise<readonly [string, boolean, boolean]> {
  const n = String(++serial);
  await city.act(cast.agency, 'plan:draft', `P${n}`, {
    title: '方案',
    region: CITY,
    terms: plan,
    parts: whole('plan'),
  });
  await city.act(cast.authority, 'plan:approve', `P${n}`, { document, version: 1 });
  const proposal = { plan: `plan/P${n}`, operator: cast.operator.code, terms: agreement, parts: whole('agreement') };
  if (!(await accepted(city.act(cast.agency, 'agreement:propose', `A${n}`, proposal)))) return [n, false, false];
  await city.act(cast.agency, 'agreement:sign', `A${n}`, { document });
  await city.act(cast.operator, 'agreement:sign', `A${n}`, { document });
  await city.act(cast.agency, 'agreement:file', `A${n}`, { document });
  const application = { title: '场景', agreement: `agreement/A${n}`, purpose: PURPOSE, parts: whole('scenario') };
  await city.act(cast.developer, 'scenario:apply', `S${n}`, application);
  await city.act(cast.operator, 'scenario:forward', `S${n}`, { opinion: '同意' });
  const assessment = { result: 'approve', reason: '通过', grant: { id: `G${n}`, terms: grant } };
  return [n, true, await accepted(city.act(cast.agency, 'scenario:assess', `S${n}`, assessment))];
}

/** Terms that are in force now, so that the chain can be built on. */
const inForce = anyTerms.filter(({ from, to }) => from <= NOW && NOW < to);

test('an accepted link is never wider than its parent, and a narrower one is accepted', async () => {
  const seen = { agreement: new Set<boolean>(), grant: new Set<boolean>() };
  await fc.assert(
    fc.asyncProperty(inForce, inForce, inForce, async (plan, agreement, grant) => {
      const [, agreed, granted] = await chain(plan, agreement, grant);
      seen.agreement.add(agreed);
      expect(agreed).toBe(!namesBeyond(agreement, plan));
      expect(agreed && !isNarrower(agreement, plan)).toBe(false);
      if (!agreed) return;
      seen.grant.add(granted);
      expect(granted).toBe(!grantBeyond(grant, agreement));
      expect(granted && !isNarrower(grant, agreement)).toBe(false);
    }),
    { numRuns: 200, seed: 25 },
  );
  expect([seen.agreement.size, seen.grant.size]).toEqual([2, 2]); // both outcomes were met
}, 180_000);

test('an amended link is never wider than its parent either, and its uses go by what it was amended to', async () => {
  const seen = new Set<boolean>();
  await fc.assert(
    fc.asyncProperty(inForce, inForce, async (agreement, grant) => {
      fc.pre(agreement.purposes?.includes(PURPOSE) !== false);
      const issued = { ...agreement, purposes: [PURPOSE] };
      const [n] = await chain(base, agreement, issued);
      const amended = await accepted(city.act(cast.agency, 'grant:amend', `G${n}`, { terms: grant, reason: '演示' }));
      expect(amended).toBe(!grantBeyond(grant, agreement));
      seen.add(amended);
      const tuple = { resource: 'R-1', purpose: '授信', action: 'use', at: NOW };
      const input = { subject: 'resource/R-1@1', authority: `grant/G${n}`, purpose: '授信', action: 'use' };
      const permitted = await accepted(city.act(cast.developer, 'usage:request', `U${n}`, input));
      expect(permitted).toBe(allows(agreement, tuple) && allows(amended ? granting(grant) : issued, tuple));
    }),
    { numRuns: 40, seed: 25 },
  );
  expect(seen.size).toBe(2);
}, 180_000);

test('a use is permitted if and only if every link of its chain allows it', async () => {
  const narrowing = fc
    .tuple(inForce, inForce, inForce)
    .filter(([a, b, c]) => !namesBeyond(b, a) && !grantBeyond(c, b))
    .map(([a, b, c]): readonly [Terms, Terms, Terms] => [a, b, granting(c)]);
  const seen = new Set<boolean>();
  await fc.assert(
    fc.asyncProperty(narrowing, async (links) => {
      const [n, agreed, granted] = await chain(...links);
      expect([agreed, granted]).toEqual([true, true]);
      let taken = 0;
      for (const [i, tuple] of UNIVERSE.filter(({ at }) => at === NOW).entries()) {
        const { resource, purpose, action } = tuple;
        const input = { subject: `resource/${resource}@1`, authority: `grant/G${n}`, purpose, action };
        const permitted = await accepted(city.act(cast.developer, 'usage:request', `U${n}-${i}`, input));
        const quota = Math.min(...links.map((link) => link.quota ?? Infinity));
        expect(permitted).toBe(links.every((link) => allows(link, tuple)) && taken < quota);
        if (permitted) taken++;
        seen.add(permitted);
      }
    }),
    { numRuns: 25, seed: 25 },
  );
  expect(seen.size).toBe(2);
}, 180_000);

test('lineage has no cycle: a version can only come from versions that exist before it', async () => {
  const [n] = await chain(base, base, base);
  const made: string[] = [];
  const name = fc.nat({ max: 7 });
  await fc.assert(
    fc.asyncProperty(name, fc.uniqueArray(name, { minLength: 1, maxLength: 3 }), async (output, inputs) => {
      const round = String(++serial);
      const refs = inputs.map((input) => (input < 4 ? `resource/R-${input + 1}@1` : `product/L${input}-${round}@1`));
      const id = `L${output}-${round}`;
      const attempts = [
        develop(id, refs, n),
        develop(id, [`product/${id}@1`], n),
        develop(`${id}b`, [`product/${id}b@2`], n),
      ];
      for (const attempt of attempts) if (await accepted(city.act(...attempt))) made.push(attempt[2]);
    }),
    { numRuns: 25, seed: 25 },
  );
  const before = new Map<string, readonly string[]>();
  for (const id of made) {
    const { body } = (await city.get(`product/${id}`)) as { body: { inputs: string[] } };
    before.set(`product/${id}@1`, body.inputs);
    for (const input of body.inputs) expect(input.startsWith('resource/') || before.has(input)).toBe(true);
  }
  expect(made.length).toBeGreaterThan(0);
}, 180_000);

const base: Terms = { catalogue: ids.catalogue, from: YEARS[0] ?? '', to: YEARS[3] ?? '' };

function develop(
  id: string,
  inputs: readonly string[],
  n: string,
): readonly [typeof cast.operator, string, string, object] {
  const input = {
    title: '产品',
    authority: `agreement/A${n}`,
    purpose: '授信',
    inputs,
    environment: '域内',
    process: madeUpDigest('过程'),
    digest: madeUpDigest(id),
    form: 'dataset',
  };
  return [cast.operator, 'product:develop', id, input];
}
