// SPDX-License-Identifier: Apache-2.0
import { msp } from '@hyperledger/fabric-protos';
import { type Client, type IdentityContext, User } from 'fabric-common';
import type { Identity } from '../../port.js';

/**
 * Somebody as the SDK wants to see them, for one transaction. It is given neither a key nor a certificate to parse: what it
 * builds is signed by the identity itself, so with node:crypto.
 */
export function contextOf(identity: Identity, client: Client): IdentityContext {
  const known = users.get(identity) ?? userOf(identity);
  users.set(identity, known);
  return client.newIdentityContext(known);
}

const users = new WeakMap<Identity, User>();

function userOf(identity: Identity): User {
  const serialized = new msp.SerializedIdentity();
  serialized.setMspid(identity.mspId);
  serialized.setIdBytes(Buffer.from(identity.certificate));
  const bytes = Buffer.from(serialized.serializeBinary());
  const signer = { serialize: () => bytes, sign: (message: Buffer) => Buffer.from(identity.sign(message)) };
  const user = new User(identity.mspId);
  user.setSigningIdentity(signer);
  return user;
}
