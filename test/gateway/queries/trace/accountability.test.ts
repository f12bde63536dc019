// SPDX-License-Identifier: Apache-2.0
import type { AccountabilityAnswer, AccountableAct } from 'yuanliu-gateway/queries/trace/account';
import { anyone } from 'yuanliu-gateway/index/read/visibility';
import { cast, ids, use } from '../../../builders';
import { openIndexedCity, type IndexedCity } from '../../index/indexed';

let indexed: IndexedCity;
beforeAll(async () => {
  indexed = await openIndexedCity('produced');
});
afterAll(() => indexed.close());

const authority = () => indexed.viewer(cast.authority);
const usage = `usage/${ids.usage}`;
const account = (
  ref: string,
  ...rest: Parameters<IndexedCity['trace']['accountability']> extends [string, ...infer R] ? R : never
) => indexed.trace.accountability(ref, ...rest);
const named = ({ ref, act, part }: AccountableAct) => `${part} ${ref.replace(/@.*/, '')} ${act.name}`;

async function actOn({ items }: AccountabilityAnswer, ref: string, act: string): Promise<AccountableAct> {
  const found = items.find((item) => item.ref.startsWith(`${ref}@`) && item.act.name === act);
  if (!found) throw new Error(`no ${act} of ${ref} among ${items.map(named).join(', ')}`);
  return Promise.resolve(found);
}

async function whole(ref: string, viewer = authority()): Promise<AccountabilityAnswer> {
  const answer = await account(ref, viewer, { limit: 200 });
  expect(answer.truncated).toBe(false);
  return answer;
}

test('has every act on the chain, from the sources to the use, and why it is there', async () => {
  const { items, hidden } = await whole(usage);
  expect(hidden).toBe(false);
  expect(items.map(named)).toEqual(
    expect.arrayContaining([
      `authority organization/${cast.developer.code} admit`,
      'origin resource/R-1 anchor',
      'origin resource/R-2 grade',
      'evidence registration/REG-R-1 code',
      `evidence catalogue/${ids.catalogue} publish`,
      `authority plan/${ids.plan} approve`,
      `authority agreement/${ids.agreement} sign`,
      `authority agreement/${ids.agreement} file`,
      `cause scenario/${ids.scenario} forward`,
      `cause scenario/${ids.scenario} assess`,
      `authority grant/${ids.grant} issue`,
      `origin product/${ids.basic} release`,
      `origin product/${ids.derived} check`,
      `subject ${usage} record`,
    ]),
  );
  const refs = items.map(({ ref }) => ref.replace(/@.*/, ''));
  expect(refs).not.toContain('resource/R-3'); // beside the chain
  expect(refs).not.toContain(`delivery/${ids.toMarket}`);
});

test('is in the order of the ledger, each act once, with its transaction', async () => {
  const { items } = await whole(usage);
  const places = items.map(({ transaction: { block, index } }) => block * 10_000 + index);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  const each = items.map(({ ref, act, transaction }) => {
    expect(transaction.txId).toBe(act.txId);
    return `${ref} ${act.name} ${act.txId}`;
  });
  expect(new Set(each).size).toBe(each.length);
  const historyOf = (ref: string) =>
    indexed.index.history(ref, authority(), { limit: 200 }).items.map(({ act }) => act);
  for (const ref of [usage, `product/${ids.derived}`, `agreement/${ids.agreement}`, 'registration/REG-R-2']) {
    expect(items.filter((item) => item.ref.startsWith(`${ref}@`)).map(({ act }) => act)).toEqual(historyOf(ref));
  }
});

test('says who acted in which office, under which authority, and who approved that on which document', async () => {
  const answer = await whole(usage);
  const used = await actOn(answer, usage, 'record');
  expect(used).toMatchObject({
    title: '使用',
    act: { organization: cast.developer.code, user: cast.developer.user, role: 'developer' },
    office: { organization: `organization/${cast.developer.code}@1`, state: 'admitted', region: '310000' },
    basis: { stood: true },
  });
  expect(used.basis?.links.map(({ ref }) => ref)).toEqual(
    expect.arrayContaining([`grant/${ids.grant}`, `agreement/${ids.agreement}`, `plan/${ids.plan}`]),
  );
  const approvals = used.approvals.map(({ ref, act, organization }) => [ref.replace(/@.*/, ''), act, organization]);
  expect(approvals).toEqual(
    expect.arrayContaining([
      [`scenario/${ids.scenario}`, 'assess', cast.agency.code],
      [`agreement/${ids.agreement}`, 'sign', cast.agency.code],
      [`agreement/${ids.agreement}`, 'sign', cast.operator.code],
      [`agreement/${ids.agreement}`, 'file', cast.agency.code],
      [`plan/${ids.plan}`, 'approve', cast.authority.code],
    ]),
  );
  const approved = used.approvals.find(({ ref }) => ref.startsWith('plan/'));
  expect(approved).toMatchObject({
    title: '批复',
    user: cast.authority.user,
    documents: [{ number: '演示〔2026〕1号' }],
  });
});

test('an act has the approvals that were there before it, none that came later', async () => {
  const answer = await whole(usage);
  const applied = await actOn(answer, `scenario/${ids.scenario}`, 'apply');
  expect(applied.approvals.map(({ act }) => act)).toContain('approve');
  expect(applied.approvals.map(({ act }) => act)).not.toContain('assess');
  const proposed = await actOn(answer, `agreement/${ids.agreement}`, 'propose');
  expect(proposed.approvals.map(({ act }) => act)).not.toContain('sign');
});

