// SPDX-License-Identifier: Apache-2.0
import { demoRulebook } from 'yuanliu-demo/rulebook';
import {
  anchored,
  cast,
  CITY,
  demoCode,
  fresh,
  ids,
  madeUpDigest,
  openCity,
  PURPOSE,
  refusal,
  use,
  type City,
} from '../builders';

let city: City;
beforeAll(async () => {
  city = await openCity('produced');
});
afterAll(() => city.close());

describe('a decision', () => {
  test('that breaks a rule is refused with rule, article and remedy, and writes nothing', async () => {
    const id = fresh('U');
    const error = await refusal(city.act(cast.developer, 'usage:request', id, use({ purpose: '商业营销' })));
    expect(error).toMatchObject({ code: 'REFUSED', rule: 'within-chain', details: { article: '第二十二条' } });
    const [violation] = error.details.violations ?? [];
    expect(JSON.stringify(violation?.params)).toContain('商业营销');
    expect(error.details).toMatchObject({ code: 'refused', remedy: expect.any(String) });
    await expect(city.get(`usage/${id}`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('that breaks a recordable rule is let through with a due date where the rulebook says so', async () => {
    const [provider] = city.departments;
    const resource = { id: fresh('R'), domain: '金融服务', provider };
    await city.run(anchored(resource));
    await city.act(provider, 'resource:catalogue', resource.id, { sharing: { type: 'unconditional' } });
    await city.act(provider, 'resource:grade', resource.id, { grade: { class: 'general', level: 1 } });
    const catalogue = fresh('C');
    await city.act(cast.agency, 'catalogue:compile', catalogue, {
      title: '又一目录',
      region: CITY,
      resources: [resource.id],
    });
    await city.act(provider, 'catalogue:confirm', catalogue);
    const { record } = await city.act(cast.agency, 'catalogue:publish', catalogue);
    expect(record.act.violations).toMatchObject([{ rule: 'registered', article: '第七条' }]);
    expect(record.act.violations[0]?.due && record.act.violations[0].due > record.act.time).toBe(true);
  });

  test('is judged by every rule: all breaches are told at once', async () => {
    const input = use({ purpose: '商业营销', action: 'resell' });
    const error = await refusal(city.act(cast.developer, 'usage:request', fresh('U'), input));
    expect(error.details.violations?.length).toBeGreaterThanOrEqual(2);
  });
});

describe('a report', () => {
  test('that breaks rules is recorded with its violations and opens a finding', async () => {
    const id = fresh('U');
    const { record, also } = await city.act(cast.developer, 'usage:record', id, use({ purpose: '商业营销' }));
    expect(record.act.violations.map(({ rule }) => rule)).toContain('within-chain');
    expect(also).toHaveLength(1);
    const finding = await city.get(also[0] ?? '');
    expect(finding).toMatchObject({ state: 'open', body: { about: `usage/${id}@1`, against: cast.developer.code } });
  });

  test('of a use of what does not exist is recorded too', async () => {
    const { record } = await city.act(
      cast.developer,
      'usage:record',
      fresh('U'),
      use({ subject: 'product/nowhere@9' }),
    );
    expect(record.act.violations.map(({ rule }) => rule)).toContain('product-released');
  });

  test('under an authority that does not exist is recorded too, and what it names is judged', async () => {
    const strange = await city.act(cast.developer, 'usage:record', fresh('U'), use({ authority: 'grant/nowhere' }));
    const handed = { product: 'product/none@1', to: cast.rival.code, authority: 'agreement/none', purpose: PURPOSE };
    const delivered = await city.act(cast.operator, 'delivery:deliver', fresh('D'), handed);
    for (const { record, also } of [strange, delivered]) {
      expect(record.act.violations.map(({ rule }) => rule)).toContain('chain-stands');
      expect(also).toHaveLength(1);
    }
  });

  test('is refused when it claims to have happened after ledger time', async () => {
    const input = use({ occurredAt: new Date(Date.now() + 3_600_000).toISOString() });
    expect(await refusal(city.act(cast.developer, 'usage:record', fresh('U'), input))).toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  test('is judged by what was in force when it happened, not by what is now', async () => {
    const before = (await city.get(`usage/${ids.usage}`)).act.time;
    await city.act(cast.agency, 'grant:suspend', ids.grant, { reason: '演示' });
    try {
      const then = await city.act(cast.developer, 'usage:record', fresh('U'), use({ occurredAt: before }));
      const now = await city.act(cast.developer, 'usage:record', fresh('U'), use());
      expect(then.record.act.violations).toEqual([]);
      expect(now.record.act.violations.map(({ rule }) => rule)).toContain('chain-stands');
    } finally {
      await city.act(cast.agency, 'grant:resume', ids.grant, { reason: '演示' });
    }
  });

  test('long after the fact says why, or that is a violation of its own', async () => {
    const occurredAt = new Date(Date.now() - 3 * 86_400_000).toISOString();
    const silent = await city.act(cast.developer, 'usage:record', fresh('U'), use({ occurredAt }));
    const explained = await city.act(
      cast.developer,
      'usage:record',
      fresh('U'),
      use({ occurredAt, late: { reason: '系统故障后补录', documents: [madeUpDigest('说明')] } }),
    );
    const rules = (result: typeof silent): string[] => result.record.act.violations.map(({ rule }) => rule);
    expect(rules(silent)).toContain('late-report');
    expect(rules(explained)).not.toContain('late-report');
  });
});

describe('the authority chain', () => {
  test('suspending the agreement writes nothing below it, yet cuts every use; resuming restores them', async () => {
    const grant = await city.get(`grant/${ids.grant}`);
    await city.act(cast.agency, 'agreement:suspend', ids.agreement, { reason: '演示' });
    const error = await refusal(city.act(cast.developer, 'usage:request', fresh('U'), use()));
    expect(error).toMatchObject({ code: 'REFUSED', rule: 'chain-stands' });
    expect(error.message).toContain(ids.agreement);
    expect(await city.get(`grant/${ids.grant}`)).toEqual(grant);
    await city.act(cast.agency, 'agreement:resume', ids.agreement, { reason: '演示' });
    expect((await city.act(cast.developer, 'usage:request', fresh('U'), use())).record.state).toBe('permitted');
  });

  test('a suspended organisation begins nothing new, but may still report', async () => {
    await city.act(cast.authority, 'organization:suspend', cast.developer.code, { reason: '演示' });
    try {
      expect(await refusal(city.act(cast.developer, 'usage:request', fresh('U'), use()))).toMatchObject({
        code: 'FORBIDDEN',
        rule: 'organization-stands',
      });
      const { record } = await city.act(cast.developer, 'usage:record', fresh('U'), use());
      expect(record.act.violations.map(({ rule }) => rule)).toContain('chain-stands');
    } finally {
      await city.act(cast.authority, 'organization:reinstate', cast.developer.code, { reason: '演示' });
    }
  });

  test('nobody exercises a grant held by another', async () => {
    const error = await refusal(city.act(cast.rival, 'usage:request', fresh('U'), use()));
    const held = error.details.violations?.map(({ rule, code, params }) => [
      rule,
      code,
      JSON.stringify(params).replace(ids.grant, '#'),
    ]);
    const none = await refusal(city.act(cast.rival, 'usage:request', fresh('U'), use({ authority: 'grant/nowhere' })));
    expect(held?.map(([rule]) => rule)).toEqual(['chain-stands', 'within-chain']);
    expect(
      none.details.violations?.map(({ rule, code, params }) => [
        rule,
        code,
        JSON.stringify(params).replace('nowhere', '#'),
      ]),
    ).toEqual(held);
  });

  test('a permit is used once, as permitted', async () => {
    const id = fresh('U');
    await city.act(cast.developer, 'usage:request', id, use({ quantity: 5 }));
    const { record } = await city.act(cast.developer, 'usage:record', id, use({ quantity: 6 }));
    expect(record.act.violations.map(({ rule }) => rule)).toContain('inside-permit');
    expect(await refusal(city.act(cast.developer, 'usage:record', id, use()))).toMatchObject({ code: 'EXISTS' });
  });
});

describe('who acts', () => {
  test('an organisation acts only in a role it holds', async () => {
    expect(
      await refusal(
        city.act(cast.developer, 'plan:approve', ids.plan, { document: { digest: madeUpDigest('x') }, version: 1 }),
      ),
    ).toMatchObject({
      code: 'FORBIDDEN',
      rule: 'acts-for-itself',
    });
  });

  test('an organisation acts only on what names it', async () => {
    const [, other] = city.departments;
    const error = await refusal(city.act(other, 'resource:withdraw', city.resources[0]?.id ?? '', { reason: '演示' }));
    expect(error).toMatchObject({ code: 'FORBIDDEN', rule: 'acts-for-itself' });
  });

  test('a second founding is refused', async () => {
    const code = demoCode(901);
    const input = { name: '又一个(演示)', msp: cast.authority.msp, roles: [{ role: 'data-authority', region: CITY }] };
    const upstart = city.act({ ...cast.authority, code }, 'organization:admit', code, input);
    expect(await refusal(upstart)).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('a role in a district does not reach the city', async () => {
    const code = demoCode(900);
    const district = { ...cast.agency, code, name: '区实施机构(演示)' };
    await city.act(cast.authority, 'organization:admit', code, {
      name: district.name,
      msp: district.msp,
      roles: [{ role: 'implementing-agency', region: '310101' }],
    });
    const input = { title: '越级', region: CITY, terms: TERMS, parts: {} };
    expect(await refusal(city.act(district, 'plan:draft', fresh('PLAN'), input))).toMatchObject({ code: 'FORBIDDEN' });
    const own = await city.act(district, 'plan:draft', fresh('PLAN'), { ...input, region: '310101' });
    const approval = { document: { digest: madeUpDigest('批复') }, version: 1 };
    expect(await refusal(city.act(cast.authority, 'plan:approve', own.record.id, approval))).toMatchObject({
      code: 'REFUSED',
    });
  });
});

const TERMS = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };

describe('nobody goes around', () => {
  const rulesOf = ({ record }: { record: { act: { violations: readonly { rule: string }[] } } }): string[] =>
    record.act.violations.map(({ rule }) => rule);

  test('a suspension, by a timestamp from before it', async () => {
    let shift = 0;
    const clocked = await openCity('produced', { clock: () => new Date(Date.now() + shift) });
    try {
      shift = 240_000;
      await clocked.act(cast.agency, 'agreement:suspend', ids.agreement, { reason: '演示' });
      shift = 120_000; // inside the peers' time window
      const error = await refusal(clocked.act(cast.developer, 'usage:request', 'U-back', use()));
      expect(error).toMatchObject({ code: 'REFUSED', rule: 'chain-stands' });
    } finally {
      await clocked.close();
    }
  });

  test('registration, by registering what another holds', async () => {
    const [mine] = city.resources;
    const other = city.departments[1];
    if (!mine) throw new Error('the city lacks resources');
    for (const [by, subject] of [
      [other, `resource/${mine.id}@1`],
      [cast.rival, `product/${ids.derived}@1`],
    ] as const) {
      expect(await refusal(city.act(by, 'registration:apply', fresh('REG'), { subject }))).toMatchObject({
        rule: 'registers-own',
      });
    }
  });

  test('its district, by admitting or ruling for the city', async () => {
    const district = { ...cast.authority, code: demoCode(910) };
    const admission = (region: string): object => ({
      name: '演示',
      msp: district.msp,
      roles: [{ role: 'data-authority', region }],
    });
    await city.act(cast.authority, 'organization:admit', district.code, admission('310101'));
    expect(await refusal(city.act(district, 'organization:admit', demoCode(911), admission(CITY)))).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await city.act(district, 'organization:admit', demoCode(911), admission('310101'))).record.state).toBe(
      'admitted',
    );
    expect(await refusal(city.act(district, 'rulebook:amend', 'city', demoRulebook))).toMatchObject({
      code: 'FORBIDDEN',
    });
    const suspended = city.act(district, 'organization:suspend', cast.operator.code, { reason: '演示' });
    expect(await refusal(suspended)).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('the record of where a product went: using or developing what was never delivered shows', async () => {
    await city.act(cast.agency, 'organization:qualify', cast.rival.code, {
      role: 'developer',
      basis: { digest: madeUpDigest('资质') },
    });
    const granted = await secondGrant();
    const input = use({ authority: `grant/${granted}`, subject: `product/${ids.basic}@1` });
    expect(rulesOf(await city.act(cast.rival, 'usage:record', fresh('U'), input))).toContain('product-obtained');
    const product = {
      title: '产品',
      authority: `grant/${granted}`,
      purpose: PURPOSE,
      inputs: [`product/${ids.basic}@1`],
      environment: '域内',
      process: madeUpDigest('p'),
      digest: madeUpDigest('q'),
      form: 'model',
    };
    expect(await refusal(city.act(cast.rival, 'product:develop', fresh('P'), product))).toMatchObject({
      rule: 'product-obtained',
    });
    const handed = {
      product: `product/${ids.basic}@1`,
      to: cast.rival.code,
      authority: `grant/${granted}`,
      purpose: PURPOSE,
    };
    expect(rulesOf(await city.act(cast.developer, 'delivery:deliver', fresh('D'), handed))).toContain('delivers-own');
    expect(rulesOf(await city.act(cast.operator, 'delivery:deliver', fresh('D'), handed))).toEqual([]);
    expect((await city.act(cast.rival, 'product:develop', fresh('P'), product)).record.state).toBe('developed');
  });

  /** A grant of its own for the other developer. */
  async function secondGrant(): Promise<string> {
    const id = fresh('SCN');
    const parts = { benefit: { text: '演示' }, compliance: { text: '演示' } };
    await city.act(cast.rival, 'scenario:apply', id, {
      title: '场景',
      agreement: `agreement/${ids.agreement}`,
      purpose: PURPOSE,
      parts,
    });
    await city.act(cast.operator, 'scenario:forward', id, { opinion: '同意' });
    const grant = { id: fresh('G'), terms: { ...TERMS, to: '2029-01-01T00:00:00Z' } };
    await city.act(cast.agency, 'scenario:assess', id, { result: 'approve', reason: '通过', grant });
    return grant.id;
  }
});

describe('a request', () => {
  test('repeated under its idempotency key gives the first answer and writes nothing', async () => {
    const id = fresh('U');
    const input = use({ idempotencyKey: `key-${id}` });
    const first = await city.act(cast.developer, 'usage:record', id, input);
    const again = await city.act(cast.developer, 'usage:record', id, input);
    expect(again.repeated).toBe(first.receipt.txId);
    expect(again.record).toEqual(first.record);
  });

  test('with another body under the same idempotency key is refused', async () => {
    const id = fresh('U');
    await city.act(cast.developer, 'usage:record', id, use({ idempotencyKey: `key-${id}` }));
    const other = city.act(cast.developer, 'usage:record', id, use({ idempotencyKey: `key-${id}`, quantity: 2 }));
    expect(await refusal(other)).toMatchObject({ code: 'KEY_REUSED' });
  });

  test('guarded by ifVersion is refused once the version has moved on', async () => {
    const { id, provider } = city.resources[3] ?? { id: '', provider: cast.authority };
    await city.act(provider, 'resource:revise', id, { title: '改过', ifVersion: 1 });
    const late = city.act(provider, 'resource:revise', id, { title: '又改', ifVersion: 1 });
    expect(await refusal(late)).toMatchObject({ code: 'VERSION_CONFLICT' });
  });

  test.each([
    ['a prototype key', '{"__proto__":{"x":1}}'],
    ['a lone surrogate', '{"note":"\\ud800"}'],
    ['a control character', '{"note":"\\u0000"}'],
    ['deep nesting', `{"note":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['no object', '[]'],
    ['no JSON', '{'],
    ['an unknown field', '{"color":"red"}'],
    ['a time that is none', '{"occurredAt":"yesterday"}'],
    ['a day that is none', '{"occurredAt":"2026-02-30T00:00:00Z"}'],
  ])('with %s is refused by the contract itself', async (_, args) => {
    const { msp: mspId, user, code: organization } = cast.developer;
    const identity = await city.ledger.pki.enrol({ mspId, user, organization });
    const call = city.ledger.submit({ identity, transaction: 'usage:record', args: [fresh('U'), args] });
    expect(await refusal(call)).toMatchObject({ code: 'INPUT_INVALID' });
  });

  test.each(['a/b', 'a@1', '', ' a', 'x'.repeat(65), 'a\u0000b'])('for the id %j is refused', async (id) => {
    expect(await refusal(city.act(cast.developer, 'usage:record', id, use()))).toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('versions', () => {
  test('completing a body keeps its version; changing what it said makes the next, and the old one stays', async () => {
    const { id, provider } = city.resources[2] ?? { id: '', provider: cast.authority };
    const before = await city.get(`resource/${id}`);
    expect(before).toMatchObject({ version: 1, history: 3 }); // anchored, catalogued, graded
    await city.act(provider, 'resource:revise', id, { digest: madeUpDigest('第二版') });
    expect(await city.get(`resource/${id}`)).toMatchObject({ version: 2, history: 4 });
    expect(await city.get(`resource/${id}@1`)).toEqual(before);
  });
});
