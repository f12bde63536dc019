// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { issueLeaf, issueRoot, type NodeOu } from 'yuanliu-gateway/identity/certificate';
import { type Credentials, SigningIdentity } from 'yuanliu-gateway/identity/signing-identity';
import { parseCertificate } from 'yuanliu-verifier/identity/certificate';
import { BIT_STRING, element, elementAt, SEQUENCE } from 'yuanliu-verifier/wire/der';
import { lowSignature } from 'yuanliu-verifier/identity/signature';
import { pemOf } from './encodings.js';
import type { Signer } from './layers.js';

export const CHANNEL = 'odd';

/** Everyone who appears in odd transactions, with their keys. */
export interface World {
  readonly members: readonly Member[];
  /** A client of an organisation of the channel; without a peer, and never admitted by the contract. */
  readonly client: Signer;
  /** More clients of it, on keys that Fabric CA issues certificates for when it is asked. */
  readonly curves: Readonly<Record<string, Signer>>;
  readonly admin: Signer;
  /** A client whose certificate is of a CA with the same name. */
  readonly stranger: Signer;
}

interface Member {
  readonly mspId: string;
  readonly root: string;
  readonly peer?: SigningIdentity;
  readonly orderer?: SigningIdentity;
}

const FROM = new Date('2026-01-01T00:00:00Z');

export async function newWorld(): Promise<World> {
  const hosts = await Promise.all(['AuthorityMSP', 'AgencyMSP', 'OperatorMSP', 'DepartmentMSP'].map(newMember));
  const [developer, impostor] = await Promise.all([newRoot('DeveloperMSP'), newRoot('DeveloperMSP')]);
  const client = await newLeaf(developer, 'client');
  const curve = (name: string): Signer => onCurve(developer, client, name);
  return {
    members: [...hosts, { mspId: 'DeveloperMSP', root: developer.certificate }],
    client,
    curves: { 'P-224': curve('secp224r1'), 'P-384': curve('secp384r1'), 'P-521': curve('secp521r1') },
    admin: await newLeaf(developer, 'admin'),
    stranger: await newLeaf(impostor, 'client'),
  };
}

function newRoot(mspId: string): Promise<Credentials> {
  return issueRoot({ mspId, commonName: `ca.${mspId.toLowerCase()}`, organization: mspId, from: FROM });
}

async function newLeaf(root: Credentials, ou: NodeOu): Promise<SigningIdentity> {
  return new SigningIdentity(await issueLeaf(root, { commonName: `${ou}0`, ou, from: FROM }));
}

async function newMember(mspId: string): Promise<Member> {
  const root = await newRoot(mspId);
  const [peer, orderer] = await Promise.all([newLeaf(root, 'peer'), newLeaf(root, 'orderer')]);
  return { mspId, root: root.certificate, peer, orderer };
}

/** A certificate like `model`, of the same CA, for a new key on another curve. */
function onCurve(root: Credentials, model: Signer, namedCurve: string): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
  const { raw } = parseCertificate(Buffer.from(model.certificate));
  const parts = partsOf(elementAt(raw, 0, SEQUENCE)?.content ?? raw);
  const [toBeSigned, algorithm] = parts;
  const fields = partsOf(elementAt(toBeSigned ?? raw, 0, SEQUENCE)?.content ?? raw);
  fields[6] = publicKey.export({ type: 'spki', format: 'der' });
  const changed = element(SEQUENCE, Buffer.concat(fields));
  const signature = sign('sha256', changed, createPrivateKey(root.privateKey));
  const signed = element(BIT_STRING, Buffer.concat([Buffer.from([0]), signature]));
  return {
    mspId: model.mspId,
    certificate: pemOf(element(SEQUENCE, Buffer.concat([changed, algorithm ?? raw, signed]))),
    sign: (message) => lowSignature(publicKey, sign('sha256', message, privateKey)) ?? Buffer.alloc(0),
  };
}

/** The elements one after the other, whatever their tags. */
function partsOf(content: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < content.length;) {
    const found = elementAt(content, at, content[at] ?? 0);
    if (!found) throw new Error('not DER');
    parts.push(found.bytes);
    at = found.end;
  }
  return parts;
}
