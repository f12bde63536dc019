// SPDX-License-Identifier: Apache-2.0
import { verify, X509Certificate } from 'node:crypto';
import { issueLeaf, issueRoot } from 'yuanliu-gateway/identity/certificate';
import { type Credentials, SigningIdentity } from 'yuanliu-gateway/identity/signing-identity';

const from = new Date('2026-01-01T00:00:00Z');
const HALF_ORDER = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;

describe('a signing identity', () => {
  let root: Credentials;
  let leaf: Credentials;

  beforeAll(async () => {
    root = await issueRoot({ mspId: 'AgencyMSP', commonName: '根', organization: '某机构', from });
    leaf = await issueLeaf(root, { commonName: '张三', ou: 'client', from });
  });

  test('signs what its certificate verifies, in strict DER and with a low s, every time', () => {
    const identity = new SigningIdentity(leaf);
    const key = new X509Certificate(leaf.certificate).publicKey;
    for (let count = 0; count < 500; count++) {
      const message = Buffer.from(`报文 ${count}`);
      const signature = identity.sign(message);
      const { r, s } = parseStrictly(signature);
      expect(r > 0n && s > 0n && s <= HALF_ORDER).toBe(true);
      expect(verify('sha256', message, key, signature)).toBe(true);
    }
  });

  test('refuses a key that is not the certificate’s, and one that is not on P-256', () => {
    expect(() => new SigningIdentity({ ...leaf, privateKey: root.privateKey })).toThrow('do not belong together');
  });

  test('is told from an identity whose key lies elsewhere', () => {
    const identity = new SigningIdentity(leaf);
    const elsewhere = { ...leaf, sign: (message: Uint8Array) => identity.sign(message) };
    expect(SigningIdentity.signsHere(identity)).toBe(true);
    expect(SigningIdentity.signsHere(elsewhere)).toBe(false);
  });
});

/** Reads the DER and demands that it is the shortest form, as Go's parser does. */
function parseStrictly(signature: Buffer): { r: bigint; s: bigint } {
  expect(signature[0]).toBe(0x30);
  expect(signature[1]).toBe(signature.length - 2);
  const [r, rest] = integer(signature.subarray(2));
  const [s, end] = integer(rest);
  expect(end).toHaveLength(0);
  return { r, s };
}

function integer(bytes: Buffer): [bigint, Buffer] {
  expect(bytes[0]).toBe(0x02);
  const digits = bytes.subarray(2, 2 + (bytes[1] ?? 0));
  expect((digits[0] ?? 0x80) < 0x80).toBe(true);
  if (digits[0] === 0) expect((digits[1] ?? 0) >= 0x80).toBe(true);
  return [BigInt(`0x${digits.toString('hex')}`), bytes.subarray(2 + digits.length)];
}
