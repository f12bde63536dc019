// SPDX-License-Identifier: Apache-2.0
import { effectsOf, type Effect } from '../block/effects.js';
import { updatesBytes, type StateUpdate, type Version } from '../wire/hash.js';
import { Keyspace } from './keyspace.js';
import { sameResults, sameVersion } from './range-query.js';
import type { NamespaceReadWriteSet, Read } from '../block/read-write-set.js';

/** How a transaction fares against what was committed before it. */
export type ReplayCode = 'VALID' | 'MVCC_READ_CONFLICT' | 'PHANTOM_READ_CONFLICT';

/**
 * The versions of all keys, replayed from the genesis block on: enough to decide every conflict again, and to say which
 * updates a block makes. Follows Fabric's `validation.validator`: reads are checked against the state before the block,
 * and a key that an earlier valid transaction of the same block touched is a conflict whatever its version.
 */
export class Replay {
  /** By namespace, then collection; the empty collection holds the public keys. */
  private readonly spaces = new Map<string, Map<string, Keyspace>>();
  private updates: StateUpdate[] = [];
  private kept = false;

  /** Whether the transaction's reads still hold; changes nothing. */
  judge(sets: readonly NamespaceReadWriteSet[]): ReplayCode {
    for (const { namespace, reads, rangeQueries, collections } of sets) {
      const space = this.space(namespace);
      if (!allHold(reads, space)) return 'MVCC_READ_CONFLICT';
      if (!rangeQueries.every((query) => sameResults(query, space))) return 'PHANTOM_READ_CONFLICT';
      const hold = collections.every((set) => allHold(set.reads, this.space(namespace, set.collection)));
      if (!hold) return 'MVCC_READ_CONFLICT';
    }
    return 'VALID';
  }

  /** Takes over what a valid transaction wrote. */
  apply(sets: readonly NamespaceReadWriteSet[], version: Version): void {
    for (const { namespace, writes, metadataWrites, collections } of sets) {
      for (const effect of effectsOf(writes, metadataWrites)) {
        this.write({ namespace, key: effect.key }, effect, version);
      }
      for (const collection of new Set(collections.map((set) => set.collection))) {
        const own = collections.filter((set) => set.collection === collection);
        const effects = effectsOf(
          own.flatMap((set) => set.writes),
          own.flatMap((set) => set.metadataWrites),
        );
        for (const effect of effects) {
          this.write({ namespace, collection, key: Buffer.from(effect.key, 'hex') }, effect, version);
        }
      }
    }
  }

  /**
   * Ends the block; returns its updates in the form the commit hash covers. Undefined if one of them gives a key its
   * value before as of a new version: values are not kept here, so the hash cannot be found again.
   */
  endBlock(): Buffer | undefined {
    for (const namespace of this.spaces.values()) for (const space of namespace.values()) space.endBlock();
    const bytes = this.kept ? undefined : updatesBytes(this.updates);
    this.updates = [];
    this.kept = false;
    return bytes;
  }

  private write(
    place: { readonly namespace: string; readonly collection?: string; readonly key: string | Buffer },
    { kind, key, value }: Effect,
    version: Version,
  ): void {
    const space = this.space(place.namespace, place.collection);
    if (kind === 'touch' && !space.hasValue(key)) return;
    if (kind === 'delete') space.delete(key);
    else space.put(key, version);
    if (kind === 'touch') this.kept = true;
    this.updates.push({ ...place, value, version });
  }

  private space(namespace: string, collection = ''): Keyspace {
    const collections = this.spaces.get(namespace) ?? new Map<string, Keyspace>();
    this.spaces.set(namespace, collections);
    const known = collections.get(collection) ?? new Keyspace();
    collections.set(collection, known);
    return known;
  }
}

function allHold(reads: readonly Read[], space: Keyspace): boolean {
  return reads.every(({ key, version }) => !space.isTouched(key) && sameVersion(space.version(key), version));
}
