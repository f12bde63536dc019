// SPDX-License-Identifier: Apache-2.0
import 'reflect-metadata';
import { createPrivateKey, randomBytes, sign, webcrypto, type KeyObject } from 'node:crypto';
import { AuthorityKeyIdentifierExtension, PemConverter, X509Certificate, X509CrlGenerator } from '@peculiar/x509';
import { issueLeaf, issueRoot, type NodeOu } from 'yuanliu-gateway/identity/certificate';
import type { Credentials } from 'yuanliu-gateway/identity/signing-identity';
import { encode } from './encode';

/** Someone with a certificate and a key. */
export interface Person {
  readonly mspId: string;
  readonly certificate: string;
  readonly key: KeyObject;
  /** `msp.SerializedIdentity` */
  readonly bytes: Buffer;
}

/** One organisation with everybody in it, and its CA, which issues whatever the prover wants. */
export interface Organisation {
  readonly mspId: string;
  readonly ca: Credentials;
  readonly peer: Person;
  readonly orderer: Person;
  readonly client: Person;
  issue(ou: NodeOu): Promise<Person>;
}

export async function organisation(mspId: string): Promise<Organisation> {
  const from = new Date('2026-01-01T00:00:00Z');
  const ca = await issueRoot({ mspId, commonName: `${mspId} 测试 CA`, organization: '测试', from });
  const issue = async (ou: NodeOu): Promise<Person> =>
    person(await issueLeaf(ca, { commonName: `${ou}-${randomBytes(4).toString('hex')}`, ou, from }));
  return {
    mspId,
    ca,
    peer: await issue('peer'),
    orderer: await issue('orderer'),
    client: await issue('client'),
    issue,
  };
}

/** The same person under a name of another MSP: what an impostor says it is. */
export function calling(person: Person, mspId: string): Person {
  return { ...person, mspId, bytes: identityBytes(mspId, person.certificate) };
}

/** The CA's list with one certificate on it, PEM. */
export async function revocationList(ca: Credentials, certificate: string): Promise<string> {
  const pkcs8 = PemConverter.decodeFirst(ca.privateKey);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const issuer = new X509Certificate(ca.certificate);
  const list = await X509CrlGenerator.create({
    issuer: issuer.subjectName.toJSON(),
    thisUpdate: new Date('2026-02-01T00:00:00Z'),
    nextUpdate: new Date('2027-02-01T00:00:00Z'),
    entries: [{ serialNumber: new X509Certificate(certificate).serialNumber, revocationDate: new Date('2026-02-01') }],
    extensions: [await AuthorityKeyIdentifierExtension.create(issuer.publicKey)],
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    signingKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
  });
  return `${list.toString('pem').replaceAll('BEGIN CRL', 'BEGIN X509 CRL').replaceAll('END CRL', 'END X509 CRL').trim()}\n`;
}

function identityBytes(mspId: string, certificate: string): Buffer {
  return encode([1, mspId], [2, certificate]);
}

/** A low-S DER signature, or the other one that verifies just as well. */
export function signed({ key }: Person, message: Uint8Array, form: 'low-S' | 'high-S' = 'low-S'): Buffer {
  const raw = sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' });
  const s = BigInt(`0x${raw.subarray(32).toString('hex')}`);
  const isHigh = s > order / 2n;
  const wanted = isHigh === (form === 'high-S') ? s : order - s;
  return der(raw.subarray(0, 32), Buffer.from(wanted.toString(16).padStart(64, '0'), 'hex'));
}

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function der(r: Buffer, s: Buffer): Buffer {
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function integer(digits: Buffer): Buffer {
  let start = 0;
  while (digits[start] === 0) start++;
  const short = digits.subarray(start);
  const padded = (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short;
  return Buffer.concat([Buffer.from([2, padded.length]), padded]);
}

function person({ mspId, certificate, privateKey }: Credentials): Person {
  return { mspId, certificate, key: createPrivateKey(privateKey), bytes: identityBytes(mspId, certificate) };
}
