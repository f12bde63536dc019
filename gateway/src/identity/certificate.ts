// SPDX-License-Identifier: Apache-2.0
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { z } from 'zod';
import type { Credentials } from './signing-identity.js';

/** Fabric's node organisational units: what kind of member a certificate makes its holder. */
export type NodeOu = 'client' | 'peer' | 'orderer' | 'admin';

export interface RootRequest {
  readonly mspId: string;
  readonly commonName: string;
  /** The organisation (O) in the subject. */
  readonly organization: string;
  readonly from: Date;
}

export interface LeafRequest {
  readonly commonName: string;
  readonly ou: NodeOu;
  /** Attributes that the contract reads from the certificate, as Fabric CA writes them. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly from: Date;
}

/** Makes a self-signed P-256 root that Fabric's MSP accepts: subjectKeyIdentifier, keyCertSign, twenty years. */
export async function issueRoot({ mspId, commonName, organization, from }: RootRequest): Promise<Credentials> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: [{ CN: [commonName] }, { O: [organization] }],
    notBefore: dayBefore(from),
    notAfter: yearsAfter(from, 20),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return credentials(mspId, certificate, keys);
}

/** Issues an identity below `root`, for ten years: the node unit in OU, the attributes in Fabric CA's extension. */
export async function issueLeaf(
  root: Credentials,
  { commonName, ou, attributes, from }: LeafRequest,
): Promise<Credentials> {
  const keys = await newKeys();
  const issuer = new x509.X509Certificate(root.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerialNumber(),
    subject: [{ OU: [ou] }, { CN: [commonName] }],
    issuer: issuer.subjectName.toJSON(),
    notBefore: dayBefore(from),
    notAfter: yearsAfter(from, 10),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await importKey(root.privateKey),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...(attributes ? [attributesExtension(attributes)] : []),
    ],
  });
  return credentials(root.mspId, certificate, keys);
}

/** A new P-256 key and a PEM request to have it certified under a name. */
export async function newSigningRequest(
  commonName: string,
): Promise<{ readonly request: string; readonly privateKey: string }> {
  const keys = await newKeys();
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: ALGORITHM,
  });
  return { request: request.toString('pem'), privateKey: await privateKeyPem(keys) };
}

/** The common name of a certificate's subject, and the attributes that the contract reads from it. */
export function subjectOf(certificate: string): {
  readonly commonName: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
} {
  const parsed = new x509.X509Certificate(certificate);
  const [commonName = ''] = parsed.subjectName.getField('CN');
  const extension = parsed.getExtension(ATTRIBUTES_OID);
  if (!extension) return { commonName, attributes: {} };
  const held: unknown = JSON.parse(Buffer.from(extension.value).toString('utf8'));
  return { commonName, attributes: attributesHeld.parse(held).attrs };
}

/** What Fabric CA's extension holds. */
const attributesHeld = z.object({ attrs: z.record(z.string(), z.string()) });

/**
 * Certificates are good from a day before they were made: a clock that is set back by less does not lock out whoever was
 * enrolled since.
 */
function dayBefore(time: Date): Date {
  return new Date(time.getTime() - 86_400_000);
}

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' } as const;
const ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';

x509.cryptoProvider.set(webcrypto);

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), CURVE, false, ['sign']);
}

/** Fabric's extension holds bare JSON, not DER. */
function attributesExtension(attributes: Readonly<Record<string, string>>): x509.Extension {
  return new x509.Extension(ATTRIBUTES_OID, false, Buffer.from(JSON.stringify({ attrs: attributes })));
}

/** 127 random bits: positive whatever they are, and never a repeat. */
function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function yearsAfter(from: Date, years: number): Date {
  const date = new Date(from);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date;
}

async function credentials(
  mspId: string,
  certificate: x509.X509Certificate,
  keys: webcrypto.CryptoKeyPair,
): Promise<Credentials> {
  return {
    mspId,
    certificate: `${certificate.toString('pem').trim()}\n`,
    privateKey: await privateKeyPem(keys),
  };
}

async function privateKeyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', privateKey);
  return `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY').trim()}\n`;
}
