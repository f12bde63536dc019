// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPki, NOTICE } from 'yuanliu-gateway/identity/embedded-pki';

const ORGANIZATION = '11310000MB2F3021XK';

describe('the embedded certificate authorities', () => {
  let directory: string;
  let pki: EmbeddedPki;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yuanliu-pki-'));
    pki = await EmbeddedPki.open(directory);
  });
  afterAll(async () => {
    await pki.close();
    await rm(directory, { recursive: true, force: true });
  });

  const rootOf = (mspId: string) =>
    new X509Certificate(pki.members.find((member) => member.mspId === mspId)?.root ?? '');

  test('are one for each of five members, of which four run a peer and an orderer', () => {
    expect(pki.members.map(({ mspId, peer, orderer }) => [mspId, peer?.mspId, orderer?.mspId])).toEqual([
      ...['AuthorityMSP', 'AgencyMSP', 'OperatorMSP', 'DepartmentMSP'].map((mspId) => [mspId, mspId, mspId]),
      ['DeveloperMSP', undefined, undefined],
    ]);
  });

  test('say of themselves that they prove nothing', () => {
    for (const { mspId } of pki.members) expect(rootOf(mspId).subject).toContain(`O=${NOTICE}`);
  });

  test('certify a user by name in any script, as a client, for one organisation', async () => {
    const identity = await pki.enrol({ mspId: 'AgencyMSP', user: '张三 / Zhang', organization: ORGANIZATION });
    const certificate = new X509Certificate(identity.certificate);
    expect(certificate.subject.split('\n')).toEqual(['OU=client', 'CN=张三 / Zhang']);
    expect(certificate.verify(rootOf('AgencyMSP').publicKey)).toBe(true);
    expect(certificate.verify(rootOf('OperatorMSP').publicKey)).toBe(false);
    expect(certificate.raw.includes(`{"attrs":{"yuanliu.org":"${ORGANIZATION}"}}`)).toBe(true);
  });

  test('give a user the same certificate again, also after a restart', async () => {
    const user = { mspId: 'DeveloperMSP', user: '李四', organization: ORGANIZATION };
    const [first, second] = await Promise.all([pki.enrol(user), pki.enrol(user)]);
    expect(second.certificate).toBe(first.certificate);
    const roots = pki.members.map(({ root }) => root);
    await pki.close();
    pki = await EmbeddedPki.open(directory);
    expect(pki.members.map(({ root }) => root)).toEqual(roots);
    expect((await pki.enrol(user)).certificate).toBe(first.certificate);
  });

  test('certify nobody for an organisation that is not a member', async () => {
    await expect(pki.enrol({ mspId: 'NobodyMSP', user: '王五', organization: ORGANIZATION })).rejects.toThrow(
      'no certificates of NobodyMSP are issued here',
    );
  });
});
