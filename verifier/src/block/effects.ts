// SPDX-License-Identifier: Apache-2.0
import type { MetadataWrite, Write } from './read-write-set.js';

/** What a transaction leaves of one key: a value, nothing, or what was there before as of a new version (`touch`). */
export interface Effect {
  readonly kind: 'put' | 'delete' | 'touch';
  readonly key: string;
  readonly value: Buffer | undefined;
}

/**
 * What a write set of one namespace or collection does to each of its keys, in the order of their first writing.
 *
 * An honest simulation writes a key once. Fabric's peers take one that is written several times for something else
 * (`validation/tx_ops.go` adds up one flag for each write): two values written to one key count as a change of its
 * metadata, which keeps the value before, or does nothing to a key that does not exist. The state of the peers is that,
 * so it is here.
 */
export function effectsOf(writes: readonly Write[], metadataWrites: readonly MetadataWrite[]): Effect[] {
  const keys = new Map<string, { flags: number; value: Buffer | undefined }>();
  const add = (key: string, flag: number): { flags: number; value: Buffer | undefined } => {
    const entry = keys.get(key) ?? { flags: 0, value: undefined };
    entry.flags = (entry.flags + flag) % 256;
    keys.set(key, entry);
    return entry;
  };
  for (const { key, value } of writes) {
    if (value === undefined) add(key, DELETE);
    else add(key, UPSERT).value = value;
  }
  for (const { key, deletes } of metadataWrites) add(key, deletes ? METADATA_DELETE : METADATA_UPDATE);
  return [...keys].map(([key, { flags, value }]) => ({ key, ...kindOf(flags, value) }));
}

function kindOf(flags: number, value: Buffer | undefined): Omit<Effect, 'key'> {
  if (flags & DELETE) return { kind: 'delete', value: undefined };
  const both = (flags & UPSERT) !== 0 && (flags & (METADATA_UPDATE | METADATA_DELETE)) !== 0;
  if (!both && (flags | UPSERT) !== UPSERT) return { kind: 'touch', value: undefined };
  return value === undefined ? { kind: 'delete', value } : { kind: 'put', value };
}

const UPSERT = 1;
const METADATA_UPDATE = 2;
const METADATA_DELETE = 4;
const DELETE = 8;
