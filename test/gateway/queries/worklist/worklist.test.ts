// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import { knownRules } from 'yuanliu-chaincode/kind/rule';
import { departmentOf, type Member } from 'yuanliu-demo/cast';
import { authorized, founding, graded, listed, produced, registered } from 'yuanliu-demo/story';
import { demoRulebook } from 'yuanliu-demo/rulebook';
import type { Task } from 'yuanliu-gateway/queries/worklist/answer';
import { cast, CITY, demoCode, ids, madeUpDigest } from '../../../builders';
import { expectProblem, openDoor, type Client, type Door } from '../../http/door';

const departments = [departmentOf('金融服务', 0), departmentOf('医疗健康', 1)];
const resources = [1, 2, 3, 4].map((n) => {
  const provider = departments[n > 2 ? 1 : 0] ?? cast.agency;
  return { id: `R-${n}`, domain: provider.name.slice(0, 4), provider };
});
const district: Member = { ...cast.registrar, code: demoCode(940), name: '区登记机构(演示)' };

let door: Door;
beforeAll(async () => {
  door = await openDoor('produced');
  const authority = await door.as(cast.authority);
  const { name, msp, role } = district;
  await authority.act('organization:admit', district.code, { name, msp, roles: [{ role, region: '310115' }] });
  const provider = await door.as(departments[0] ?? cast.agency);
  for (const id of ['W-1', 'W-2', 'W-3']) {
    const input = { title: `资源 ${id}`, domain: '金融服务', region: CITY, digest: madeUpDigest(id) };
    expect((await provider.act('resource:anchor', id, input)).status).toBe(201);
    expect((await provider.act('registration:apply', `REG-${id}`, { subject: `resource/${id}@1` })).status).toBe(201);
  }
});
afterAll(() => door.close());

async function worklist(who: Client, query = ''): Promise<Task[]> {
  const found: Task[] = [];
  let cursor = '';
  do {
    const { status, body } = await who.get(`/api/v1/worklist?limit=7${query}${cursor}`);
    expect(status).toBe(200);
    found.push(...body.items);
    cursor = (body.cursor as string | undefined) === undefined ? '' : `&cursor=${body.cursor}`;
  } while (cursor !== '');
  return found;
}

const rows = (tasks: readonly Task[]): string[] =>
  tasks.flatMap(({ ref, acts }) => acts.map(({ act }) => `${act} ${ref.replace(/@.*/, '')}`)).sort();

/** Inputs to try an act with: one of them is well-formed for most acts. */
const inputs = new Map<string, object[]>();
for (const { act, input } of [
  ...founding(departments),
  ...resources.flatMap(graded),
  ...resources.flatMap(registered),
  ...listed(resources),
  ...authorized(resources.slice(0, 2)),
  ...produced(resources.slice(0, 2)),
]) {
  inputs.set(act, [...(inputs.get(act) ?? []), input]);
}
const common = [{}, { reason: '核查' }, { outcome: '办结' }, { document: madeUpDigest('文书') }];

/** What a dry run says of authority and state; undefined where no input at hand is well-formed. */
async function tried(who: Client, act: string, id: string): Promise<'open' | 'closed' | undefined> {
  for (const input of [...(inputs.get(act) ?? []).slice(0, 1), ...common]) {
    const [kind, name] = act.split(':');
    const plural = kinds.find((one) => one.name === kind)?.plural ?? '';
    const { status, body } = await who.post(`/api/v1/${plural}/${id}/${name ?? ''}?dryRun=true`, input);
    if (body.reason?.code === 'input-unfit') continue;
    if (status === 200) return 'open';
    if (body.code === 'NOT_FOUND') return body.reason?.params['ref'] === `${kind ?? ''}/${id}` ? 'closed' : undefined;
    return ['FORBIDDEN', 'WRONG_STATE', 'EXISTS'].includes(body.code) ? 'closed' : 'open';
  }
  return undefined;
}

test('says of every act on every record what a dry run says of authority and state', async () => {
  const authority = await door.as(cast.authority);
  const { authority: founder, registrar, agency, operator, developer } = cast;
  const everyone = [founder, registrar, agency, operator, developer, ...departments.slice(0, 1), district];
  let [open, closed] = [0, 0];
  const records: string[] = [];
  for (const kind of kinds) {
    const { items } = (await authority.get(`/api/v1/${kind.plural}?limit=200`)).body;
    records.push(...items.map(({ record }) => `${record.kind}/${record.id}`));
  }
  for (const member of everyone) {
    const who = await door.as(member);
    const waiting = new Set(rows(await worklist(who)));
    for (const ref of records) {
      const [kindName = '', id = ''] = ref.split('/');
      const kind = kinds.find(({ name }) => name === kindName);
      const answer = await who.get(`/api/v1/${kind?.plural ?? ''}/${id}/acts`);
      const acts = answer.status === 200 ? answer.body.acts : [];
      const told = new Set(acts.map(({ act }) => `${act} ${ref}`));
      const saidToWait = acts.filter(({ waits }) => waits).map(({ act }) => `${act} ${ref}`);
      expect(saidToWait.filter((row) => !waiting.has(row))).toEqual([]);
      expect([...waiting].filter((row) => row.endsWith(` ${ref}`) && !saidToWait.includes(row))).toEqual([]);
      for (const act of kind?.acts.values() ?? []) {
        if (act.from.length === 0) continue;
        const verdict = await tried(who, `${kindName}:${act.name}`, id);
        if (verdict === undefined) continue;
        const row = `${kindName}:${act.name} ${ref}`;
        expect(`${member.name} ${row} ${told.has(row) ? 'open' : 'closed'}`).toBe(`${member.name} ${row} ${verdict}`);
        if (verdict === 'open') open++;
        else closed++;
      }
    }
  }
  expect(open).toBeGreaterThan(50);
  expect(closed).toBeGreaterThan(500);
}, 300_000);

