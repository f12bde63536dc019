// SPDX-License-Identifier: Apache-2.0
import { demoRulebook } from 'yuanliu-demo/rulebook';
import { anchored, cast, demoCode, madeUpDigest, openCity, refusal, type City } from '../builders';

const DAY = 86_400_000;
const paper = { digest: madeUpDigest('委托书') };

let city: City;
let shift = 0;
let serial = 0;
beforeAll(async () => {
  city = await openCity('founded', { clock: () => new Date(Date.now() + shift) });
  const limits = { 'registration-acceptance': 'P3D', 'registration-review': 'P20D', 'registration-validity': 'P3Y' };
  const periods = { ...demoRulebook.periods, publicity: 'P10D' };
  await city.act(cast.authority, 'rulebook:amend', 'city', { ...demoRulebook, periods, limits });
});
afterAll(() => city.close());

/** A graded resource of its own, and the id of a registration of it that is yet to be made. */
async function resource() {
  const [provider] = city.departments;
  const id = `R-reg-${++serial}`;
  await city.run(anchored({ id, domain: '金融服务', provider }));
  await city.act(provider, 'resource:catalogue', id, { sharing: { type: 'conditional' } });
  await city.act(provider, 'resource:grade', id, { grade: { class: 'general', level: 1 } });
  return { provider, resource: id, subject: `resource/${id}@1`, id: `REG-${id}` };
}
type Registrable = Awaited<ReturnType<typeof resource>>;

const by = (act: string, id: string, input: object = {}) => city.act(cast.registrar, `registration:${act}`, id, input);

async function publicized(one: Registrable, id = one.id, asked: object = {}): Promise<void> {
  await city.act(one.provider, 'registration:apply', id, { subject: one.subject, ...asked });
  await by('accept', id);
  await by('review', id, { result: 'pass', opinion: '通过' });
  await by('publicize', id);
}

async function coded(one: Registrable, id = one.id, asked: object = {}, coding: object = {}) {
  await publicized(one, id, asked);
  shift += 11 * DAY;
  return by('code', id, { code: `NATIONAL-${one.resource}`, ...coding });
}

/** Whether the ledger takes the resource for registered: a catalogue with it is published without a due date. */
async function isRegistered({ provider, resource: id }: Registrable): Promise<boolean> {
  const catalogue = `C-${id}-${++serial}`;
  await city.act(cast.agency, 'catalogue:compile', catalogue, { title: '目录', region: '310000', resources: [id] });
  await city.act(provider, 'catalogue:confirm', catalogue);
  const { record } = await city.act(cast.agency, 'catalogue:publish', catalogue);
  return !record.act.violations.some(({ rule }) => rule === 'registered');
}

describe('a first registration', () => {
  test('goes from application to code, and makes the resource registered until it expires by itself', async () => {
    const one = await resource();
    expect(await isRegistered(one)).toBe(false);
    const validUntil = new Date(Date.now() + shift + 20 * DAY).toISOString();
    const { record } = await coded(one, one.id, {}, { validUntil });
    expect(record).toMatchObject({ state: 'coded', body: { validUntil, code: `NATIONAL-${one.resource}` } });
    expect(await isRegistered(one)).toBe(true);
    shift += 10 * DAY;
    expect(await isRegistered(one)).toBe(false);
    expect(await city.get(`registration/${one.id}`)).toEqual(record); // expiry writes nothing
  });

  test('is valid for as long as the rulebook says, where the registrar says nothing, and for no longer', async () => {
    const one = await resource();
    const forever = coded(one, one.id, {}, { validUntil: '2200-01-01T00:00:00Z' });
    expect(await refusal(forever)).toMatchObject({ rule: 'registration-validity' });
    const { record } = await by('code', one.id, { code: 'NATIONAL-3' });
    const { codedAt, validUntil } = record.body as { codedAt: string; validUntil: string };
    expect(Number(validUntil.slice(0, 4)) - Number(codedAt.slice(0, 4))).toBe(3);
  });

  test('of what is registered is refused, and so is a code that is another subject’s', async () => {
    const [one, other] = [await resource(), await resource()];
    await coded(one);
    const again = city.act(one.provider, 'registration:apply', `${one.id}-2`, { subject: one.subject });
    expect(await refusal(again)).toMatchObject({ code: 'REFUSED', rule: 'registration-follows' });
    const taken = coded(other, other.id, {}, { code: `NATIONAL-${one.resource}` });
    expect(await refusal(taken)).toMatchObject({ rule: 'code-unique' });
  });

  test('is coded only after its publicity', async () => {
    const one = await resource();
    await publicized(one);
    expect(await refusal(by('code', one.id, { code: 'early' }))).toMatchObject({ rule: 'publicity-over' });
  });
});

