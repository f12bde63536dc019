// SPDX-License-Identifier: Apache-2.0
import { brokenBy, cast, fresh, ids, madeUpDigest, openCity, refusal, use, type City } from '../builders';

let city: City;
beforeEach(async () => {
  city = await openCity('produced');
}, 120_000);
afterEach(() => city.close());

const { developer, agency, operator } = cast;
const document = { digest: madeUpDigest('文书') };
const reason = '演示';
const term = { from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z' };

/** A quota on the developer’s own grant, and one on the agreement that others share. */
async function limit({ own, shared }: { own?: number; shared?: number }): Promise<void> {
  if (shared !== undefined) {
    const terms = { catalogue: ids.catalogue, from: term.from, to: '2030-01-01T00:00:00Z', quota: shared };
    await city.act(agency, 'agreement:amend', ids.agreement, { changes: { terms }, reason, document });
    await city.act(operator, 'agreement:sign-amendment', ids.agreement, { document });
  }
  const terms = { catalogue: ids.catalogue, ...term, ...(own === undefined ? {} : { quota: own }) };
  await city.act(agency, 'grant:amend', ids.grant, { terms, reason });
}

const later = (input: object = {}, id = fresh('U')) =>
  city.act(developer, 'usage:record', id, use({ metering: 'later', ...input }));
const asked = (quantity: number) => city.act(developer, 'usage:request', fresh('U'), use({ quantity }));
const meter = (id: string, reports: readonly string[] = [], by = developer) =>
  city.act(by, 'usage:meter', id, { reports });

describe('reports that leave their uses to be metered', () => {
  test('at once, under one quota, conflict with none, and lose none (fault F3)', async () => {
    await limit({ own: 40 });
    const reports = Array.from({ length: 50 }, () => fresh('U'));
    const done = await Promise.allSettled(reports.map((id) => later({}, id)));
    expect(done.filter(({ status }) => status === 'rejected')).toEqual([]);

    const [last = '', ...others] = reports;
    const { record, also } = await meter(last, others);
    expect(brokenBy({ record })).toEqual(['within-quota']);
    expect(record.act.violations).toMatchObject([
      { code: 'quota-exceeded-metered', params: { link: `grant/${ids.grant}`, taken: 50, quota: 40, count: 10 } },
    ]);
    expect(await city.get(also[0] ?? '')).toMatchObject({
      state: 'open',
      body: { against: developer.code, about: `usage/${last}@1`, rules: ['within-quota'] },
    });
    expect(await refusal(asked(1))).toMatchObject({ rule: 'within-quota' });
  });

  test('count once metered, each of them once, and by then permits are held to them', async () => {
    await limit({ own: 10 });
    const [first, second] = [fresh('U'), fresh('U')];
    await later({ quantity: 4 }, first);
    await later({ quantity: 5 }, second);
    expect(brokenBy(await meter(second, [first, second]))).toEqual([]);
    expect(await refusal(asked(2))).toMatchObject({ rule: 'within-quota' });
    expect(brokenBy(await meter(second, [first]))).toEqual([]); // again, which changes nothing
    expect((await asked(1)).record.state).toBe('permitted');
  });

  test('count on what others share as a report that is counted at once does', async () => {
    await limit({ own: 10, shared: 100 });
    const [within, beyond, outside] = [fresh('U'), fresh('U'), fresh('U')];
    await later({ quantity: 4 }, within);
    expect(brokenBy(await later({ quantity: 90 }, beyond))).toEqual(['within-quota']); // more than it allows in all
    await later({ quantity: 2, purpose: '商业营销' }, outside);
    expect(brokenBy(await meter(within, [beyond, outside]))).toEqual(['within-quota']);
    const own = { subject: `product/${ids.basic}@1`, authority: `agreement/${ids.agreement}` };
    const byOperator = (quantity: number) => city.act(operator, 'usage:request', fresh('U'), use({ ...own, quantity }));
    expect(await refusal(byOperator(91))).toMatchObject({ rule: 'within-quota' });
    expect((await byOperator(90)).record.state).toBe('permitted');
  });

  test('beside a permit count what it had not, and never twice', async () => {
    await limit({ own: 10 });
    const id = fresh('U');
    await city.act(developer, 'usage:request', id, use({ quantity: 3 }));
    const { record } = await later({ quantity: 5 }, id);
    expect(record.body).toMatchObject({ unmetered: { quantity: 2, inside: true } });
    await meter(id);
    expect(await refusal(asked(6))).toMatchObject({ rule: 'within-quota' });
    expect((await asked(5)).record.state).toBe('permitted');
  });

  test('say nothing of metering where no link has a quota, nor under another’s authority', async () => {
    expect((await later()).record.body).not.toHaveProperty('unmetered');
    await limit({ own: 10 });
    expect((await later({ authority: `grant/${ids.grant}x` })).record.body).not.toHaveProperty('unmetered');
  });

  test('are metered by their user, or by the agency of their agreement', async () => {
    await limit({ own: 10 });
    const [one, two] = [fresh('U'), fresh('U')];
    await later({}, one);
    await later({}, two);
    expect(await refusal(meter(one, [], cast.rival))).toMatchObject({ code: 'FORBIDDEN' });
    expect(brokenBy(await meter(one, [two], agency))).toEqual([]);
  });

  test('are the same request whichever way they are counted', async () => {
    const id = fresh('U');
    await later({ idempotencyKey: 'K-1' }, id);
    const again = await city.act(developer, 'usage:record', id, use({ idempotencyKey: 'K-1' }));
    expect(again.repeated).toBeTruthy();
  });

  test('are corrected before and after, and what they counted is free again', async () => {
    await limit({ own: 10 });
    const [before, after] = [fresh('U'), fresh('U')];
    await later({ quantity: 5 }, before);
    await later({ quantity: 5 }, after);
    const correct = (id: string, quantity: number) =>
      city.act(agency, 'usage:correct', id, { quantity, reason, document });
    await correct(before, 2);
    await meter(after, [before]);
    expect(await refusal(asked(4))).toMatchObject({ rule: 'within-quota' });
    await correct(after, 1);
    await correct(before, 0);
    expect(await refusal(asked(10))).toMatchObject({ rule: 'within-quota' });
    expect((await asked(9)).record.state).toBe('permitted');
  });
});
