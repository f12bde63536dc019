// SPDX-License-Identifier: Apache-2.0
import type { Declared } from 'yuanliu-chaincode/chain/control';
import { affiliation } from 'yuanliu-chaincode/chain/control';
import { readerOf } from 'yuanliu-chaincode/kind/reader';
import { answersFor } from 'yuanliu-chaincode/records/organization/agency';
import type { OrganizationBody } from 'yuanliu-chaincode/records/organization/organization';
import { cast, demoCode, ids, madeUpDigest, openCity, refusal, storyTo, type City } from '../builders';

let city: City;
beforeAll(async () => {
  city = await openCity('founded');
});
afterAll(() => city.close());

const since = '2026-01-01T00:00:00.000Z';
const { operator, developer, rival, agency, authority } = cast;

describe('control', () => {
  test('is declared and ended by the organisation itself, and by no other', async () => {
    const rest = { basis: 'equity', share: '0.51', since };
    const input = { controller: operator.code, ...rest };
    expect(await refusal(city.act(operator, 'organization:declare-control', developer.code, input))).toMatchObject({
      code: 'FORBIDDEN',
    });
    await city.act(operator, 'organization:declare-control', operator.code, { ...rest, over: developer.code });
    const { record } = await city.act(developer, 'organization:declare-control', developer.code, input);
    expect(record.body).toMatchObject({ controls: [input] });
    const again = city.act(developer, 'organization:declare-control', developer.code, input);
    expect(await refusal(again)).toMatchObject({ code: 'INPUT_INVALID' });
    const end = { controller: operator.code, basis: 'equity', until: '2026-06-01T00:00:00.000Z' };
    const ended = await city.act(developer, 'organization:end-control', developer.code, end);
    expect(ended.record.body).toMatchObject({ controls: [{ ...input, until: end.until }] });
    expect(await refusal(city.act(developer, 'organization:end-control', developer.code, end))).toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  test.each([
    ['of nobody', { basis: 'equity', since }],
    ['both ways at once', { controller: operator.code, over: agency.code, basis: 'equity', since }],
    ['of itself', { controller: rival.code, basis: 'contract', since }],
    ['that is yet to be', { controller: operator.code, basis: 'contract', since: '2999-01-01T00:00:00Z' }],
    ['by a share above the whole', { controller: operator.code, basis: 'equity', share: '1.5', since }],
    ['on another ground', { controller: operator.code, basis: 'friendship', since }],
  ])('%s is refused', async (_, input) => {
    const declared = city.act(rival, 'organization:declare-control', rival.code, input);
    expect(await refusal(declared)).toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('is declared by a suspended organisation too, and by one with roles in several regions', async () => {
    const code = demoCode(960);
    const company = { ...rival, code };
    await city.act(authority, 'organization:admit', code, {
      name: '多区企业(演示)',
      msp: rival.msp,
      roles: ['310101', '310104'].map((region) => ({ role: 'developer', region })),
    });
    await city.act(authority, 'organization:suspend', code, { reason: '演示' });
    const input = { over: rival.code, basis: 'personnel', since };
    await city.act(rival, 'organization:declare-control', rival.code, { controller: code, basis: 'personnel', since });
    const { record } = await city.act(company, 'organization:declare-control', code, input);
    expect(record).toMatchObject({ state: 'suspended', body: { controls: [input] } });
  });
});

describe('affiliation', () => {
  const [top, middle, below, sister, unrelated] = ['top', 'middle', 'below', 'sister', 'unrelated'] as const;
  const determined = {
    result: 'stands',
    by: authority.code,
    document: { digest: madeUpDigest('认定') },
    at: since,
  } as const;
  const relation = (controller: string, more: object = {}): Declared => ({
    controller,
    basis: 'equity',
    since,
    declaredBy: controller,
    determined,
    ...more,
  });
  const between = (
    one: string,
    other: string,
    marks: Readonly<Record<string, readonly Declared[]>>,
    at = '2026-03-01T00:00:00.000Z',
  ) => affiliation({ marked: (_, key) => Promise.resolve(marks[key]) }, one, other, at);
  const group = { [middle]: [relation(top)], [below]: [relation(middle)], [sister]: [relation(top)] };

  test('goes down, up and sideways through what is declared', async () => {
    expect(await between(top, below, group)).toEqual({ relation: 'controls', path: [top, middle, below] });
    expect(await between(below, top, group)).toMatchObject({ relation: 'controlled-by' });
    expect(await between(below, sister, group)).toMatchObject({ relation: 'same-controller' });
    expect(await between(unrelated, below, group)).toBeUndefined();
  });

  test('is not made by state ownership as such', async () => {
    const state = { [below]: [relation(top, { state: true })], [sister]: [relation(top, { state: true })] };
    expect(await between(below, sister, state)).toBeUndefined();
    expect(await between(top, below, state)).toBeUndefined();
  });

  test('is as of a time', async () => {
    const ended = { [below]: [relation(top, { until: '2026-02-01T00:00:00.000Z' })] };
    expect(await between(top, below, ended)).toBeUndefined();
    expect(await between(top, below, ended, '2026-01-15T00:00:00.000Z')).toMatchObject({ relation: 'controls' });
  });

  const invented = (count = 64): Declared[] => Array.from({ length: count }, (_, i) => relation(`invented ${i}`));

  test('is not hidden behind invented controllers', async () => {
    const marks = { [below]: [...invented(), relation(top)] };
    expect(await between(top, below, marks)).toMatchObject({ relation: 'controls' });
    expect(await between(below, top, marks)).toMatchObject({ relation: 'controlled-by' });
    const other = { [below]: [...invented(), relation(top)], [sister]: [relation(top)] };
    expect(await between(below, sister, other)).toBeDefined();
    expect(await between(sister, below, other)).toMatchObject({ relation: 'same-controller' });
  });

  test('is left open where more control is declared than is followed', async () => {
    const marks = { [below]: [...invented(), relation(middle)], [middle]: [relation(top)] };
    expect(await between(top, below, marks)).toEqual({ relation: 'perhaps-affiliated', path: [below] });
    expect(await between(below, top, marks)).toEqual({ relation: 'perhaps-affiliated', path: [below] });
    expect(await between(top, below, { [below]: invented() })).toBeUndefined();
  });

  test('that an office determined lasts as long as the office found (fault B30)', async () => {
    const until = '2026-02-01T00:00:00.000Z';
    const ended = { [below]: [relation(top, { determined: { ...determined, until } })] };
    expect(await between(top, below, ended)).toBeUndefined();
    expect(await between(top, below, ended, '2026-01-15T00:00:00.000Z')).toMatchObject({ relation: 'controls' });
  });

  test('that one side claims is told apart, and what was struck is none (fault B6)', async () => {
    const claim = { determined: undefined };
    const marks: Record<string, readonly Declared[]> = {
      [below]: [relation(top, claim)],
      [sister]: [relation(top, { determined: { ...determined, result: 'struck' } })],
    };
    const read = { marked: (_: string, key: string) => Promise.resolve(marks[key]) };
    const at = '2026-03-01T00:00:00.000Z';
    expect(await affiliation(read, top, below, at)).toBeUndefined();
    expect(await affiliation(read, top, below, at, 'claimed')).toMatchObject({ relation: 'controls' });
    expect(await affiliation(read, top, sister, at, 'claimed')).toBeUndefined();
    marks[below] = [relation(top, claim), relation(top, { ...claim, declaredBy: below })];
    expect(await affiliation(read, top, below, at)).toMatchObject({ relation: 'controls' });
  });

  test('ends where control goes round in a circle', async () => {
    expect(await between(unrelated, below, { [below]: [relation(top)], [top]: [relation(below)] })).toBeUndefined();
  });
});

describe('a claim of control by one organisation alone', () => {
  const basis = { basis: 'contract' } as const;
  const document = { digest: madeUpDigest('认定书') };
  const claimed = () =>
    city.act(rival, 'organization:declare-control', rival.code, { over: operator.code, ...basis, since });
  const contest = () =>
    city.act(operator, 'organization:contest-control', operator.code, {
      controller: rival.code,
      ...basis,
      reason: '不实',
    });
  const determine = (by: typeof rival, result: string, more: object = {}, id = operator.code) =>
    city.act(by, 'organization:determine-control', id, {
      ...{ controller: rival.code, ...basis, result, reason: '查证', document },
      ...more,
    });

  test('is in no public record, and is told to the other party and those who oversee (fault B6)', async () => {
    const { record, also } = await claimed();
    expect(record.body).not.toHaveProperty('controls');
    const clue = await city.get(also[0] ?? '');
    expect(clue).toMatchObject({
      state: 'alerted',
      body: { about: `organization/${operator.code}`, raisedBy: rival.code, told: [operator.code] },
    });
  });

  test('is contested by the other party, once and not by who made it (fault B6)', async () => {
    const own = { over: operator.code, ...basis, reason: '不实' };
    expect(await refusal(city.act(rival, 'organization:contest-control', rival.code, own))).toMatchObject({
      code: 'INPUT_INVALID',
    });
    const { also } = await contest();
    expect((await city.get(also[0] ?? '')).body).toMatchObject({ told: [rival.code] });
    expect(await refusal(contest())).toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('is determined by the data-authority or market supervision, by no other office and no party (fault B6)', async () => {
    const rule = 'control-determined';
    expect(await refusal(determine(cast.supervisor, 'struck'))).toMatchObject({ rule });
    const market = { ...cast.supervisor, code: demoCode(961) };
    const roles = [{ role: 'supervisor', region: '310000', office: 'market' }];
    await city.act(authority, 'organization:admit', market.code, {
      name: '市场监管部门(演示)',
      msp: market.msp,
      roles,
    });
    const itself = determine(authority, 'stands', { controller: authority.code });
    expect(await refusal(itself)).toMatchObject({ rule });
    await determine(market, 'struck');
    expect(await refusal(claimed())).toMatchObject({ code: 'INPUT_INVALID' });
    const { record } = await determine(authority, 'stands');
    expect(record.body).toMatchObject({ controls: [{ controller: rival.code }] });
  });

  test('once determined is ended by an office, and no party dates its end before that (fault B30)', async () => {
    const end = (until: string) =>
      city.act(rival, 'organization:end-control', rival.code, { over: operator.code, ...basis, until });
    expect(await refusal(end(since))).toMatchObject({ code: 'INPUT_INVALID' });
    const until = '2026-06-01T00:00:00.000Z';
    expect(await refusal(determine(authority, 'struck', { until }))).toMatchObject({ code: 'INPUT_INVALID' });
    const { record } = await determine(authority, 'stands', { until });
    expect(record.body).toMatchObject({ controls: [{ controller: rival.code, since, until }] });
    expect(await refusal(end(since))).toMatchObject({ code: 'INPUT_INVALID' });
    await end(until);
  });

  test('is one of few that an organisation makes of another (fault B5)', async () => {
    const toggle = async (): Promise<void> => {
      const claim = { over: agency.code, ...basis };
      await city.act(rival, 'organization:declare-control', rival.code, { ...claim, since });
      await city.act(rival, 'organization:end-control', rival.code, { ...claim, until: since });
    };
    for (let i = 0; i < 20; i++) await toggle();
    expect(await refusal(toggle())).toMatchObject({ rule: 'own-share' });
    const claim = { over: agency.code, ...basis, since };
    expect((await city.act(developer, 'organization:declare-control', developer.code, claim)).also).toHaveLength(1);
  });
});

describe('a suspension', () => {
  const reason = { reason: '演示' };

  test('of a supervisor, department or the data-authority is not the agency’s, nor anybody’s own', async () => {
    for (const { code } of [authority, cast.supervisor, cast.registrar]) {
      expect(await refusal(city.act(agency, 'organization:suspend', code, reason))).toMatchObject({
        code: 'FORBIDDEN',
      });
    }
    expect(await refusal(city.act(authority, 'organization:suspend', authority.code, reason))).toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  test('by the data-authority is not lifted by the agency; the agency lifts its own', async () => {
    await city.act(authority, 'organization:suspend', operator.code, reason);
    expect(await refusal(city.act(agency, 'organization:reinstate', operator.code, reason))).toMatchObject({
      code: 'FORBIDDEN',
    });
    await city.act(authority, 'organization:reinstate', operator.code, reason);
    const authorized = await openCity('authorized');
    try {
      await authorized.act(agency, 'organization:suspend', operator.code, reason);
      const { record } = await authorized.act(agency, 'organization:reinstate', operator.code, reason);
      expect(record.state).toBe('admitted');
      expect(record.body).not.toHaveProperty('suspension');
    } finally {
      await authorized.close();
    }
  });

  test('is an agency’s that has an agreement with the organisation, and no other’s (fault B9)', async () => {
    const other = { ...agency, code: demoCode(981), name: '另一实施机构(演示)' };
    const { code, name, msp } = other;
    const roles = [{ role: 'implementing-agency', region: '310000' }];
    const rule = 'suspended-by-its-agency';
    const produced = await openCity('listed');
    const on = (by: typeof agency, act: string, id: string, input: object): ReturnType<City['act']> =>
      produced.act(by, `organization:${act}`, id, input);
    try {
      await on(authority, 'admit', code, { name, msp, roles });
      expect(await refusal(on(agency, 'suspend', operator.code, reason))).toMatchObject({ rule });
      const story = storyTo('authorized').slice(storyTo('listed').length);
      await produced.run(story.filter(({ act }) => act !== 'organization:qualify' && /^(plan|agreement)/.test(act)));
      for (const { code: id } of [operator, cast.developer]) {
        expect(await refusal(on(other, 'suspend', id, reason))).toMatchObject({ rule });
      }
      await on(agency, 'suspend', operator.code, reason); // by its agreement
      await on(agency, 'reinstate', operator.code, reason);
      await produced.act(agency, 'agreement:terminate', ids.agreement, reason);
      expect(await refusal(on(agency, 'suspend', operator.code, reason))).toMatchObject({ rule });
      expect((await on(authority, 'suspend', operator.code, reason)).record.state).toBe('suspended');
    } finally {
      await produced.close();
    }
  });

  describe('by a qualification', () => {
    const rule = 'suspended-by-its-agency';
    const basis = { digest: madeUpDigest('资质') };
    const stranger = { ...agency, code: demoCode(982), name: '另一实施机构(演示)' };
    const suspends = (one: City, id: string, by = agency, more: object = {}) =>
      one.act(by, 'organization:suspend', id, { ...reason, ...more });
    const reinstates = (one: City, id: string, by = agency) => one.act(by, 'organization:reinstate', id, reason);
    const qualifies = (one: City, id: string, role: string, more: object = {}, by = agency) =>
      one.act(by, 'organization:qualify', id, { role, basis, ...more });
    const story = storyTo('produced');
    const scenario = story.find(({ act }) => act === 'scenario:apply')?.input ?? {};

    let now: number;
    let own: City;
    beforeEach(async () => {
      now = Date.parse('2026-06-01T00:00:00.000Z');
      own = await openCity('authorized', { clock: () => new Date((now += 1000)) });
      const roles = [{ role: 'implementing-agency', region: '310000' }];
      await own.act(authority, 'organization:admit', stranger.code, {
        name: stranger.name,
        msp: stranger.msp,
        roles,
      });
    });
    afterEach(() => own.close());

    test('is the agency’s once its holder has acted on it, and not by its own word (fault B32)', async () => {
      for (const [id, role] of [
        [rival.code, 'developer'],
        [operator.code, 'operator'],
        [developer.code, 'operator'],
      ] as const) {
        await qualifies(own, id, role, {}, stranger);
        expect(await refusal(suspends(own, id, stranger))).toMatchObject({ rule });
      }
      await qualifies(own, rival.code, 'developer');
      expect(await refusal(suspends(own, rival.code))).toMatchObject({ rule });
      await own.act(rival, 'scenario:apply', 'B32-S', scenario);
      expect((await suspends(own, rival.code)).record.state).toBe('suspended');
      await reinstates(own, rival.code);
      expect(await refusal(suspends(own, rival.code, stranger))).toMatchObject({ rule });
    });

    test('lasts as long as the qualification that its holder acted on (fault B32)', async () => {
      await qualifies(own, rival.code, 'developer', { until: '2026-07-01T00:00:00.000Z' });
      await own.act(rival, 'scenario:apply', 'B32-S', scenario);
      await qualifies(own, rival.code, 'developer');
      now = Date.parse('2026-08-01T00:00:00.000Z');
      expect(await refusal(suspends(own, rival.code))).toMatchObject({ rule });
      await own.act(operator, 'scenario:return', 'B32-S', reason);
      await own.act(rival, 'scenario:reapply', 'B32-S', {});
      expect((await suspends(own, rival.code)).record.state).toBe('suspended');
    });

    test('is accepted by the operator that signs, and by who develops under a grant (fault B32)', async () => {
      await own.act(agency, 'agreement:terminate', ids.agreement, reason);
      expect((await suspends(own, operator.code)).record.state).toBe('suspended');
      await reinstates(own, operator.code);
      expect((await suspends(own, developer.code)).record.state).toBe('suspended');
    });

    test('is told of claims of control by its agency once it is acted on (fault B32)', async () => {
      await qualifies(own, rival.code, 'developer', {}, stranger);
      const claim = { basis: 'contract', since } as const;
      const { also } = await own.act(rival, 'organization:declare-control', rival.code, {
        ...claim,
        over: developer.code,
      });
      expect((await own.get(also[0] ?? '')).body).toMatchObject({ told: [developer.code, agency.code] });
    });

    test('is shown by the agreement or scenario where that is from before marks were kept (fault B32)', async () => {
      const time = '2026-06-15T00:00:00.000Z';
      const record = (ref: string) => own.get(ref).catch(() => undefined);
      const unmarked = { ...readerOf({ record, mark: () => Promise.resolve(undefined) }, undefined, time), time };
      const answers = async (id: string, under?: string, by = agency) => {
        const { body } = await own.get(`organization/${id}`);
        return answersFor(by.code, { id, body: body as OrganizationBody }, unmarked, under);
      };
      const [agreement, applied] = [`agreement/${ids.agreement}`, `scenario/${ids.scenario}`];
      expect(await answers(operator.code)).toBe(false);
      expect(await answers(operator.code, agreement)).toBe(true);
      expect(await answers(developer.code, agreement)).toBe(false);
      expect(await answers(developer.code, applied)).toBe(true);
      expect(await answers(operator.code, applied)).toBe(false);
      expect(await answers(operator.code, agreement, stranger)).toBe(false);
      expect(await refusal(suspends(own, operator.code, stranger, { under: agreement }))).toMatchObject({ rule });
      expect((await suspends(own, operator.code, agency, { under: agreement })).record.body).toMatchObject({
        suspension: { by: agency.code, reason: reason.reason },
      });
    });
  });
});