describe('the registrar', () => {
  test('asks for a supplement, and it goes on where it was asked', async () => {
    const one = await resource();
    await city.act(one.provider, 'registration:apply', one.id, { subject: one.subject });
    await by('accept', one.id);
    expect((await by('request-supplement', one.id, { asked: '补充说明' })).record.state).toBe('supplement-requested');
    expect(await refusal(by('review', one.id, { result: 'pass', opinion: '通过' }))).toMatchObject({
      code: 'WRONG_STATE',
    });
    const stranger = city.act(cast.developer, 'registration:supplement', one.id, { documents: [paper] });
    expect(await refusal(stranger)).toMatchObject({ code: 'FORBIDDEN' });
    const { record } = await city.act(one.provider, 'registration:supplement', one.id, { documents: [paper] });
    expect(record).toMatchObject({ state: 'accepted', version: 1 });
  });

  test('that lets its time pass is not refused, but it is on record', async () => {
    const one = await resource();
    await city.act(one.provider, 'registration:apply', one.id, { subject: one.subject });
    shift += 4 * DAY;
    expect((await by('accept', one.id)).record.act.violations).toMatchObject([{ rule: 'registrar-in-time' }]);
    shift += 21 * DAY;
    const { record } = await by('review', one.id, { result: 'fail', opinion: '材料不符' });
    expect(record).toMatchObject({ state: 'failed', act: { violations: [{ rule: 'registrar-in-time' }] } });
  });

  test('declines, and nobody else does the registrar’s part', async () => {
    const one = await resource();
    await city.act(one.provider, 'registration:apply', one.id, { subject: one.subject });
    for (const act of ['accept', 'decline', 'request-supplement']) {
      expect(await refusal(city.act(cast.agency, `registration:${act}`, one.id, input(act)))).toMatchObject({
        code: 'FORBIDDEN',
      });
    }
    expect((await by('decline', one.id, { reason: '不属登记范围' })).record.state).toBe('declined');
  });

  const input = (act: string): object =>
    act === 'decline' ? { reason: '越权' } : act === 'accept' ? {} : { asked: '越权' };

  test('revokes a registration: the resource is not registered from then on, and may apply anew', async () => {
    const one = await resource();
    await coded(one);
    expect(await refusal(city.act(one.provider, 'registration:revoke', one.id, { reason: '自行' }))).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await by('revoke', one.id, { reason: '隐瞒事实' })).record.state).toBe('revoked');
    expect(await isRegistered(one)).toBe(false);
    await coded(one, `${one.id}-2`);
    expect(await isRegistered(one)).toBe(true);
  });

  test('revokes one that has expired, and leaves the one that followed it in force', async () => {
    const one = await resource();
    const validUntil = new Date(Date.now() + shift + 20 * DAY).toISOString();
    await coded(one, one.id, {}, { validUntil });
    shift += 10 * DAY;
    await coded(one, `${one.id}-2`);
    await by('revoke', one.id, { reason: '隐瞒事实' });
    expect(await isRegistered(one)).toBe(true);
    await by('revoke', `${one.id}-2`, { reason: '隐瞒事实' });
    expect(await isRegistered(one)).toBe(false);
  });
});

describe('an objection', () => {
  const objection = { reason: '权属争议', evidence: madeUpDigest('证据') };

  test('stops the code until it is dismissed; one upheld fails the registration', async () => {
    const one = await resource();
    await publicized(one);
    await city.act(cast.rival, 'registration:object', one.id, objection);
    const { record } = await city.act(cast.operator, 'registration:object', one.id, objection);
    expect(record.body).toMatchObject({
      objections: [{ organization: cast.rival.code }, { organization: cast.operator.code }],
    });
    shift += 11 * DAY;
    expect(await refusal(by('code', one.id, { code: 'no' }))).toMatchObject({ code: 'WRONG_STATE' });
    const dismissed = { objection: 1, outcome: 'dismissed', opinion: '不成立' };
    expect((await by('resolve', one.id, dismissed)).record.state).toBe('objected');
    expect(await refusal(by('resolve', one.id, dismissed))).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await refusal(by('resolve', one.id, { ...dismissed, objection: 3 }))).toMatchObject({
      code: 'INPUT_INVALID',
    });
    expect((await by('resolve', one.id, { ...dismissed, objection: 2, outcome: 'upheld' })).record.state).toBe(
      'failed',
    );
  });

  test('comes from any admitted organisation, of whatever district, and only during publicity', async () => {
    const one = await resource();
    const district = { ...cast.rival, code: demoCode(950) };
    await city.act(cast.authority, 'organization:admit', district.code, {
      name: '外区企业(演示)',
      msp: district.msp,
      roles: [{ role: 'developer', region: '310101' }],
    });
    await publicized(one);
    const unproved = city.act(district, 'registration:object', one.id, { reason: '无证据' });
    expect(await refusal(unproved)).toMatchObject({ code: 'INPUT_INVALID' });
    expect((await city.act(district, 'registration:object', one.id, objection)).record.state).toBe('objected');
    await by('resolve', one.id, { objection: 1, outcome: 'dismissed', opinion: '不成立' });
    shift += 11 * DAY;
    expect(await refusal(city.act(district, 'registration:object', one.id, objection))).toMatchObject({
      rule: 'objection-in-publicity',
    });
    expect((await by('code', one.id, { code: `NATIONAL-${one.resource}` })).record.state).toBe('coded');
  });
});

