// SPDX-License-Identifier: Apache-2.0
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { userName } from 'yuanliu-gateway/identity/person';
import { oidcTokens } from 'yuanliu-gateway/identity/tokens';
import { userOfSubject } from 'yuanliu-gateway/identity/user-of-subject';
import { departmentOf } from 'yuanliu-demo/cast';
import { CITY } from '../../builders';
import { openDoor } from '../http/door';

const department = departmentOf('金融服务', 0);
const ISSUER = 'https://id.example.org';

/** What providers write as `sub`, beside plain names. */
const SUBJECTS = [
  'auth0|64f0c1',
  'f:3b1c:zhang',
  '_9f86d081',
  'MTIzNDU2Nzg5MA==',
  'q+/8==',
  'a'.repeat(80),
  'a'.repeat(81),
  '阿卜杜拉\u30fb买买提',
  `x@${department.code}`,
  '|',
  '||',
  ' 张三',
  'e\u0301',
  'CN=root,O=x/y',
];
const PLAIN = ['张三', 'zhang.san', 'a', 'a b@c_d-e', '64f0c1', '综合协调岗'];

/** A provider that publishes some keys, and signs with any of its own. */
class Provider {
  readonly #server: Server;
  published: JWK[] = [];

  constructor() {
    this.#server = createServer((_request, response) => response.end(JSON.stringify({ keys: this.published })));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/jwks`;
  }

  async publish(alg: string, extra: JWK = {}): Promise<(sub: string, kid?: string) => Promise<string>> {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    this.published.push({ ...(await exportJWK(publicKey)), ...extra });
    return (sub, kid) =>
      new SignJWT({ org: department.code })
        .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) })
        .setSubject(sub)
        .setIssuer(ISSUER)
        .setAudience('yuanliu')
        .setExpirationTime('1h')
        .sign(privateKey);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe('tokens of a provider', () => {
  let provider: Provider;
  let jwksUrl: string;
  beforeEach(async () => {
    provider = new Provider();
    jwksUrl = await provider.listen();
  });
  afterEach(() => {
    provider.close();
  });

  test('that publishes several keys without kid: each of the right kind is tried (fault C4)', async () => {
    const signers = [await provider.publish('RS256'), await provider.publish('RS256'), await provider.publish('ES256')];
    await provider.publish('RS256', { use: 'enc' });
    const verify = oidcTokens({ issuer: ISSUER, jwksUrl, audience: 'yuanliu' });
    for (const [n, sign] of signers.entries()) {
      expect(await verify(await sign(`u${n}`))).toMatchObject({ user: `u${n}`, organization: department.code });
      expect(await verify(await sign(`u${n}`, 'named'))).toMatchObject({ user: `u${n}` });
    }
    const own = provider.published;
    provider.published = [];
    const stranger = await provider.publish('RS256');
    provider.published = own;
    await expect(verify(await stranger('u'))).rejects.toMatchObject({ reason: 'INVALID' });
    await expect(verify(await stranger('u', 'named'))).rejects.toMatchObject({ reason: 'INVALID' });
  });

  test('a key meant for encryption signs no token', async () => {
    const sign = await provider.publish('RS256', { use: 'enc' });
    await provider.publish('RS256');
    const verify = oidcTokens({ issuer: ISSUER, jwksUrl, audience: 'yuanliu' });
    await expect(verify(await sign('u'))).rejects.toMatchObject({ reason: 'INVALID' });
  });

  test('whoever it names acts under a name that a certificate bears, the same each time (fault C4)', async () => {
    const sign = await provider.publish('ES256');
    const door = await openDoor('founded', {
      YUANLIU_AUTH: 'oidc',
      YUANLIU_OIDC_ISSUER: ISSUER,
      YUANLIU_OIDC_JWKS_URL: jwksUrl,
    });
    for (const [n, sub] of [...SUBJECTS, ...PLAIN].entries()) {
      const client = door.withToken(await sign(sub));
      const input = { title: `企业登记信息 ${n}`, domain: '金融服务', region: CITY };
      const reply = await client.act('resource:anchor', `A-${n}`, input);
      expect(reply).toMatchObject({ status: 201, body: { record: { act: { user: userOfSubject(sub) } } } });
    }
    await door.close();
  }, 60_000);
});

test('a subject has one user name and a user name one subject; what was a name stays it (fault C4)', () => {
  for (const plain of PLAIN) expect(userOfSubject(plain)).toBe(plain);
  const once = [...SUBJECTS, ...PLAIN].map(userOfSubject);
  const all = [...SUBJECTS, ...PLAIN, ...once.filter((name) => !PLAIN.includes(name))];
  const names = all.map(userOfSubject);
  expect(new Set(names).size).toBe(all.length);
  for (const name of names) expect(userName.safeParse(name).success).toBe(true);
  expect(userOfSubject('auth0|64f0c1')).toMatch(/^auth0-64f0c1\.sub-[0-9a-f]{40}$/);
});
