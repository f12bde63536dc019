// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { ConfigError, readConfig, startGateway } from 'yuanliu-gateway';
import { administratorTokenFile } from 'yuanliu-gateway/http/middleware/administrator';
import { openIssuer } from 'yuanliu-gateway/identity/issuer';
import { departmentOf } from 'yuanliu-demo/cast';
import { cast, CITY } from '../../builders';
import { client, expectProblem, openDoor } from './door';

const department = departmentOf('金融服务', 0);
const resource = { title: '企业登记信息', domain: '金融服务', region: CITY };

describe('a running gateway', () => {
  test('keeps tokens, records and first answers over a restart', async () => {
    const door = await openDoor('founded');
    const provider = await door.as(department);
    const key = { 'Idempotency-Key': 'before' };
    const first = await provider.act('resource:anchor', 'A-1', resource, key);
    const before = await door.mark();
    await door.restart();
    expect(await door.mark()).toEqual(before);
    expect(await provider.act('resource:anchor', 'A-1', resource, key)).toMatchObject({
      status: 201,
      body: first.body,
    });
    expect((await provider.get('/api/v1/resources/A-1')).body.record).toEqual(first.body.record);
    expect(statSync(join(door.directory, 'issuer.pem')).mode & 0o777).toBe(0o600);
    await door.close();
  });

  test('founds a channel over HTTP alone', async () => {
    const door = await openDoor('empty');
    const authority = await door.as(cast.authority);
    const admission = {
      name: cast.authority.name,
      msp: cast.authority.msp,
      roles: [{ role: 'data-authority', region: CITY }],
    };
    expect((await authority.act('organization:admit', cast.authority.code, admission)).status).toBe(201);
    expectProblem(await door.anyone.get('/api/v1/rulebook'), 404, 'NOT_FOUND');
    await door.close();
  });

  test('answers under way get through a close, and nothing is lost', async () => {
    const door = await openDoor('founded');
    const provider = await door.as(department);
    const asked = Array.from({ length: 20 }, (_, n) => provider.act('resource:anchor', `C-${n}`, resource));
    await Promise.race(asked);
    const restarted = door.restart();
    const replies = await Promise.allSettled(asked);
    await restarted;
    for (const [n, reply] of replies.entries()) {
      if (reply.status === 'rejected') continue; // had not reached the gateway
      expect(reply.value.status).toBe(201);
      expect((await provider.get(`/api/v1/resources/C-${n}`)).body.record).toEqual(reply.value.body.record);
    }
    await door.close();
  });

  test('tells health and metrics on the admin port only', async () => {
    const door = await openDoor('empty');
    const admin = client(() => door.gateway.adminUrl);
    expect((await admin.get('/livez')).status).toBe(200);
    expect((await admin.get('/readyz')).body).toMatchObject({ ready: true, ledgerHeight: 1, indexHeight: 1 });
    await door.anyone.get('/api/v1/status');
    const metrics = (await admin.get('/metrics')).bytes.toString('utf8');
    expect(metrics).toMatch(/yuanliu_http_request_seconds_count\{.*route="\/api\/v1\/status".*\} 1/);
    expect(metrics).toMatch(/yuanliu_ledger_height 1/);
    expect(metrics).toMatch(/yuanliu_data_bytes\{part="ledger"\} [1-9]/);
    const dashboard = readFileSync(join(__dirname, '../../../docs/grafana.json'), 'utf8');
    const named = new Set([...dashboard.matchAll(/\b(?:yuanliu|process|nodejs)_[a-z0-9_]+/g)].map(([name]) => name));
    expect(named.size).toBeGreaterThan(8);
    expect([...named].filter((name) => !new RegExp(`^${name}[ {]`, 'm').test(metrics))).toEqual([]);
    for (const path of ['/livez', '/readyz', '/metrics']) expectProblem(await door.anyone.get(path), 404, 'NOT_FOUND');
    expect((await admin.get('/api/v1/status')).status).toBe(404);
    await door.close();
  });

  test('is not ready with less room on the disk than it is to have, and goes on answering', async () => {
    const door = await openDoor('empty', { YUANLIU_MIN_FREE_MIB: '1000000' });
    const { status, bytes } = await client(() => door.gateway.adminUrl).get('/readyz');
    expect(status).toBe(503);
    expect(JSON.parse(bytes.toString('utf8'))).toMatchObject({
      ready: false,
      failure: expect.stringMatching(/^[0-9]+ MiB are free where the data is, and 1000000 should be: make room/),
    });
    expect((await door.anyone.get('/api/v1/status')).status).toBe(200);
    await door.close();
  });

  test('logs as much as its administrator says, from then on', async () => {
    const door = await openDoor('empty', { YUANLIU_LOG_LEVEL: 'error' });
    const token = readFileSync(administratorTokenFile(door.directory), 'utf8').trim();
    const admin = client(() => door.gateway.adminUrl, { authorization: `Bearer ${token}` });
    const level = (text: string) =>
      admin.send('PUT', '/admin/v1/log-level', text, { 'content-type': 'application/json' });
    expect((await admin.get('/admin/v1/log-level')).body).toEqual({ level: 'error' });
    expect((await level('{"level":"silent"}')).body).toEqual({ level: 'silent' });
    expect((await admin.get('/admin/v1/log-level')).body).toEqual({ level: 'silent' });
    expectProblem(await level('{"level":"loud"}'), 400, 'INPUT_INVALID');
    expectProblem(await client(() => door.gateway.adminUrl).get('/admin/v1/log-level'), 401, 'UNAUTHENTICATED');
    await door.close();
  });

  test('bounds how often a user asks, and says when to ask again', async () => {
    const door = await openDoor('founded', { YUANLIU_REQUESTS_PER_MINUTE: '5' });
    const provider = await door.as(department);
    const replies = await Promise.all(Array.from({ length: 8 }, () => provider.get('/api/v1/status')));
    const limited = replies.filter(({ status }) => status === 429);
    expect(limited).toHaveLength(3);
    for (const reply of limited) {
      expectProblem(reply, 429, 'RATE_LIMITED');
      expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await (await door.as(cast.agency)).get('/api/v1/status')).status).toBe(200);
    await door.close();
  });

  test('tells callers behind a trusted proxy apart by the address that it says they have', async () => {
    const settings = { YUANLIU_REQUESTS_PER_MINUTE: '2', YUANLIU_TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1, ::1' };
    const door = await openDoor('empty', settings);
    const ask = async (forwarded: string): Promise<number> =>
      (await door.anyone.get('/api/v1/status', { 'x-forwarded-for': forwarded })).status;
    for (const address of ['192.0.2.1', '192.0.2.2'])
      expect([await ask(address), await ask(address)]).toEqual([200, 200]);
    expect(await ask('192.0.2.1')).toBe(429);
    expect(await ask('192.0.2.9, 192.0.2.1')).toBe(429); // what stands before is the caller's own word
    expect(await ask('192.0.2.3, 10.1.2.3')).toBe(200);
    await door.close();
  });

  test('believes nobody else by which address a request came', async () => {
    const settings = { YUANLIU_REQUESTS_PER_MINUTE: '2', YUANLIU_TRUSTED_PROXIES: '10.0.0.0/8' };
    const door = await openDoor('empty', settings);
    const statuses: number[] = [];
    for (const n of [1, 2, 3]) {
      statuses.push((await door.anyone.get('/api/v1/status', { 'x-forwarded-for': `192.0.2.${n}` })).status);
    }
    expect(statuses).toEqual([200, 200, 429]);
    await door.close();
  });

  test('bounds guesses at tokens by address', async () => {
    const door = await openDoor('empty', { YUANLIU_REQUESTS_PER_MINUTE: '5' });
    const guesses = await Promise.all(
      Array.from({ length: 8 }, (_, n) => door.withToken(`guess.${n}.x`).get('/api/v1/status')),
    );
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(3);
    await door.close();
  });

  test('takes a request id that is well-formed, and makes one otherwise', async () => {
    const door = await openDoor('empty');
    const taken = await door.anyone.get('/api/v1/status', { 'X-Request-Id': 'trace-1' });
    expect(taken.headers['x-request-id']).toBe('trace-1');
    const made = await door.anyone.get('/api/v1/status', { 'X-Request-Id': 'a b"}' });
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(taken.headers['x-content-type-options']).toBe('nosniff');
    expect(taken.headers['x-powered-by']).toBeUndefined();
    await door.close();
  });

  test('logs neither tokens nor bodies nor query values, and loads no archived SDK', () => {
    const script = `
      const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
      const { readConfig, startGateway } = require('yuanliu-gateway');
      const directory = mkdtempSync(require('node:os').tmpdir() + '/yuanliu-log-');
      (async () => {
        const gateway = await startGateway(readConfig({
          YUANLIU_DATA: directory, YUANLIU_PORT: '0', YUANLIU_ADMIN_PORT: '0', YUANLIU_LOG_LEVEL: 'debug' }));
        const { token } = await gateway.account({ mspId: 'AuthorityMSP', organization: '${cast.authority.code}', user: 'u' });
        const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json', cookie: 'crumb=1' };
        await fetch(gateway.url + '/api/v1/resources?title=secret-title', { headers });
        await fetch(gateway.url + '/api/v1/resources/A/anchor', { method: 'POST', headers, body: '{"title":"secret-body"}' });
        await fetch(gateway.adminUrl + '/admin/v1/log-level', { method: 'PUT', body: '{"level":"silent"}', headers: {
          authorization: 'Bearer ' + readFileSync(directory + '/admin.token', 'utf8').trim(), 'content-type': 'application/json' } });
        await fetch(gateway.url + '/api/v1/rulebook');
        await gateway.close();
        const loaded = Object.keys(require.cache).filter((name) => /node_modules\\/(fabric-network|fabric-common|fabric-ca-client)\\//.test(name));
        console.log(JSON.stringify({ token, loaded }));
        rmSync(directory, { recursive: true });
      })();`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
      encoding: 'utf8',
      cwd: join(__dirname, '../../..'),
    });
    const { token, loaded } = JSON.parse(stdout) as { token: string; loaded: string[] };
    expect(stderr).toContain('"path":"/api/v1/resources/A/anchor"');
    expect(stderr).not.toContain('/api/v1/rulebook'); // asked for after the log was silenced
    for (const secret of [token, token.split('.')[2] ?? '', 'secret-title', 'secret-body', 'crumb']) {
      expect(stderr).not.toContain(secret);
    }
    expect(loaded).toEqual([]);
  });
});

