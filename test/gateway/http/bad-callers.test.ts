// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { generateKeyPair, importPKCS8, SignJWT } from 'jose';
import { openIssuer, type Issuer } from 'yuanliu-gateway/identity/issuer';
import { departmentOf } from 'yuanliu-demo/cast';
import { cast, CITY, demoCode, ids } from '../../builders';
import { expectRefused, openDoor, type Client, type Door, type Reply, type ReplyBody } from './door';

const department = departmentOf('金融服务', 0);
const other = departmentOf('医疗健康', 1);
const resource = { title: '企业登记信息', domain: '金融服务', region: CITY };

describe('callers who may not, through the HTTP door', () => {
  let door: Door;
  let provider: Client;
  let issuer: Issuer;
  beforeAll(async () => {
    door = await openDoor('produced');
    provider = await door.as(department);
    issuer = await openIssuer(door.directory);
  });
  afterAll(() => door.close());

  const refused = (sending: () => Promise<Reply>, status: number, code: string) =>
    expectRefused(door, sending, status, code);

  describe('tokens', () => {
    const subject = { user: department.user, organization: department.code };
    const anchorWith = (token: string) => () => door.withToken(token).act('resource:anchor', 'T-1', resource);

    test('none: an act is refused and says how to send one', async () => {
      const reply = await door.anyone.act('resource:anchor', 'T-1', resource);
      expect(reply.headers['www-authenticate']).toMatch(/^Bearer/);
      const problem = await refused(() => door.anyone.act('resource:anchor', 'T-1', resource), 401, 'UNAUTHENTICATED');
      expect(problem.remedy).toContain('Authorization: Bearer');
    });

    test('expired', async () => {
      const problem = await refused(anchorWith(await issuer.issue(subject, '-1m')), 401, 'UNAUTHENTICATED');
      expect(problem.detail).toContain('expired');
    });

    test('of another audience, of another issuer, without an end', async () => {
      const signed = (claims: (token: SignJWT) => SignJWT) => foreign(claims);
      const audience = await resigned(issuer, { aud: 'elsewhere' });
      expect((await refused(anchorWith(audience), 401, 'UNAUTHENTICATED')).detail).toContain('audience');
      const stranger = await signed((token) => token.setIssuer('urn:other').setExpirationTime('1h'));
      expect((await refused(anchorWith(stranger), 401, 'UNAUTHENTICATED')).detail).toContain('not one that');
    });

    test.each([
      ['garbage', 'abc.def.ghi'],
      ['without a signature', `${b64({ alg: 'none' })}.${b64({ sub: 'x', org: demoCode(1), aud: 'yuanliu' })}.`],
    ])('%s', async (_what, token) => {
      const problem = await refused(anchorWith(token), 401, 'UNAUTHENTICATED');
      expect(JSON.stringify(problem)).not.toContain(token);
    });

    test('of another scheme', async () => {
      const asked = () => door.anyone.get('/api/v1/resources', { authorization: 'Basic YTpi' });
      await refused(asked, 401, 'UNAUTHENTICATED');
    });

    test('a read with a token that does not hold is refused, not answered as the public', async () => {
      const token = await issuer.issue(subject, '-1m');
      await refused(() => door.withToken(token).get('/api/v1/organizations'), 401, 'UNAUTHENTICATED');
    });

    test('for a credit code with a wrong digit, for a user with a slash', async () => {
      const wrong = `${department.code.slice(0, 17)}0`;
      await refused(anchorWith(await issuer.issue({ ...subject, organization: wrong })), 401, 'UNAUTHENTICATED');
      await refused(anchorWith(await issuer.issue({ ...subject, user: 'a/b' })), 401, 'UNAUTHENTICATED');
    });
  });

  describe('who may act', () => {
    test('an organisation that is not admitted', async () => {
      const token = await issuer.issue({ user: '某人', organization: demoCode(999) });
      const act = () => door.withToken(token).act('resource:anchor', 'W-1', resource);
      expect((await refused(act, 403, 'FORBIDDEN')).remedy).toContain('admit');
    });

    test('in a role that the organisation does not hold, or asks for', async () => {
      const developer = await door.as(cast.developer);
      const problem = await refused(() => developer.act('resource:anchor', 'W-2', resource), 403, 'FORBIDDEN');
      expect(problem).toMatchObject({ rule: 'acts-for-itself', article: '第二十五条' });
      expect(problem.reason).toMatchObject({ code: 'no-role', params: { holds: ['developer'] } });
      const asAnother = () => provider.act('resource:anchor', 'W-2', { ...resource, as: 'operator' });
      await refused(asAnother, 403, 'FORBIDDEN');
    });

    test('for another organisation: what it may not see does not exist for it', async () => {
      const stranger = await door.as(other);
      const hidden = await refused(() => stranger.act('resource:revise', 'R-1', { title: '夺' }), 404, 'NOT_FOUND');
      const absent = await refused(() => stranger.act('resource:revise', 'R-0', { title: '夺' }), 404, 'NOT_FOUND');
      const asAbsent = JSON.parse(JSON.stringify(hidden).replaceAll('R-1', 'R-0')) as typeof hidden;
      expect(unnamed(asAbsent)).toEqual(unnamed(absent));
    });

    test('for another organisation, on a record that it may see', async () => {
      const rival = await door.as(cast.rival);
      const regrade = () => rival.act('product:grade', ids.derived, { grade: { class: 'general', level: 1 } });
      await refused(regrade, 403, 'FORBIDDEN');
    });
  });

  /** A token of the gateway's own issuer for another audience. */
  async function resigned(own: Issuer, { aud }: { aud: string }): Promise<string> {
    const key = await importPKCS8(await readFile(`${door.directory}/issuer.pem`, 'utf8'), 'ES256');
    return new SignJWT({ org: department.code })
      .setProtectedHeader({ alg: 'ES256', kid: own.jwks.keys[0]?.kid ?? '' })
      .setSubject(department.user)
      .setIssuer(own.issuer)
      .setAudience(aud)
      .setExpirationTime('1h')
      .sign(key);
  }
});

/** A token signed with a key that the gateway does not know. */
async function foreign(claims: (token: SignJWT) => SignJWT): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256');
  const token = new SignJWT({ org: department.code }).setProtectedHeader({ alg: 'ES256' }).setSubject('x');
  return claims(token.setAudience('yuanliu')).sign(privateKey);
}

function b64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A problem without what names this one request. */
function unnamed({ requestId: _request, ...rest }: ReplyBody): object {
  return JSON.parse(JSON.stringify(rest).replaceAll(/R-\d/g, 'R')) as object;
}
