// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { sha256 } from 'yuanliu-verifier/wire/hash';
import { encode } from './encode';
import { signed, type Person } from './people';
import type { Proven } from './transaction';

/** A change of the configuration as its prover wants it. */
export interface ConfigClaim {
  readonly before: common.Config;
  /** Makes the change in a copy of the root group, raising versions as it should. */
  readonly change: (root: common.ConfigGroup) => void;
  /** Makes more changes, which nobody signed. */
  readonly smuggle?: (root: common.ConfigGroup) => void;
  readonly signers: readonly Person[];
  /** Who submits it: an orderer. */
  readonly creator: Person;
  /** An earlier update to bring along instead of this one's own. */
  readonly update?: Buffer;
}

/** A configuration transaction, the configuration it leaves, and the signed update in it. */
export interface ProvenConfig extends Proven {
  readonly config: common.Config;
  readonly update: Buffer;
}

/**
 * Changes the configuration. The whole old tree is the read set, the whole new one the write set: allowed, if longer
 * than need be.
 */
export function proveConfig({ before, change, smuggle, signers, creator, update }: ConfigClaim): ProvenConfig {
  const config = common.Config.deserializeBinary(before.serializeBinary());
  const root = config.getChannelGroup() ?? new common.ConfigGroup();
  const readSet = root.serializeBinary();
  change(root);
  const lastUpdate = update ?? signedUpdate(readSet, root.serializeBinary(), signers);
  smuggle?.(root);
  config.setSequence(before.getSequence() + 1);
  const nonce = randomBytes(24);
  const txId = sha256(nonce, creator.bytes).toString('hex');
  const channelHeader = encode([1, 1], [3, encode([1, 1_780_000_000])], [4, 'public-data'], [5, txId]);
  const header = encode([1, channelHeader], [2, encode([1, creator.bytes], [2, nonce])]);
  const payload = encode([1, header], [2, encode([1, config.serializeBinary()], [2, lastUpdate])]);
  const envelope = encode([1, payload], [2, signed(creator, payload)]);
  return { envelope, txId, namespace: '', writes: [], config, update: lastUpdate };
}

/** The group at a path below the root, its version raised if asked. */
export function groupAt(root: common.ConfigGroup, ...path: string[]): common.ConfigGroup {
  return path.reduce((group, name) => {
    const found = group.getGroupsMap().get(name);
    if (!found) throw new Error(`no group ${name}`);
    return found;
  }, root);
}

/** An Envelope with a ConfigUpdateEnvelope, signed by each. */
function signedUpdate(readSet: Uint8Array, writeSet: Uint8Array, signers: readonly Person[]): Buffer {
  const update = encode([1, 'public-data'], [2, readSet], [3, writeSet]);
  const signatures = signers.map((signer) => {
    const header = encode([1, signer.bytes], [2, randomBytes(24)]);
    return encode([1, header], [2, signed(signer, Buffer.concat([header, update]))]);
  });
  const channelHeader = encode([1, 2], [4, 'public-data']);
  const data = encode([1, update], [2, signatures]);
  return encode([1, encode([1, encode([1, channelHeader], [2, encode()])], [2, data])]);
}
