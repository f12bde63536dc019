// SPDX-License-Identifier: Apache-2.0
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { adminShapes } from 'yuanliu-gateway/http/routes/admin';
import { administratorTokenFile } from 'yuanliu-gateway/http/middleware/administrator';
import type { Standing } from 'yuanliu-gateway/identity/person';
import { cast, CITY, demoCode } from '../../builders';
import { client, expectProblem, openDoor, type Client, type Door } from './door';

const { authority } = cast;

describe('the administrator of a gateway', () => {
  let door: Door;
  let admin: Client;
  beforeAll(async () => {
    door = await openDoor('founded');
    admin = await administrator();
  });
  afterAll(() => door.close());

  async function administrator(): Promise<Client> {
    const token = (await readFile(administratorTokenFile(door.directory), 'utf8')).trim();
    return client(() => door.gateway.adminUrl, { authorization: `Bearer ${token}` });
  }

  const perform = async (act: string, user: string, input: object = {}, organization: string = authority.code) => {
    const path = `/admin/v1/identities/${organization}/${encodeURIComponent(user)}/${act}`;
    return admin.post(path, input);
  };
  const standing = async (act: string, user: string, input: object = {}): Promise<Standing> => {
    const { status, bytes } = await perform(act, user, input);
    expect([act, status]).toEqual([act, 200]);
    const body: unknown = JSON.parse(bytes.toString('utf8'));
    return adminShapes.get('Person')?.parse(body) as Standing;
  };
  const listed = async (query: string): Promise<{ items: Standing[]; cursor?: string }> => {
    const { bytes } = await admin.get(`/admin/v1/identities?${query}`);
    return adminShapes.get('People')?.parse(JSON.parse(bytes.toString('utf8'))) as { items: Standing[] };
  };

  test('is whoever can read the token in its folder, and nobody else', async () => {
    expect((await stat(administratorTokenFile(door.directory))).mode & 0o777).toBe(0o600);
    const { token } = await door.gateway.account({ mspId: 'AuthorityMSP', organization: authority.code, user: 'u' });
    const sentBy: Record<string, string>[] = [
      {},
      { authorization: 'Bearer ' + 'ab'.repeat(32) },
      { authorization: `Bearer ${token ?? ''}` },
    ];
    for (const sent of sentBy) {
      const stranger = client(() => door.gateway.adminUrl, sent);
      expectProblem(await stranger.get('/admin/v1/identities'), 401, 'UNAUTHENTICATED');
      expectProblem(await stranger.post(`/admin/v1/identities/${authority.code}/u/revoke`, {}), 401, 'UNAUTHENTICATED');
    }
    expect((await listed('user=u')).items).toMatchObject([{ state: 'enrolled' }]);
    expectProblem(await door.anyone.get('/admin/v1/identities'), 404, 'NOT_FOUND'); // not on the port of the API
  });

  test('registers, enrols and renews a person, each with a repeat that changes nothing but the renewal', async () => {
    const registered = await standing('register', '甲');
    expect(registered).toMatchObject({ user: '甲', organization: authority.code, state: 'registered' });
    expect(await standing('register', '甲')).toEqual(registered);
    const enrolled = await standing('enrol', '甲');
    expect(enrolled).toMatchObject({ state: 'enrolled', mspId: 'AuthorityMSP', registered: registered.registered });
    expect(await standing('enrol', '甲')).toEqual(enrolled);
    expect((await standing('renew', '甲')).serial).not.toBe(enrolled.serial);
    expectProblem(await perform('renew', '无人'), 404, 'NOT_FOUND');
  });

  test('revokes a person, who then acts no more: not here', async () => {
    const before = await door.as({ ...authority, user: '乙' });
    const admitted = () => before.act('organization:admit', demoCode(901), NEWCOMER);
    expect((await admitted()).status).toBe(201);
    const revoked = await standing('revoke', '乙', { reason: 'keycompromise' });
    expect(revoked).toMatchObject({ state: 'revoked', revoked: { reason: 'keycompromise' } });
    expect(await standing('revoke', '乙', { reason: 'superseded' })).toEqual(revoked);
    const refused = await before.act('organization:admit', demoCode(902), NEWCOMER);
    expect(expectProblem(refused, 403, 'FORBIDDEN').detail).toMatch(/乙 .* were revoked at .*keycompromise/);
    for (const act of ['register', 'enrol', 'renew']) expectProblem(await perform(act, '乙'), 403, 'FORBIDDEN');
    expectProblem(await perform('revoke', '无人'), 404, 'NOT_FOUND');

    await door.restart();
    admin = await administrator();
    expect((await listed('user=%E4%B9%99')).items).toEqual([revoked]);
    expectProblem(await perform('enrol', '乙'), 403, 'FORBIDDEN');
  });

  test('lists people a page at a time, by organisation, name and state, by cursors of its own only (fault C6)', async () => {
    for (const user of ['丙1', '丙2', '丙3']) await standing('enrol', user);
    const everybody = (await listed('limit=200')).items;
    const paged: Standing[] = [];
    let cursor: string | undefined;
    do {
      const page = await listed(`limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      expect(page.items.length).toBeLessThanOrEqual(2);
      paged.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(paged).toEqual(everybody);
    const taken = (await listed('limit=2')).cursor ?? '';
    for (const own of [
      'cursor=nonsense',
      `cursor=${Buffer.from('0').toString('base64url')}`,
      `cursor=${taken}&user=u`,
    ]) {
      expectProblem(await admin.get(`/admin/v1/identities?${own}`), 400, 'INPUT_INVALID');
    }
    expect((await listed(`organization=${authority.code}&state=revoked`)).items.map(({ user }) => user)).toEqual([
      '乙',
    ]);
    expectProblem(await admin.get('/admin/v1/identities?stat=revoked'), 400, 'UNKNOWN_PARAMETER');
  });

  test('registers nobody under a name that no token, certificate or Fabric CA can hold', async () => {
    for (const name of ['甲:乙', '甲/乙', 'a=b', ' a', '甲\n', 'x'.repeat(65)]) {
      for (const act of ['register', 'enrol', 'renew']) {
        const problem = expectProblem(await perform(act, name), 400, 'INPUT_INVALID');
        expect(problem.issues).toMatchObject([
          { path: 'user', message: expect.stringContaining('letters and digits') },
        ]);
      }
      expectProblem(await perform('revoke', name), 404, 'NOT_FOUND'); // one known from before can be revoked
    }
    for (const act of ['register', 'enrol']) {
      const asAnother = expectProblem(await perform(act, `甲@${authority.code}`), 400, 'INPUT_INVALID');
      expect(asAnother.issues[0]?.message).toMatch('ends in the code of an organisation'); // 甲 would stand on the ledger
    }
    for (const name of ['王 五', 'li.si@example', 'x'.repeat(64)]) await standing('register', name);
  });

  test('is told what is wrong with a request', async () => {
    const problem = expectProblem(await perform('register', '丁', {}, '123'), 400, 'INPUT_INVALID');
    expect(problem.issues).toMatchObject([{ path: 'organization' }]);
    expectProblem(await perform('register', '丁', {}, demoCode(999)), 400, 'INPUT_INVALID'); // of which MSP?
    expectProblem(await perform('register', '丁', { msp: 'NobodyMSP' }, demoCode(999)), 403, 'FORBIDDEN');
    expect((await perform('register', '丁', { msp: 'DeveloperMSP' }, demoCode(999))).status).toBe(200);
    expectProblem(await perform('revoke', '丁', { reason: 'whim' }), 400, 'INPUT_INVALID');
    expectProblem(await admin.post(`/admin/v1/identities/${authority.code}/x/register`, '{'), 400, 'NOT_JSON');
    expectProblem(await admin.get('/admin/v2'), 404, 'NOT_FOUND');
  });

  test('finds the routes described', async () => {
    const { bytes } = await admin.get('/openapi.json');
    const { paths, components } = JSON.parse(bytes.toString('utf8')) as {
      paths: Record<string, Record<string, { security: object[] }>>;
      components: { schemas: object };
    };
    const acts = ['register', 'enrol', 'renew', 'revoke'].map(
      (act) => `/admin/v1/identities/{organization}/{user}/${act}`,
    );
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/admin/v1/identities', ...acts, '/openapi.json']));
    expect(paths['/admin/v1/identities']?.['get']?.security).toEqual([{ token: [] }]);
    for (const [, name] of JSON.stringify(paths).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      expect(Object.keys(components.schemas)).toContain(name);
    }
  });

  test('keeps everything in folders that nobody else may enter', async () => {
    for (const name of ['identities', 'ledger', 'index', 'imports']) {
      expect([name, (await stat(join(door.directory, name))).mode & 0o777]).toEqual([name, 0o700]);
    }
  });
});

const NEWCOMER = { name: '某部门(演示)', msp: 'DepartmentMSP', roles: [{ role: 'department', region: CITY }] };