describe('an agent', () => {
  test('applies and withdraws for the holder with its letter, and the holder may withdraw it too', async () => {
    const one = await resource();
    const asked = { subject: one.subject, holder: one.provider.code, letter: paper };
    const applied = await city.act(cast.operator, 'registration:apply', one.id, asked);
    expect(applied.record.body).toMatchObject({
      applicant: one.provider.code,
      agent: { organization: cast.operator.code },
    });
    const withdrawn = await city.act(one.provider, 'registration:withdraw', one.id, { reason: '未委托' });
    expect(withdrawn.record.state).toBe('withdrawn');
    await city.act(cast.operator, 'registration:apply', `${one.id}-2`, asked);
    await city.act(cast.operator, 'registration:withdraw', `${one.id}-2`, { reason: '材料有误' });
  });

  test('without a letter, or for who does not hold the subject, is refused', async () => {
    const one = await resource();
    const { letter: _, ...without } = { subject: one.subject, holder: one.provider.code, letter: paper };
    expect(await refusal(city.act(cast.operator, 'registration:apply', one.id, without))).toMatchObject({
      code: 'INPUT_INVALID',
    });
    const wrong = { ...without, holder: cast.rival.code, letter: paper };
    expect(await refusal(city.act(cast.operator, 'registration:apply', one.id, wrong))).toMatchObject({
      rule: 'registers-own',
    });
  });
});

describe('a registration in force', () => {
  test.each(['change', 'correction', 'renewal'])('is superseded by its %s, without a gap', async (type) => {
    const one = await resource();
    await coded(one);
    const next = `${one.id}-2`;
    const { also } = await coded(one, next, { type, of: `registration/${one.id}` });
    expect(also).toEqual([`registration/${one.id}`]);
    expect((await city.get(`registration/${one.id}`)).state).toBe('superseded');
    expect(await isRegistered(one)).toBe(true);
    const stale = city.act(one.provider, 'registration:apply', `${one.id}-3`, {
      subject: one.subject,
      type,
      of: `registration/${one.id}`,
    });
    expect(await refusal(stale)).toMatchObject({ rule: 'registration-follows' });
  });

  test('ends by its cancellation, which needs no publicity', async () => {
    const one = await resource();
    await coded(one);
    const next = `${one.id}-2`;
    const asked = { subject: one.subject, type: 'cancellation', of: `registration/${one.id}` };
    await city.act(one.provider, 'registration:apply', next, asked);
    await by('accept', next);
    await by('review', next, { result: 'pass', opinion: '通过' });
    expect(await refusal(by('publicize', next))).toMatchObject({ code: 'WRONG_STATE' });
    expect((await by('cancel', next)).record.state).toBe('completed');
    expect((await city.get(`registration/${one.id}`)).state).toBe('cancelled');
    expect(await isRegistered(one)).toBe(false);
  });

  test('is followed by its own holder’s applications for the same subject only', async () => {
    const [one, other] = [await resource(), await resource()];
    await coded(one);
    const asked = { subject: other.subject, type: 'change', of: `registration/${one.id}` };
    const crossed = city.act(other.provider, 'registration:apply', other.id, asked);
    expect(await refusal(crossed)).toMatchObject({ rule: 'registration-follows' });
    const first = city.act(other.provider, 'registration:apply', other.id, { ...asked, type: 'initial' });
    expect(await refusal(first)).toMatchObject({ code: 'INPUT_INVALID' });
  });
});
