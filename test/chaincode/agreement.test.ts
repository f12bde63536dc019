// SPDX-License-Identifier: Apache-2.0
import type { agreement } from 'yuanliu-chaincode/records/agreement/agreement';
import { demoRulebook } from 'yuanliu-demo/rulebook';
import type { z } from 'zod';
import { brokenBy, cast, ids, madeUpDigest, openCity, PURPOSE, refusal, use, type City } from '../builders';

const TERM = { from: '2026-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' };
const paper = (of: string): { digest: string } => ({ digest: madeUpDigest(of) });
const reason = '演示';
const grant = `grant/${ids.grant}`;
const inAYear = (): string => new Date(Date.now() + 365 * 86_400_000).toISOString();

let city: City;
let now: number;
let ticking: boolean;
beforeEach(async () => {
  now = Date.now();
  ticking = true;
  city = await openCity('produced', { clock: () => new Date(ticking ? (now += 10) : now) });
}, 60_000);
afterEach(() => city.close());

const act = (name: string, input: object, by = cast.agency): ReturnType<City['act']> =>
  city.act(by, `agreement:${name}`, ids.agreement, input);
const read = async (): Promise<{ state: string; version: number; body: z.infer<typeof agreement.body> }> => {
  const { state, version, body } = await city.get(`agreement/${ids.agreement}`);
  return { state, version, body: body as z.infer<typeof agreement.body> };
};
let serial = 0;
const request = (changed: object = {}): ReturnType<City['act']> =>
  city.act(cast.developer, 'usage:request', `U-a${++serial}`, use(changed));
const deliver = (): ReturnType<City['act']> =>
  city.act(cast.operator, 'delivery:deliver', `D-a${++serial}`, {
    product: `product/${ids.basic}@1`,
    to: cast.developer.code,
    authority: `agreement/${ids.agreement}`,
    purpose: PURPOSE,
  });

test('an agreement is signed by both parties over the same text, and by neither over one put in its place', async () => {
  const { plan, operator, terms, parts } = (await read()).body;
  await city.act(cast.agency, 'agreement:propose', 'AGR-texts', { plan, operator, terms, parts });
  const sign = (of: string, by = cast.agency): ReturnType<City['act']> =>
    city.act(by, 'agreement:sign', 'AGR-texts', { document: paper(of) });
  await sign('甲');
  expect(await refusal(sign('乙', cast.operator))).toMatchObject({ code: 'REFUSED', rule: 'same-text-signed' });
  await sign('乙');
  expect((await sign('乙', cast.operator)).record.state).toBe('signed');
});

