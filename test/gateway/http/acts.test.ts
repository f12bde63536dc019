// SPDX-License-Identifier: Apache-2.0
import { apiShapes } from 'yuanliu-gateway/http/app';
import { cast, CITY, demoCode, ids, use } from '../../builders';
import { departmentOf } from 'yuanliu-demo/cast';
import { expectProblem, openDoor, type Client, type Door } from './door';

const department = departmentOf('金融服务', 0);
const resource = { title: '企业登记信息', domain: '金融服务', region: CITY };

describe('acts over HTTP', () => {
  let door: Door;
  let provider: Client;
  beforeAll(async () => {
    door = await openDoor('produced');
    provider = await door.as(department);
  });
  afterAll(() => door.close());

  test('answers an act with the record, its receipt and where to find it', async () => {
    const reply = await provider.act('resource:anchor', 'A-1', resource);
    expect(reply.status).toBe(201);
    expect(reply.headers['location']).toBe('/api/v1/resources/A-1');
    expect(apiShapes.get('ResourceAnswer')?.parse(reply.body)).toEqual(reply.body);
    const { record, receipt, also, violations } = reply.body;
    expect(record).toMatchObject({
      id: 'A-1',
      version: 1,
      state: 'anchored',
      body: { ...resource, provider: department.code },
    });
    expect(record.act).toMatchObject({ user: department.user, organization: department.code, txId: receipt.txId });
    expect(receipt).toMatchObject({ channel: 'public-data', chaincode: 'yuanliu', validationCode: 'VALID' });
    expect([also, violations]).toEqual([[], []]);
  });

  test('lets the caller read at once what it wrote', async () => {
    for (let n = 0; n < 5; n++) {
      const { body } = await provider.act('resource:anchor', `A-now-${n}`, resource);
      const read = await provider.get(`/api/v1/resources/A-now-${n}`);
      expect(read.body).toEqual({
        record: body.record,
        transaction: { txId: body.receipt.txId, block: body.receipt.blockNumber, index: 0 },
      });
    }
  });

  test('gives a repeated request its first answer, without a new transaction', async () => {
    const key = { 'Idempotency-Key': 'first-answer' };
    const first = await provider.act('resource:anchor', 'A-key', resource, key);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    await provider.act('resource:revise', 'A-key', { title: '改过的标题' });
    const before = await door.mark();
    const again = await provider.act('resource:anchor', 'A-key', resource, key);
    expect(again).toMatchObject({ status: 201, body: first.body, headers: { 'idempotency-replayed': 'true' } });
    const inBody = await provider.act('resource:anchor', 'A-key', { ...resource, idempotencyKey: 'first-answer' });
    expect(inBody).toMatchObject({ status: 201, body: first.body });
    expect(await door.mark()).toEqual(before);
  });

  test('gives simultaneous repeats one answer and one record', async () => {
    const key = { 'Idempotency-Key': 'all-at-once' };
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => provider.act('resource:anchor', 'A-once', resource, key)),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(201));
    expect(new Set(replies.map(({ body }) => body.receipt.txId)).size).toBe(1);
    expect((await provider.get('/api/v1/resources/A-once/history')).body.items).toHaveLength(1);
  });

  test('tells in a dry run what would happen, and writes nothing', async () => {
    const before = await door.mark();
    const reply = await provider.post('/api/v1/resources/A-dry/anchor?dryRun=true', resource);
    expect(reply).toMatchObject({ status: 200, body: { dryRun: true, record: { id: 'A-dry', state: 'anchored' } } });
    expect(apiShapes.get('ResourceDryRun')?.parse(reply.body)).toEqual(reply.body);
    expectProblem(await provider.post('/api/v1/resources/A-1/anchor?dryRun=true', resource), 409, 'EXISTS');
    expectProblem(await provider.get('/api/v1/resources/A-dry'), 404, 'NOT_FOUND');
    expect(await door.mark()).toEqual(before);
  });

  test('answers 202 with an operation to poll where the client does not wait', async () => {
    const started = await provider.act('resource:anchor', 'A-later', resource, { Prefer: 'respond-async' });
    expect(started).toMatchObject({ status: 202, body: { state: 'pending' } });
    const path = String(started.headers['location']);
    const done = await settled(provider, path);
    expect(done).toMatchObject({
      operation: started.body.operation,
      state: 'done',
      result: { record: { id: 'A-later' } },
    });
    expect(apiShapes.get('Operation')?.parse(done)).toEqual(done);

    const refused = await provider.act('resource:anchor', 'A-later', resource, { Prefer: 'respond-async' });
    expect(await settled(provider, String(refused.headers['location']))).toMatchObject({
      state: 'failed',
      result: { code: 'EXISTS', status: 409 },
    });
    const stranger = await door.as(cast.developer);
    expectProblem(await stranger.get(path), 404, 'NOT_FOUND');
  });

  test('refuses an organisation under an MSP that the channel does not know, dry or not (fault E2)', async () => {
    const authority = await door.as(cast.authority);
    const input = { name: '供应商(演示)', msp: 'DevelopperMSP', roles: [{ role: 'developer', region: CITY }] };
    for (const query of ['', '?dryRun=true']) {
      const path = `/api/v1/organizations/${demoCode(702)}/admit${query}`;
      const problem = expectProblem(await authority.post(path, input), 400, 'INPUT_INVALID');
      expect(problem.issues).toMatchObject([
        { path: 'msp', message: expect.stringContaining('DeveloperMSP') as string },
      ]);
      expect(problem.remedy).toContain('add-org');
    }
  });

  test('tells by its operation what became of a write after the gateway was restarted (fault F6)', async () => {
    const started = await provider.act('resource:anchor', 'A-outlives', resource, { Prefer: 'respond-async' });
    const path = String(started.headers['location']);
    const { result } = await settled(provider, path);
    await door.restart();
    const after = await provider.get(path);
    const { receipt } = result as { receipt: { blockNumber: number } };
    expect(after).toMatchObject({
      status: 200,
      body: { operation: started.body.operation, state: 'done', result: { receipt, changed: ['resource/A-outlives'] } },
    });
    expect(apiShapes.get('Operation')?.parse(after.body)).toEqual(after.body);
    const unknown = expectProblem(await provider.get(`/api/v1/operations/${'0'.repeat(64)}`), 404, 'NOT_FOUND');
    expect(unknown.remedy).toContain('the same Idempotency-Key');
  });

  test('refuses a decision that breaks a rule, with rule, article and remedy', async () => {
    const developer = await door.as(cast.developer);
    const before = await door.mark();
    const problem = expectProblem(
      await developer.act('usage:request', 'U-other', use({ purpose: '商业营销', quantity: 1 })),
      422,
      'REFUSED',
    );
    expect(problem).toMatchObject({ rule: 'within-chain', article: '第二十二条' });
    expect(problem.violations[0]?.message).toContain('商业营销');
    expect(await door.mark()).toEqual(before);
  });

  test('tells what is wrong, why and what to do in the language asked for, and codes beside it (fault E6)', async () => {
    const developer = await door.as(cast.developer);
    const asked = use({ purpose: '商业营销', quantity: 1 });
    const [chinese, english] = await Promise.all(
      ['zh-CN', 'en-GB'].map(async (language) =>
        expectProblem(
          await developer.act('usage:request', 'U-words', asked, { 'accept-language': language }),
          422,
          'REFUSED',
        ),
      ),
    );
    expect(chinese?.violations[0]).toMatchObject({
      rule: 'within-chain',
      code: 'outside-purposes',
      params: { purpose: '商业营销' },
      message: expect.stringMatching(/^用途“商业营销”不在.*的用途范围内/) as string,
      remedy: '请在授权范围内办理，或者申请变更授权',
    });
    expect(chinese).toMatchObject({ requirement: '不得超授权范围使用公共数据资源。', reason: { code: 'refused' } });
    expect(english?.violations[0]).toMatchObject({
      code: 'outside-purposes',
      message: expect.stringContaining('purpose 商业营销 is not among') as string,
      remedy: 'stay inside the authorization, or have it amended',
    });
    expect(english?.detail).toMatch(/is refused: /);
  });

  test('records a report that breaks a rule, with its violations', async () => {
    const developer = await door.as(cast.developer);
    const reply = await developer.act('usage:record', ids.misuse, use({ purpose: '商业营销', quantity: 1 }));
    expect(reply.status).toBe(201);
    expect(reply.body.violations[0]).toMatchObject({ rule: 'within-chain', article: '第二十二条' });
    expect(reply.body.record.act.violations).toEqual(reply.body.violations);
  });

  test('guards a concurrent change by ifVersion', async () => {
    const problem = expectProblem(
      await provider.act('resource:revise', 'A-1', { title: '迟到的修订', ifVersion: 7 }),
      412,
      'VERSION_CONFLICT',
    );
    expect(problem.reason).toMatchObject({ code: 'version-conflict', params: { version: 1, asked: 7 } });
    expect((await provider.act('resource:revise', 'A-1', { title: '及时的修订', ifVersion: 1 })).status).toBe(201);
  });

  test('takes an act without a body', async () => {
    await provider.act('resource:anchor', 'A-bare', resource);
    const reply = await (await door.as(cast.registrar)).send('POST', '/api/v1/registrations/REG-none/accept');
    expectProblem(reply, 404, 'NOT_FOUND');
  });

  test('signs with the certificate of the user whom the token names, never the body', async () => {
    const other = await door.as({ ...department, user: '另一位经办人' });
    const reply = await other.act('resource:anchor', 'A-user', resource);
    expect(reply.body.record.act.user).toBe('另一位经办人');
    expectProblem(
      await other.act('resource:anchor', 'A-forged', { ...resource, provider: demoCode(6) }),
      400,
      'INPUT_INVALID',
    );
  });
});

async function settled(client: Client, path: string) {
  for (;;) {
    const { body } = await client.get(path);
    if (body.state !== 'pending') return body;
  }
}
