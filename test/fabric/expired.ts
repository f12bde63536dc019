// SPDX-License-Identifier: Apache-2.0
import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import {
  AuthorityKeyIdentifierExtension,
  PemConverter,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { SigningIdentity } from 'yuanliu-gateway/identity/signing-identity';
import type { RaisedNetwork } from './raise';

/** A client whose certificate its organisation's authority signed, and which expired a minute ago. */
export async function expiredClient({ network }: RaisedNetwork, mspId: string): Promise<SigningIdentity> {
  const home = join(network.folder.ca, mspId, 'identity');
  const root = new X509Certificate(readFileSync(join(home, 'ca-cert.pem'), 'utf8'));
  const minute = 60_000;
  const keys = await webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    subject: 'OU=client, CN=expired',
    issuer: root.subjectName.toJSON(),
    notBefore: new Date(root.notBefore.getTime() + minute), // the authority dates itself back by five
    notAfter: new Date(Date.now() - minute),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    publicKey: keys.publicKey,
    signingKey: await keyOf(join(home, 'msp', 'keystore')),
    extensions: [await AuthorityKeyIdentifierExtension.create(root.publicKey)],
  });
  const privateKey = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return new SigningIdentity({ mspId, certificate: certificate.toString('pem'), privateKey });
}

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };

/** The authority's own key: beside it lie those of its Idemix issuer. */
function keyOf(keystore: string): Promise<webcrypto.CryptoKey> {
  const [name = ''] = readdirSync(keystore).filter((each) => each.endsWith('_sk'));
  const pkcs8 = PemConverter.decodeFirst(readFileSync(join(keystore, name), 'utf8'));
  return webcrypto.subtle.importKey('pkcs8', pkcs8, CURVE, false, ['sign']);
}