describe('an amendment', () => {
  const narrower = { terms: { catalogue: ids.catalogue, ...TERM, purposes: ['其他'] } };

  test('changes nothing until the other party has signed, then is the next version and cuts what it leaves out', async () => {
    await act('amend', { changes: narrower, reason, document: paper('变更') }, cast.operator);
    expect(await read()).toMatchObject({ version: 1, state: 'signed' });
    await request();
    await act('sign-amendment', { document: paper('变更') });
    const { version, body } = await read();
    expect(version).toBe(2);
    expect(body.terms.purposes).toEqual(['其他']);
    expect(body.amendments).toMatchObject([{ proposedBy: cast.operator.code }]);
    expect(await refusal(request())).toMatchObject({ rule: 'within-chain' });
  });

  test('is to be filed again', async () => {
    await act('amend', { changes: { exclusivity: '无' }, reason, document: paper('变更') });
    await act('sign-amendment', { document: paper('变更') }, cast.operator);
    expect((await read()).body.filing).toBeUndefined();
    now += 31 * 86_400_000;
    const late = await request();
    expect(brokenBy(late)).toEqual(['agreement-filed']);
    await act('file', { document: paper('再备案') });
    expect(brokenBy(await request())).toEqual([]);
  });

  const amendWith = async (exclusivity: string): Promise<void> => {
    await act('amend', { changes: { exclusivity }, reason, document: paper(exclusivity) });
    await act('sign-amendment', { document: paper(exclusivity) }, cast.operator);
  };

  test('leaves the last ones in the agreement, which each use reads, and the others in its versions', async () => {
    for (const one of ['一', '二', '三', '四', '五']) await amendWith(one);
    const { version, body } = await read();
    expect(version).toBe(6);
    const texts = (amendments: unknown): unknown[] =>
      (amendments as { changes: { exclusivity: string } }[]).map(({ changes }) => changes.exclusivity);
    expect(texts(body.amendments)).toEqual(['三', '四', '五']);
    const before = (await city.get(`agreement/${ids.agreement}@3`)).body as { amendments: unknown };
    expect(texts(before.amendments)).toEqual(['一', '二']);
  });

  test('gives no more time to file one that was not filed', async () => {
    await amendWith('甲');
    const { signedAt } = (await read()).body;
    now += 31 * 86_400_000;
    await amendWith('乙');
    expect((await read()).body.signedAt).toBe(signedAt);
    expect(brokenBy(await request())).toEqual(['agreement-filed']);
  });

  test('filed late leaves what was done before that unfiled, and what was done in time as it was', async () => {
    const record = (occurredAt: string): ReturnType<City['act']> =>
      city.act(cast.developer, 'usage:record', `U-a${++serial}`, use({ occurredAt }));
    const instant = (): string => new Date((now += 10)).toISOString();
    const before = instant();
    await amendWith('甲');
    now += 31 * 86_400_000;
    const overdue = instant();
    expect(brokenBy(await record(overdue))).toEqual(['agreement-filed']);
    await act('file', { document: paper('再备案') });
    expect(brokenBy(await record(overdue))).toEqual(['agreement-filed']);
    expect(brokenBy(await record(before))).toEqual(['late-report']);
    expect(brokenBy(await record(instant()))).toEqual([]);
  });

  test('that is not filed yet stops nothing for want of holidays that tell nothing of it', async () => {
    const year = new Date(now).getUTCFullYear() + 1;
    const calendar = { ...demoRulebook.calendar, [year]: { holidays: [], workdays: [] } };
    const periods = { ...demoRulebook.periods, filing: '20wd' };
    await city.act(cast.authority, 'rulebook:amend', 'city', { ...demoRulebook, calendar, periods });
    now = Date.parse(`${year}-12-10T02:00:00Z`);
    await amendWith('甲');
    expect(brokenBy(await request())).toEqual([]);
    now = Date.parse(`${year}-12-31T02:00:00Z`); // fifteen working days later
    expect(brokenBy(await request())).toEqual([]);
    now = Date.parse(`${year + 1}-02-01T02:00:00Z`);
    expect(await refusal(request())).toMatchObject({ code: 'WRONG_STATE' });
  });

  test('is never wider than the plan', async () => {
    for (const terms of [
      { ...narrower.terms, to: '2035-01-01T00:00:00Z' },
      { ...narrower.terms, catalogue: 'C-other' },
    ]) {
      const attempt = act('amend', { changes: { terms }, reason, document: paper('变更') });
      expect(await refusal(attempt)).toMatchObject({ code: 'REFUSED', rule: 'not-wider' });
    }
  });

  test('is signed by the other party alone', async () => {
    await act('amend', { changes: narrower, reason, document: paper('变更') });
    expect(await refusal(act('sign-amendment', { document: paper('变更') }))).toMatchObject({
      rule: 'amendment-agreed',
    });
    const stranger = act('sign-amendment', { document: paper('变更') }, cast.developer);
    expect(await refusal(stranger)).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('put in the place of another is not signed unseen', async () => {
    await act('amend', { changes: { exclusivity: '无' }, reason, document: paper('甲') }, cast.operator);
    await act('amend', { changes: narrower, reason, document: paper('乙') }, cast.operator);
    expect(await refusal(act('sign-amendment', { document: paper('甲') }))).toMatchObject({
      rule: 'amendment-agreed',
    });
  });

  test.each([
    ['that changes nothing', { changes: {} }],
    ['without a reason', { changes: narrower, reason: '' }],
    ['of another party', { changes: { operator: cast.rival.code } }],
  ])('%s is not well-formed', async (_, changed) => {
    const attempt = act('amend', { reason, document: paper('变更'), ...changed });
    expect(await refusal(attempt)).toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('the end of an agreement', () => {
  test.each(['suspend', 'revoke', 'terminate'])('by %s cuts everything at once', async (name) => {
    await act(name, { reason });
    expect(await refusal(request())).toMatchObject({ rule: 'chain-stands' });
    expect(brokenBy(await deliver())).toContain('chain-stands');
  });

  test.each(['revoke', 'terminate'])('by %s is for good', async (name) => {
    await act(name, { reason });
    for (const later of ['resume', 'suspend', 'revoke', 'terminate'])
      expect(await refusal(act(later, { reason }))).toMatchObject({ code: 'WRONG_STATE' });
  });

  test.each([cast.operator, cast.developer, cast.authority])('is not for $name to decide', async (by) => {
    expect(await refusal(act('revoke', { reason }, by))).toMatchObject({ code: 'FORBIDDEN' });
  });

  test.each(['suspend', 'revoke', 'terminate'])(
    'by %s with a wind-down keeps what it names until its date, and nothing else',
    async (name) => {
      const until = inAYear();
      await act(name, { reason, windDown: { keeps: [grant], until } });
      expect((await request()).record.state).toBe('permitted'); // under the grant that is kept
      expect(brokenBy(await deliver())).toContain('chain-stands'); // under the agreement itself
      ticking = false;
      now = Date.parse(until) - 1;
      await request(); // the last instant
      now = Date.parse(until);
      expect(await refusal(request())).toMatchObject({ rule: 'chain-stands' });
    },
  );

  test('with a wind-down that keeps a product lets that product go on, no new one begin', async () => {
    await act('terminate', { reason, windDown: { keeps: [`product/${ids.basic}`], until: inAYear() } });
    expect(brokenBy(await deliver())).toEqual([]);
    expect(await refusal(request())).toMatchObject({ rule: 'chain-stands' }); // of the derived product
    const product = {
      title: '产品',
      authority: grant,
      purpose: PURPOSE,
      inputs: [`product/${ids.basic}@1`],
      environment: '域内',
      process: madeUpDigest('p'),
      digest: madeUpDigest('q'),
      form: 'model',
    };
    expect(await refusal(city.act(cast.developer, 'product:develop', 'P-late', product))).toMatchObject({
      rule: 'chain-stands',
    });
  });

  test('with a wind-down makes no new grant and amends none', async () => {
    await act('terminate', { reason, windDown: { keeps: [grant], until: inAYear() } });
    const terms = { catalogue: ids.catalogue, ...TERM, to: '2029-01-01T00:00:00Z' };
    expect(await refusal(city.act(cast.agency, 'grant:amend', ids.grant, { terms, reason }))).toMatchObject({
      rule: 'parents-stand',
    });
  });

  test('leaves no wind-down behind from a suspension before it', async () => {
    await act('suspend', { reason, windDown: { keeps: [grant], until: inAYear() } });
    await request();
    await act('terminate', { reason });
    expect(await refusal(request())).toMatchObject({ rule: 'chain-stands' });
  });

  test.each([
    ['beyond the term', { keeps: [grant], until: '2030-01-01T00:00:00.001Z' }],
    ['already over', { keeps: [grant], until: '2026-01-02T00:00:00Z' }],
    ['of what is not under it', { keeps: ['grant/elsewhere'], until: '2029-01-01T00:00:00Z' }],
  ])('states no wind-down %s', async (_, windDown) => {
    expect(await refusal(act('terminate', { reason, windDown }))).toMatchObject({ rule: 'wind-down-inside' });
  });
});

describe('the exit', () => {
  const nothing = { returned: [], destroyed: [], held: [] };
  const held = [{ subject: 'resource/R-1@1', reason: '过渡期' }];
  const destroyed = [{ subject: 'resource/R-2@1', certificate: paper('销毁证明') }];

  test('is over once nothing is held any more; what is held after the end is a violation', async () => {
    await act('terminate', { reason });
    const first = await act('exit', { ...nothing, destroyed, held }, cast.operator);
    expect(first.record.state).toBe('terminated');
    expect(brokenBy(first)).toEqual(['exit-held']);
    expect(first.also).toHaveLength(1);
    const last = await act(
      'exit',
      { ...nothing, returned: [{ subject: 'resource/R-1@1', certificate: paper('返还证明') }] },
      cast.operator,
    );
    expect(last.record).toMatchObject({ state: 'exited', version: 1 });
    expect(brokenBy(last)).toEqual([]);
  });

  test('may hold what it does while the agreement is only suspended, and did before the end', async () => {
    await act('suspend', { reason });
    expect(brokenBy(await act('exit', { ...nothing, held }, cast.operator))).toEqual([]);
    const occurredAt = new Date(now).toISOString();
    await act('terminate', { reason });
    expect(brokenBy(await act('exit', { ...nothing, held, occurredAt }, cast.operator))).toEqual([]);
    expect(brokenBy(await act('exit', { ...nothing, held }, cast.operator))).toEqual(['exit-held']);
  });

  test('is due as well when the agreement simply runs out', async () => {
    const atTheEnd = Date.parse(TERM.to);
    ticking = false;
    now = atTheEnd - 1;
    const running = await act('exit', nothing, cast.operator);
    expect(running.record.state).toBe('signed');
    expect(brokenBy(await act('exit', { ...nothing, held }, cast.operator))).toEqual([]);
    now = atTheEnd;
    const over = await act('exit', { ...nothing, destroyed, held }, cast.operator);
    expect(over.record.state).toBe('signed');
    expect(brokenBy(over)).toEqual(['exit-held']);
    const last = await act('exit', { ...nothing, destroyed }, cast.operator);
    expect(last.record.state).toBe('exited');
    expect(brokenBy(last)).toEqual([]);
  });

  test('of before the end does not end it, whenever it is reported (fault B4)', async () => {
    const occurredAt = new Date(now).toISOString();
    await act('terminate', { reason });
    expect((await act('exit', { ...nothing, occurredAt }, cast.operator)).record.state).toBe('terminated');
    expect((await act('exit', nothing, cast.operator)).record.state).toBe('exited');
  });

  test('is judged by the term as it was then', async () => {
    const occurredAt = new Date(now).toISOString();
    const terms = { catalogue: ids.catalogue, ...TERM, to: new Date(now - 1).toISOString() };
    await act('amend', { changes: { terms }, reason, document: paper('缩短') });
    await act('sign-amendment', { document: paper('缩短') }, cast.operator);
    expect(brokenBy(await act('exit', { ...nothing, held, occurredAt }, cast.operator))).toEqual([]);
    expect(brokenBy(await act('exit', { ...nothing, held }, cast.operator))).toEqual(['exit-held']);
  });

  test('may hold what a wind-down still covers', async () => {
    await act('terminate', { reason, windDown: { keeps: [grant], until: inAYear() } });
    expect(brokenBy(await act('exit', { ...nothing, held }, cast.operator))).toEqual([]);
  });

  test('that leaves much behind breaks its rule once, and says how much', async () => {
    await act('terminate', { reason });
    const much = Array.from({ length: 800 }, (_, i) => ({ subject: `resource/R-${i + 1}@1`, reason: '未销毁' }));
    const { record } = await act('exit', { ...nothing, held: much }, cast.operator);
    expect(record.act.violations).toMatchObject([
      {
        rule: 'exit-held',
        params: { count: 800, subjects: expect.arrayContaining(['resource/R-1@1', '…']) as string[] },
      },
    ]);
  });

  test('is reported in as many parts as it takes, of which the agreement keeps the last', async () => {
    const many = Array.from({ length: 300 }, (_, i) => ({ subject: `resource/R-${i + 1}@1`, reason: '过渡期' }));
    const { details } = await refusal(
      act('exit', { ...nothing, held: [...many, ...many, ...many, ...many, ...many] }, cast.operator),
    );
    expect(details.issues?.map(({ message }) => message).join()).toContain('report the rest in another agreement:exit');
    for (let i = 0; i < 8; i++) await act('exit', { ...nothing, held: many }, cast.operator);
    await act('exit', { ...nothing, destroyed }, cast.operator);
    const { body } = await read();
    expect(body.handovers?.at(-1)).toMatchObject({ destroyed });
    expect(body.handovers?.length).toBeLessThan(9);
    expect(JSON.stringify(body).length).toBeLessThan(80_000);
    expect(await city.get(`agreement/${ids.agreement}@1`)).toMatchObject({ version: 1 });
  });

  test('is reported by the operator alone, with certificates', async () => {
    await act('terminate', { reason });
    expect(await refusal(act('exit', nothing))).toMatchObject({ code: 'FORBIDDEN' });
    const bare = { ...nothing, destroyed: [{ subject: 'resource/R-1@1' }] };
    expect(await refusal(act('exit', bare, cast.operator))).toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('a grant', () => {
  const terms = { catalogue: ids.catalogue, ...TERM, to: '2029-01-01T00:00:00Z' };
  const amend = (changed: object, by = cast.agency): ReturnType<City['act']> =>
    city.act(by, 'grant:amend', ids.grant, { terms: { ...terms, ...changed }, reason });

  test('is amended within its agreement, as its next version; uses go by the new terms at once', async () => {
    expect((await amend({ actions: ['deliver'] })).record).toMatchObject({ version: 2, state: 'in-force' });
    expect(await refusal(request())).toMatchObject({ rule: 'within-chain' });
    await amend({ quota: 2 });
    await request();
    await request();
    expect(await refusal(request())).toMatchObject({ rule: 'within-quota' });
  });

  test('is not amended wider than its agreement, nor by another, nor once revoked', async () => {
    expect(await refusal(amend({ to: '2030-06-01T00:00:00Z' }))).toMatchObject({ rule: 'not-wider' });
    expect(await refusal(amend({}, cast.developer))).toMatchObject({ code: 'FORBIDDEN' });
    await city.act(cast.agency, 'grant:revoke', ids.grant, { reason });
    expect(await refusal(amend({}))).toMatchObject({ code: 'WRONG_STATE' });
  });

  test('is not kept by a wind-down of its own, which keeps only what is under it', async () => {
    const windDown = { keeps: [grant], until: '2028-01-01T00:00:00Z' };
    const attempt = city.act(cast.agency, 'grant:suspend', ids.grant, { reason, windDown });
    expect(await refusal(attempt)).toMatchObject({ rule: 'wind-down-inside' });
  });

  test('revoked with a wind-down keeps the product it names, under the agreement as before', async () => {
    const windDown = { keeps: [`product/${ids.derived}`], until: '2028-01-01T00:00:00Z' };
    await city.act(cast.agency, 'grant:revoke', ids.grant, { reason, windDown });
    await request();
    await act('suspend', { reason });
    expect(await refusal(request())).toMatchObject({ rule: 'chain-stands' });
  });
});