describe('what the ledger could have told', () => {
  const delivery = 'delivery/D-late';
  beforeAll(async () => {
    const { city } = indexed;
    const product = `product/${ids.derived}`;
    const raised = { about: product, against: cast.developer.code, summary: '评分依据不明' };
    await city.act(cast.developer, 'usage:record', 'U-before', use());
    await city.act(cast.supervisor, 'finding:raise', 'F-derived', raised);
    await city.act(cast.developer, 'usage:record', 'U-sealed', use());
    await city.act(cast.supervisor, 'finding:serve', 'F-derived');
    await city.act(cast.developer, 'usage:record', 'U-served', use());
    await city.act(cast.supervisor, 'finding:close', 'F-derived', { outcome: '已说明' });
    await city.act(cast.developer, 'usage:record', 'U-closed', use());
    const elsewhere = {
      product: `${product}@1`,
      to: cast.rival.code,
      authority: `grant/${ids.grant}`,
      purpose: '转售',
    };
    await city.act(cast.developer, 'delivery:deliver', 'D-late', elsewhere);
    await city.act(cast.rival, 'delivery:confirm', 'D-late');
    await indexed.caughtUp();
  });

  const knownTo = async (id: string, viewer = authority()) =>
    (await actOn(await whole(`usage/${id}`, viewer), `usage/${id}`, 'record')).known.findings;

  test('of findings: those open then, and whether they were shown to who acted', async () => {
    expect(await knownTo('U-before')).toEqual([]);
    expect(await knownTo('U-sealed')).toMatchObject([{ about: `product/${ids.derived}`, state: 'open', shown: false }]);
    expect(await knownTo('U-served')).toMatchObject([{ state: 'served', shown: true, summary: '评分依据不明' }]);
    expect(await knownTo('U-closed')).toEqual([]);
  });

  test('of violations: those recorded before the act, not by it or after it', async () => {
    const answer = await whole(delivery);
    const [delivered, confirmed] = [await actOn(answer, delivery, 'deliver'), await actOn(answer, delivery, 'confirm')];
    expect(delivered.act.violations.map(({ rule }) => rule)).toContain('within-chain');
    expect(delivered.known.violations).toEqual([]);
    expect(confirmed.known.violations).toMatchObject([
      { ref: `${delivery}@1`, act: 'deliver', rule: 'within-chain', txId: delivered.act.txId, shown: true },
    ]);
    expect(confirmed.known.findings).toMatchObject([{ about: `${delivery}@1`, state: 'open', shown: false }]);
  });

  test('the last hundred, and how many more there were', async () => {
    const { city } = indexed;
    const about = 'usage/U-many';
    await city.act(cast.developer, 'usage:request', 'U-many', use());
    for (let i = 1; i <= 102; i++) {
      await city.act(cast.supervisor, 'finding:raise', `F-many-${i}`, { about, summary: `问题 ${i}` });
    }
    await city.act(cast.developer, 'usage:record', 'U-many', use());
    await indexed.caughtUp();
    const { known } = await actOn(await whole(about), about, 'record');
    expect(known.more).toBe(2);
    expect(known.findings).toHaveLength(100);
    expect(known.findings.at(-1)).toMatchObject({ summary: '问题 102' });
  });

  test('a sealed finding is in no answer to those whom it is sealed from, nor hinted at', async () => {
    const answer = await whole(delivery, indexed.viewer(cast.rival));
    expect((await actOn(answer, delivery, 'confirm')).known.findings).toEqual([]);
    expect(JSON.stringify(answer)).not.toContain('finding/');
  });
});

test('shows what the viewer may see, and says that there is more', async () => {
  const answer = await account(`product/${ids.derived}`, anyone, { limit: 200 });
  expect(answer.hidden).toBe(true);
  expect(answer.items.map(named)).toContain(`subject product/${ids.derived} release`);
  expect(answer.items.map(named)).not.toContain(`subject product/${ids.derived} develop`); // not public in that state
  for (const secret of [ids.grant, ids.agreement, ids.plan]) expect(JSON.stringify(answer)).not.toContain(secret);
  await expect(account(usage, anyone)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('pages hold what the whole holds, as of one block', async () => {
  const all = await whole(usage);
  const items: AccountableAct[] = [];
  let cursor: string | undefined;
  do {
    const page = await account(usage, authority(), { limit: 7, ...(cursor ? { cursor } : {}) });
    if (cursor === undefined) {
      await indexed.city.act(cast.agency, 'agreement:suspend', ids.agreement, { reason: '演示' });
      await indexed.caughtUp();
    }
    expect(page.truncated).toBe(page.cursor !== undefined);
    items.push(...page.items);
    ({ cursor } = page);
  } while (cursor !== undefined);
  expect(items.map(named)).toEqual(all.items.map(named));
  expect((await whole(usage)).items.map(named)).toEqual([
    ...items.map(named),
    `authority agreement/${ids.agreement} suspend`,
  ]);
});

test('as of a block has the acts up to it', async () => {
  const { items } = await whole(usage);
  const released = items.find(({ ref, act }) => ref.startsWith(`product/${ids.basic}@`) && act.name === 'release');
  const asOf = released?.transaction.block ?? 0;
  const then = await account(`product/${ids.basic}`, authority(), { asOf, limit: 200 });
  expect(then.items.at(-1)).toMatchObject({ act: { name: 'release' } });
  expect(then.items.every(({ transaction }) => transaction.block <= asOf)).toBe(true);
});