describe('tokens of an OpenID provider', () => {
  let server: Server;
  let key: CryptoKey;
  let jwksUrl: string;
  beforeAll(async () => {
    const pair = await generateKeyPair('RS256');
    key = pair.privateKey;
    const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256' }] };
    server = createServer((_request, response) => response.end(JSON.stringify(jwks)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  });
  afterAll(() => server.close());

  const settings = (url: string) => ({
    YUANLIU_AUTH: 'oidc',
    YUANLIU_OIDC_ISSUER: 'https://id.example.org',
    YUANLIU_OIDC_JWKS_URL: url,
    YUANLIU_OIDC_AUDIENCE: 'gateway-1',
  });
  const token = (audience = 'gateway-1'): Promise<string> =>
    new SignJWT({ org: department.code })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setSubject('经办人')
      .setIssuer('https://id.example.org')
      .setAudience(audience)
      .setExpirationTime('1h')
      .sign(key);

  test('are taken by its published keys; the built-in issuer is not there', async () => {
    const door = await openDoor('founded', settings(jwksUrl));
    const reply = await door.withToken(await token()).act('resource:anchor', 'A-1', resource);
    expect(reply).toMatchObject({ status: 201, body: { record: { act: { user: '经办人' } } } });
    expectProblem(await door.withToken(await token('other')).get('/api/v1/resources'), 401, 'UNAUTHENTICATED');
    const builtin = await (await openIssuer(door.directory)).issue({ user: 'x', organization: department.code });
    expectProblem(await door.withToken(builtin).get('/api/v1/resources'), 401, 'UNAUTHENTICATED');
    expectProblem(await door.anyone.get('/.well-known/jwks.json'), 404, 'NOT_FOUND');
    const { code: organization, msp: mspId } = department;
    expect(await door.gateway.account({ mspId, organization, user: 'u' })).toEqual({}); // vouched for, no token
    await door.close();
  });

  test('whose keys cannot be fetched are not called wrong', async () => {
    const door = await openDoor('empty', settings('http://127.0.0.1:1/jwks'));
    const problem = expectProblem(await door.withToken(await token()).get('/api/v1/resources'), 503, 'UNAVAILABLE');
    expect(problem.remedy).toContain('OIDC issuer');
    await door.close();
  });
});

describe('configuration', () => {
  test('names every variable that is wrong, and the fix', () => {
    const read = () =>
      readConfig({
        YUANLIU_PORT: '99999',
        YUANLIU_AUTH: 'none',
        YUANLIU_LOG_LEVEL: 'loud',
        YUANLIU_PROT: '1',
        PATH: '/bin',
      });
    expect(read).toThrow(ConfigError);
    const { message } = caught(read);
    expect(message).toMatch(/YUANLIU_DATA: set it to the folder/);
    expect(message).toMatch(/YUANLIU_PORT: set it to a whole number from 0 to 65535/);
    expect(message).toMatch(/YUANLIU_AUTH: set it to builtin, or oidc/);
    expect(message).toMatch(/YUANLIU_LOG_LEVEL: set it to silent/);
    expect(message).toMatch(/YUANLIU_PROT: not known/);
  });

  test('asks for the provider where tokens come from one', () => {
    const { message } = caught(() =>
      readConfig({ YUANLIU_DATA: 'd', YUANLIU_AUTH: 'oidc', YUANLIU_OIDC_ISSUER: 'id' }),
    );
    expect(message).toMatch(/YUANLIU_OIDC_ISSUER: set it to an http or https URL/);
    const missing = caught(() => readConfig({ YUANLIU_DATA: 'd', YUANLIU_AUTH: 'oidc' }));
    expect(missing.message).toMatch(/YUANLIU_OIDC_JWKS_URL: set it/);
  });

  test.each(['fabric', 'fabric-sdk'])('asks for the network where the ledger is %s', (ledger) => {
    const { message } = caught(() => readConfig({ YUANLIU_DATA: 'd', YUANLIU_LEDGER: ledger }));
    expect(message).toMatch(
      `YUANLIU_FABRIC: set it to the network.json of the network that YUANLIU_LEDGER=${ledger} is`,
    );
    expect(message).toMatch(/YUANLIU_MSP: set it/);
    const set = { YUANLIU_DATA: 'd', YUANLIU_LEDGER: ledger, YUANLIU_FABRIC: 'network.json', YUANLIU_MSP: 'AgencyMSP' };
    expect(readConfig(set)).toMatchObject({ ledger: { kind: ledger, mspId: 'AgencyMSP' } });
  });

  test('listens on the loopback address unless told otherwise', () => {
    expect(readConfig({ YUANLIU_DATA: 'd' })).toMatchObject({ host: '127.0.0.1', auth: { mode: 'builtin' } });
  });

  test('the built-in issuer does not start in production', async () => {
    const environment = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    const directory = '/nonexistent/yuanliu';
    await expect(startGateway(readConfig({ YUANLIU_DATA: directory, YUANLIU_LOG_LEVEL: 'silent' }))).rejects.toThrow(
      /YUANLIU_AUTH=oidc/,
    );
    process.env['NODE_ENV'] = environment;
    expect(() => readFileSync(directory)).toThrow('ENOENT');
  });

  test('a port in use is said, and everything is let go', async () => {
    const door = await openDoor('empty');
    const taken = new URL(door.gateway.url).port;
    const second = await openDoor('empty', { YUANLIU_PORT: taken }).catch((error: unknown) => error);
    expect(second).toMatchObject({ code: 'EADDRINUSE' });
    await door.close();
  });
});

function caught(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