test('shows a registrar what waits for any registrar of its region, and nothing to one of another', async () => {
  const applied = rows(await worklist(await door.as(cast.registrar), '&kind=registration&act=accept'));
  expect(applied).toEqual(['W-1', 'W-2', 'W-3'].map((id) => `registration:accept registration/REG-${id}`));
  expect(rows(await worklist(await door.as(district), '&kind=registration'))).toEqual([]);
});

test('reveals nothing of another organisation’s work, and is nobody’s without a token', async () => {
  expectProblem(await door.anyone.get('/api/v1/worklist'), 401, 'UNAUTHENTICATED');
  const rival = rows(await worklist(await door.as(cast.rival)));
  expect(
    rival.filter((row) => row.includes('REG-W') || row.includes(ids.grant) || row.includes(ids.agreement)),
  ).toEqual([]);
});

test('tells what is due first, the earliest first, by the periods of the rulebook then in force', async () => {
  const registrar = await door.as(cast.registrar);
  expect(await worklist(registrar, '&overdue=true')).toEqual([]);
  const { asOf } = (await registrar.get('/api/v1/worklist')).body;
  const limits = { ...demoRulebook.limits, 'registration-acceptance': 'P0D' };
  const amended = await (await door.as(cast.authority)).act('rulebook:amend', 'city', { ...demoRulebook, limits });
  expect(amended.status).toBe(201);

  const all = await worklist(registrar);
  const late = all.filter(({ due }) => due !== undefined);
  expect(late.map(({ ref }) => ref)).toEqual(['W-1', 'W-2', 'W-3'].map((id) => `registration/REG-${id}@1`));
  expect(all.slice(0, 3)).toEqual(late);
  expect(late.map(({ due }) => due)).toEqual(late.map(({ since }) => since));
  expect(late[0]?.acts.find(({ act }) => act === 'registration:accept')?.due).toEqual({
    by: late[0]?.since,
    since: late[0]?.since,
    overdue: true,
    period: 'registration-acceptance',
  });
  expect(await worklist(registrar, '&overdue=true')).toEqual(late);
  expect(await worklist(registrar, `&dueBefore=${late[1]?.due ?? ''}`)).toEqual(late.slice(0, 1));
  expect(await worklist(registrar, `&overdue=true&asOf=${asOf}`)).toEqual([]);
});

test('is as of a past block or time, with what was due then', async () => {
  const agency = await door.as(cast.agency);
  const { items } = (await agency.get(`/api/v1/agreements/${ids.agreement}/history`)).body;
  const filed = items.find((item) => JSON.stringify(item).includes('"name":"file"'));
  const block = (filed?.transaction.block ?? 0) - 1;
  const then = await worklist(agency, `&asOf=${block}&kind=agreement`);
  const act = then[0]?.acts.find((one) => one.act === 'agreement:file');
  expect(act?.due).toMatchObject({
    period: 'filing',
    rule: 'agreement-filed',
    article: demoRulebook.rules['agreement-filed']?.article,
  });
  const now = await worklist(agency, '&kind=agreement');
  expect(now.flatMap(({ acts }) => acts).find((one) => one.act === 'agreement:file')?.due).toBeUndefined();
  expect(now.flatMap(({ due }) => due ?? [])).toEqual([]);
});

test('goes on page by page as of one block while the ledger goes on', async () => {
  const registrar = await door.as(cast.registrar);
  const first = (await registrar.get('/api/v1/worklist?kind=registration&act=accept&limit=1')).body;
  expect((await registrar.act('registration:accept', 'REG-W-2')).status).toBe(201);
  const next = await registrar.get(`/api/v1/worklist?kind=registration&act=accept&limit=1&cursor=${first.cursor}`);
  expect(next.body.items.map(({ ref }) => ref)).toEqual(['registration/REG-W-2@1']);
  expect(next.body.asOf).toBe(first.asOf);
  const again = await worklist(registrar, '&kind=registration&act=accept');
  expect(again.map(({ ref }) => ref)).toEqual(['registration/REG-W-1@1', 'registration/REG-W-3@1']);
});

test('leaves a suspended organisation its reports, and nothing new to begin', async () => {
  const authority = await door.as(cast.authority);
  const agency = await door.as(cast.agency);
  const suspending = async () => {
    const { acts } = (await agency.get(`/api/v1/agreements/${ids.agreement}/acts`)).body;
    return acts.filter(({ act }) => act === 'agreement:suspend').map(({ nature }) => nature);
  };
  expect(await suspending()).toEqual(['decision']);
  expect((await authority.act('organization:suspend', cast.agency.code, { reason: '检查' })).status).toBe(201);
  expect(await suspending()).toEqual([]);
  expect((await authority.act('organization:reinstate', cast.agency.code, { reason: '合格' })).status).toBe(201);
});

test('takes due dates from periods and rules that there are', () => {
  const dues = kinds.flatMap(({ acts }) => [...acts.values()].flatMap(({ due }) => due ?? []));
  expect(dues.length).toBeGreaterThan(0);
  expect(dues.filter(({ rule }) => rule !== undefined && !knownRules.has(rule))).toEqual([]);
});
