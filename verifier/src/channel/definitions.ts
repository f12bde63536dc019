// SPDX-License-Identifier: Apache-2.0
import type { Channel } from './channel.js';
import { malformed, VerificationError } from '../wire/error.js';
import { Message } from '../wire/message.js';
import { decodeSignaturePolicy, never, type Policy } from '../identity/policy.js';
import type { NamespaceReadWriteSet } from '../block/read-write-set.js';

/** The chaincode that keeps the definitions of all others. */
export const LIFECYCLE = '_lifecycle';

/**
 * The chaincode definitions of a channel, learned from the transactions that commit them: which policy the writes of each
 * chaincode need. A chaincode without a definition follows the channel's own policy, as it does on an embedded ledger.
 */
export class Definitions {
  /** By chaincode and field, the serialized `lifecycle.StateData`. */
  private readonly fields = new Map<string, Buffer>();
  private readonly changed = new Map<string, Buffer>();
  /**
   * Chaincodes, and collections as `CHAINCODE/COLLECTION`, that gave some of their keys a policy of their own: these policies
   * are not followed here. Each stands for itself: an organisation alone may do that to its own collection.
   */
  private readonly keyLevel = new Set<string>();

  /** Takes over what a valid transaction wrote; definitions are in force from the next block on. */
  learn(sets: readonly NamespaceReadWriteSet[]): void {
    for (const { namespace, writes, metadataWrites, collections } of sets) {
      if (metadataWrites.length > 0) this.keyLevel.add(namespace);
      for (const { collection, metadataWrites: own } of collections) {
        if (own.length > 0) this.keyLevel.add(`${namespace}/${collection}`);
      }
      if (namespace !== LIFECYCLE) continue;
      for (const { key, value } of writes) {
        const [, name, field] = definitionKey.exec(key) ?? [];
        if (name !== undefined && field !== undefined) this.changed.set(`${name}/${field}`, value ?? Buffer.alloc(0));
      }
    }
  }

  endBlock(): void {
    for (const [key, value] of this.changed) this.fields.set(key, value);
    this.changed.clear();
  }

  /** Whether the policy of a chaincode, or of one of its collections, decides on all its keys. */
  isFollowed(chaincode: string, collection?: string): boolean {
    return !this.keyLevel.has(collection === undefined ? chaincode : `${chaincode}/${collection}`);
  }

  /** The policy of a chaincode's own definition; undefined if it has none. Throws `UNSUPPORTED` for another plugin. */
  policyOf(chaincode: string, channel: Channel): Policy | undefined {
    const info = this.field(chaincode, 'ValidationInfo');
    if (!info) return undefined;
    if (info.string(1) !== 'vscc') throw unsupported(`chaincode ${chaincode} is validated by a plugin of its own`);
    return applicationPolicy(info.embedded(2), channel);
  }

  /** The policy of a collection's definition; undefined if it has none. */
  collectionPolicyOf(chaincode: string, collection: string, channel: Channel): Policy | undefined {
    const definitions = this.field(chaincode, 'Collections')?.messages(1) ?? [];
    const own = definitions.map((one) => one.message(1)).find((one) => one.string(1) === collection);
    const policy = own?.optionalMessage(8);
    return policy && applicationPolicy(policy, channel);
  }

  private field(chaincode: string, name: string): Message | undefined {
    const state = this.fields.get(`${chaincode}/${name}`);
    return state && new Message(state).embedded(2);
  }
}

/** What cannot be judged here: nothing is known to be wrong, nothing is shown to be right. */
export function unsupported(message: string): VerificationError {
  return new VerificationError('UNSUPPORTED', message, { step: 'endorsement' });
}

const definitionKey = /^namespaces\/fields\/([^/]+)\/(ValidationInfo|Collections)$/;

/** `peer.ApplicationPolicy` */
function applicationPolicy(policy: Message, channel: Channel): Policy {
  const given = policy.lastOf(1, 2);
  if (given === 1) return decodeSignaturePolicy(policy.message(1).buffer);
  if (given === 2) return channel.policy(policy.string(2));
  if (policy.buffer.length > 0) throw malformed('a chaincode definition without a policy');
  return never;
}
