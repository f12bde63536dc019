// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIssuer } from 'yuanliu-gateway/identity/issuer';
import { builtinTokens } from 'yuanliu-gateway/identity/tokens';
import { cast } from '../../builders';

describe('a token that held before', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yuanliu-tokens-'));
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout', 'performance'] });
  });
  afterAll(async () => {
    jest.useRealTimers();
    await rm(directory, { recursive: true, force: true });
  });

  test('is taken until it expires, and no longer', async () => {
    const issuer = await openIssuer(directory, {});
    const verify = builtinTokens(issuer);
    const subject = { user: '开发岗', organization: cast.developer.code };
    const begun = Date.now();
    const token = await issuer.issue(subject, '90s');
    for (const seconds of [0, 30, 61, 89]) {
      jest.setSystemTime(begun + seconds * 1000);
      expect(await verify(token)).toMatchObject(subject);
    }
    jest.setSystemTime(begun + 96_000);
    await expect(verify(token)).rejects.toMatchObject({ reason: 'INVALID' });
  });

  test('does not let another in: one changed at any place is looked at anew', async () => {
    const issuer = await openIssuer(directory, {});
    const verify = builtinTokens(issuer);
    const token = await issuer.issue({ user: '开发岗', organization: cast.developer.code });
    await verify(token);
    const [header = '', claims = '', signature = ''] = token.split('.');
    const other = await issuer.issue({ user: '综合协调岗', organization: cast.authority.code });
    const forged = [header, other.split('.')[1] ?? '', signature].join('.');
    await expect(verify(forged)).rejects.toMatchObject({ reason: 'INVALID' });
    await expect(verify([header, claims, ''].join('.'))).rejects.toMatchObject({ reason: 'INVALID' });
  });
});
