// SPDX-License-Identifier: Apache-2.0
import { departmentOf } from 'yuanliu-demo/cast';
import { cast, CITY, demoCode, ids, madeUpDigest, use } from '../../builders';
import { expectProblem, expectRefused, openDoor, type Client, type Door, type Reply } from './door';

const department = departmentOf('金融服务', 0);
const other = departmentOf('医疗健康', 1);
const resource = { title: '企业登记信息', domain: '金融服务', region: CITY };

describe('bad input through the HTTP door', () => {
  let door: Door;
  let provider: Client;
  beforeAll(async () => {
    door = await openDoor('produced');
    provider = await door.as(department);
  });
  afterAll(() => door.close());

  const refused = (sending: () => Promise<Reply>, status: number, code: string) =>
    expectRefused(door, sending, status, code);

  describe('what is not there', () => {
    test('an unknown kind, and an unknown act, with those that there are', async () => {
      const kind = await refused(() => provider.post('/api/v1/secrets/S-1/anchor', {}), 404, 'NOT_FOUND');
      expect(kind.remedy).toContain('resources');
      const act = await refused(() => provider.post('/api/v1/resources/R-1/explode', {}), 404, 'NOT_FOUND');
      expect(act.remedy).toContain('anchor');
    });

    test('an unknown id, and an unknown version', async () => {
      await refused(() => provider.get('/api/v1/resources/nowhere'), 404, 'NOT_FOUND');
      await refused(() => provider.get('/api/v1/resources/R-1?version=9'), 404, 'NOT_FOUND');
      await refused(() => provider.get('/api/v1/resources/R-1/origins?version=9'), 404, 'NOT_FOUND');
      await refused(() => provider.get('/api/v1/resources/nowhere/history'), 404, 'NOT_FOUND');
      await refused(() => provider.get(`/api/v1/transactions/${'0'.repeat(64)}`), 404, 'NOT_FOUND');
      await refused(() => provider.get('/api/v1/blocks/999999'), 404, 'NOT_FOUND');
      await refused(() => provider.get('/api/v1/imports/none'), 404, 'NOT_FOUND');
      await refused(() => provider.get('/api/v1/operations/none'), 404, 'NOT_FOUND');
    });

    test('an unknown query parameter, on reads and on acts', async () => {
      const read = await refused(() => provider.get('/api/v1/resources?colour=red'), 400, 'UNKNOWN_PARAMETER');
      expect(read.issues).toMatchObject([{ path: 'colour', code: 'not-known-here', message: 'is not known here' }]);
      expect(read.remedy).toContain('domain');
      await refused(() => provider.post('/api/v1/resources/Q-1/anchor?force=1', resource), 400, 'UNKNOWN_PARAMETER');
      await refused(() => provider.get('/api/v1/status?x=1'), 400, 'UNKNOWN_PARAMETER');
    });

    test.each([
      ['/api/v1/resources?limit=0', 'limit'],
      ['/api/v1/resources?limit=abc', 'limit'],
      ['/api/v1/resources?limit=5&limit=6', 'limit'],
      ['/api/v1/resources?cursor=nonsense', 'cursor'],
      ['/api/v1/resources?state=flying', 'state'],
      ['/api/v1/resources?asOf=yesterday', 'asOf'],
      ['/api/v1/resources?asOf=99999', 'asOf'],
      ['/api/v1/resources/R-1?version=-1', 'version'],
      ['/api/v1/resources/R-1/destinations?depth=1.5', 'depth'],
      ['/api/v1/lookup?digest=md5:00', 'digest'],
      ['/api/v1/lookup', 'digest'],
      ['/api/v1/blocks/first', 'number'],
      ['/api/v1/transactions/nonsense', 'txId'],
    ])('a parameter that makes no sense: %s', async (path, parameter) => {
      const problem = await refused(() => provider.get(path), 400, 'INPUT_INVALID');
      expect(problem.issues.map(({ path: at }) => at)).toContain(parameter);
    });

    test.each(['asOf', 'dueBefore'])(
      '%s whose + was sent as it is, and so is a space, is told how (fault C8)',
      async (name) => {
        const path = name === 'asOf' ? '/api/v1/resources' : '/api/v1/worklist';
        const problem = await refused(
          () => provider.get(`${path}?${name}=2026-01-31T08:00:00+08:00`),
          400,
          'INPUT_INVALID',
        );
        expect(problem.detail).toBe(
          `query parameter ${name} has a space where a + was: in a URL + is written %2B, so send 2026-01-31T08%3A00%3A00%2B08%3A00`,
        );
      },
    );

    test.each([
      ['given twice', '/api/v1/resources?limit=5&limit=6', 'query parameter limit is given more than once'],
      ['left out', '/api/v1/lookup', 'query parameter digest is missing'],
      ['out of its words', '/api/v1/resources?sort=size', 'query parameter sort is none of id, changed'],
      ['empty', '/api/v1/resources?title=', 'query parameter title is empty'],
      ['too long', `/api/v1/resources?title=${'x'.repeat(201)}`, 'query parameter title is longer than 200 characters'],
    ])('a parameter %s is told in words of the house', async (_what, path, words) => {
      expect((await refused(() => provider.get(path), 400, 'INPUT_INVALID')).detail).toBe(words);
    });

    test('what is told only as it is now says so to whoever asks for the past', async () => {
      for (const path of ['/api/v1/status', '/api/v1/blocks/1', `/api/v1/transactions/${'0'.repeat(64)}`]) {
        const { detail } = await refused(() => provider.get(`${path}?asOf=3`), 400, 'UNKNOWN_PARAMETER');
        expect(detail).toContain('not as of a block or time');
      }
    });

    test('an instant that no four-digit year holds is no time to be as of', async () => {
      for (const time of ['9999-12-31T23:59:59-23:59', '0000-01-01T00:00:00%2B23:59']) {
        for (const path of ['/api/v1/resources', '/api/v1/resources/R-1/origins']) {
          await refused(() => provider.get(`${path}?asOf=${time}`), 400, 'INPUT_INVALID');
        }
      }
      expect((await provider.get('/api/v1/resources?asOf=9999-12-31T23:59:59Z')).status).toBe(200);
    });

    test('a method that is not open says which are', async () => {
      const reply = await provider.send('DELETE', '/api/v1/resources/R-1');
      expectProblem(reply, 405, 'METHOD_NOT_ALLOWED');
      expect(reply.headers['allow']).toBe('GET');
      await refused(() => provider.get('/api/v1/resources/R-1/anchor'), 405, 'METHOD_NOT_ALLOWED');
    });
  });

  describe('bodies', () => {
    const path = '/api/v1/resources/B-1/anchor';
    const sending =
      (body: string | Buffer, headers = {}) =>
      () =>
        provider.post(path, body, headers);

    test.each([
      ['cut short', '{"title": "企业'],
      ['words', 'title=x'],
      ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ])('not JSON: %s', async (_what, body) => {
      await refused(sending(body), 400, 'NOT_JSON');
    });

    test.each([
      ['a list', '[]'],
      ['null', 'null'],
      ['a text', '"x"'],
      ['10,000 levels deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
      ['10,000 lists deep', `{"title":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
      ['with __proto__', '{"__proto__": {"roles": ["data-authority"]}, "title": "x"}'],
      ['with a lone surrogate', `{"title": "\\ud800", "domain": "金融服务", "region": "${CITY}"}`],
      ['with a control character', `{"title": "a\\u0000b", "domain": "金融服务", "region": "${CITY}"}`],
    ])('JSON that is no input: %s', async (_what, body) => {
      const problem = await refused(sending(body), 400, 'INPUT_INVALID');
      expect(problem.remedy).toMatch(/./);
      await refused(sending(body, { 'Idempotency-Key': 'deep' }), 400, 'INPUT_INVALID');
    });

    test('every wrong field is named', async () => {
      const wrong = { title: '', domain: 5, region: 'here', digest: 'md5:1', colour: 'red' };
      const { issues } = await refused(() => provider.post(path, wrong), 400, 'INPUT_INVALID');
      const paths = issues.map(({ path: at }) => at);
      expect(paths).toEqual(expect.arrayContaining(['title', 'domain', 'region', 'digest']));
      expect(JSON.stringify(issues)).toContain('colour');
    });

    test('11 MB', async () => {
      const problem = await refused(sending(`{"title": "${'x'.repeat(11_000_000)}"}`), 413, 'TOO_LARGE');
      expect(problem.detail).toContain('1048576');
    });

    test('of another media type, or packed in a way that is not known', async () => {
      const problem = await refused(sending('a=b', { 'content-type': 'application/xml' }), 415, 'UNSUPPORTED_MEDIA');
      expect(problem.remedy).toContain('application/json');
      await refused(sending('{}', { 'content-encoding': 'snappy' }), 415, 'UNSUPPORTED_MEDIA');
    });
  });

  describe('ids', () => {
    test.each([
      ['with a slash', 'a%2Fb'],
      ['with NUL', 'a%00b'],
      ['of 300 characters', 'x'.repeat(300)],
      ['that climb', '%2e%2e'],
      ['with a space', 'a%20b'],
      ['with a version', 'R-1@1'],
      ['in full width', encodeURIComponent('Ｒ１')],
    ])('%s', async (_what, id) => {
      const act = await refused(() => provider.post(`/api/v1/resources/${id}/anchor`, resource), 400, 'INPUT_INVALID');
      expect(act.issues[0]?.path).toBe('id');
      const read = await refused(() => provider.get(`/api/v1/resources/${id}`), 400, 'INPUT_INVALID');
      expect(read.issues[0]?.path).toBe('id');
    });

    test('with an escape that is none', async () => {
      await refused(() => provider.get('/api/v1/resources/%zz'), 400, 'INPUT_INVALID');
    });

    test('a credit code with a wrong check digit', async () => {
      const authority = await door.as(cast.authority);
      const wrong = `${demoCode(77).slice(0, 17)}${demoCode(77).endsWith('0') ? '1' : '0'}`;
      const admission = { name: '某单位', msp: 'DeveloperMSP', roles: [{ role: 'developer', region: CITY }] };
      const problem = await refused(() => authority.act('organization:admit', wrong, admission), 400, 'INPUT_INVALID');
      expect(problem).toMatchObject({
        reason: { code: 'not-a-code' },
        remedy: expect.stringContaining('the last character is a check') as string,
      });
    });
  });

  describe('order and races', () => {
    test('an act out of order says which are open', async () => {
      await provider.act('resource:anchor', 'O-1', resource);
      const grade = { grade: { class: 'general', level: 2 } };
      const problem = await refused(() => provider.act('resource:grade', 'O-1', grade), 409, 'WRONG_STATE');
      expect(problem.remedy).toContain('catalogue');
      await refused(() => provider.act('resource:anchor', 'O-1', resource), 409, 'EXISTS');
    });

    test('one idempotency key for two requests', async () => {
      const key = { 'Idempotency-Key': 'one-key' };
      await provider.act('resource:anchor', 'K-1', resource, key);
      const problem = await refused(
        () => provider.act('resource:anchor', 'K-1', { ...resource, title: '别的' }, key),
        422,
        'KEY_REUSED',
      );
      expect(problem).toMatchObject({ reason: { code: 'key-reused' }, remedy: expect.any(String) as string });
      await refused(() => provider.act('resource:anchor', 'K-2', resource, key), 422, 'KEY_REUSED');
    });

    test('an idempotency key that is none, or two that differ', async () => {
      for (const key of ['x'.repeat(129), 'with space']) {
        await refused(
          () => provider.act('resource:anchor', 'K-3', resource, { 'Idempotency-Key': key }),
          400,
          'INPUT_INVALID',
        );
      }
      const body = { ...resource, idempotencyKey: 'one' };
      await refused(
        () => provider.act('resource:anchor', 'K-3', body, { 'Idempotency-Key': 'two' }),
        400,
        'INPUT_INVALID',
      );
    });

    test('lets exactly one of several simultaneous claims to an id win', async () => {
      const stranger = await door.as(other);
      for (let round = 0; round < 5; round++) {
        const id = `RACE-${round}`;
        const claims = await Promise.all(
          Array.from({ length: 6 }, (_, n) =>
            (n % 2 === 0 ? provider : stranger).act('resource:anchor', id, {
              ...resource,
              domain: '公共',
              title: `第 ${n} 个`,
            }),
          ),
        );
        const [winner, ...others] = claims.filter(({ status }) => status === 201);
        expect(others).toEqual([]);
        for (const reply of claims) if (reply !== winner) expectProblem(reply, 409, 'EXISTS');
        const authority = await door.as(cast.authority);
        const { body } = await authority.get(`/api/v1/resources/${id}/history`);
        expect(body.items).toHaveLength(1);
        expect(body.items[0]?.transaction.txId).toBe(winner?.body.receipt.txId);
      }
    });

    test('a report of what has not happened yet', async () => {
      const developer = await door.as(cast.developer);
      const future = use({ quantity: 1, occurredAt: '2100-01-01T00:00:00Z' });
      const problem = await refused(() => developer.act('usage:record', 'F-1', future), 400, 'INPUT_INVALID');
      expect(problem.detail).toContain('2100');
    });

    test('an input that does not exist', async () => {
      const operator = await door.as(cast.operator);
      const product = {
        title: '无源之水',
        authority: `agreement/${ids.agreement}`,
        inputs: ['resource/NOWHERE@1'],
        process: madeUpDigest('p'),
        digest: madeUpDigest('d'),
        form: 'dataset',
        purpose: '普惠金融授信',
        environment: '域内',
      };
      const reply = await operator.act('product:develop', 'X-1', product);
      expect([404, 422]).toContain(reply.status);
      expect(reply.body.detail).toContain('NOWHERE');
    });
  });
});
