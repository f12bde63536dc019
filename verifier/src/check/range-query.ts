// SPDX-License-Identifier: Apache-2.0
import { bytesField, messageField, uintField } from '../wire/encode.js';
import { sha256, type Version } from '../wire/hash.js';
import type { Keyspace } from './keyspace.js';
import type { MerkleSummary, RangeQuery, Read } from '../block/read-write-set.js';

/**
 * Whether a range scan would see today what it saw when it was endorsed: the phantom check (Fabric
 * `rangequery_validator.go`). Long results are recorded as a Merkle summary and compared as such.
 */
export function sameResults(query: RangeQuery, keys: Keyspace): boolean {
  const found = keys.range(query.startKey, query.endKey, !query.exhausted);
  return query.summary ? sameSummary(query.summary, found) : sameReads(query.reads, found);
}

function sameReads(expected: readonly Read[], found: Iterable<{ key: string; version: Version }>): boolean {
  let place = 0;
  for (const { key, version } of found) {
    const read = expected[place++];
    if (read?.key !== key || !sameVersion(read.version ?? zero, version)) return false;
  }
  return place === expected.length;
}

/** Whether two versions are the same; undefined is the version of a key that does not exist. */
export function sameVersion(a: Version | undefined, b: Version | undefined): boolean {
  return a?.block === b?.block && a?.transaction === b?.transaction;
}

/** Fabric reads an absent version inside a range result as block 0, transaction 0. */
const zero: Version = { block: 0, transaction: 0 };

/**
 * The tree of Fabric's `RangeQueryResultsHelper`: `maxDegree + 1` results make a hash of level 1, as many hashes of one
 * level make one of the next; what remains at the end is carried up to the highest level.
 */
function sameSummary(expected: MerkleSummary, found: Iterable<{ key: string; version: Version }>): boolean {
  const degree = expected.maxDegree;
  if (degree < 2) return false;
  const levels: Buffer[][] = [];
  const add = (level: number, hash: Buffer): void => {
    const hashes = (levels[level] ??= []);
    hashes.push(hash);
    if (hashes.length <= degree) return;
    levels[level] = [];
    add(level + 1, sha256(...hashes));
  };
  let pending: Buffer[] = [];
  for (const read of found) {
    pending.push(serializedRead(read));
    if (pending.length <= degree) continue;
    add(0, sha256(...pending));
    pending = [];
  }
  if (levels.length === 0) return false; // so few results are recorded as they are, never as a summary
  if (pending.length > 0) add(0, sha256(...pending));
  return sameTop(expected, finish(levels, degree));
}

/** Carries every lower level up and returns the highest one. */
function finish(levels: Buffer[][], degree: number): { readonly level: number; readonly hashes: readonly Buffer[] } {
  for (let level = 0; level < levels.length - 1; level++) {
    const hashes = levels[level] ?? [];
    const [first, ...more] = hashes;
    if (first) levels[level + 1] = [...(levels[level + 1] ?? []), more.length === 0 ? first : sha256(...hashes)];
  }
  const top = levels.at(-1) ?? [];
  if (top.length <= degree) return { level: levels.length, hashes: top };
  return { level: levels.length + 1, hashes: [sha256(...top)] };
}

function sameTop(
  expected: MerkleSummary,
  top: { readonly level: number; readonly hashes: readonly Buffer[] },
): boolean {
  return (
    expected.maxLevel === top.level &&
    expected.hashes.length === top.hashes.length &&
    expected.hashes.every((hash, place) => top.hashes[place]?.equals(hash))
  );
}

/** One element of `kvrwset.QueryReads`. */
function serializedRead({ key, version }: { readonly key: string; readonly version: Version }): Buffer {
  const versionBytes = Buffer.concat([uintField(1, version.block), uintField(2, version.transaction)]);
  return messageField(1, Buffer.concat([bytesField(1, Buffer.from(key)), messageField(2, versionBytes)]));
}
