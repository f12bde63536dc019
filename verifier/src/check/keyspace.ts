// SPDX-License-Identifier: Apache-2.0
import { compareUtf8, type Version } from '../wire/hash.js';

/** The keys of one namespace or collection and where each was last written. Values are not kept. */
export class Keyspace {
  private readonly versions = new Map<string, Version>();
  /** Keys in byte order; built by the first range scan and kept up from then on. */
  private sorted: string[] | undefined;
  /** The keys written or deleted since `endBlock`, and whether each existed before. */
  private touched = new Map<string, boolean>();

  version(key: string): Version | undefined {
    return this.versions.get(key);
  }

  /** Whether the key was written or deleted since `endBlock`. */
  isTouched(key: string): boolean {
    return this.touched.has(key);
  }

  endBlock(): void {
    if (this.touched.size > 0) this.touched = new Map();
  }

  put(key: string, version: Version): void {
    if (this.sorted && !this.versions.has(key)) this.sorted.splice(lowerBound(this.sorted, key), 0, key);
    this.touch(key);
    this.versions.set(key, version);
  }

  delete(key: string): void {
    this.touch(key);
    if (this.versions.delete(key)) this.sorted?.splice(lowerBound(this.sorted, key), 1);
  }

  /** Whether there is a value to keep: Fabric also finds that of a key which only this block deleted. */
  hasValue(key: string): boolean {
    return this.versions.has(key) || this.touched.get(key) === true;
  }

  /** The keys from `start` to `end` in byte order; an empty `end` means to the last. */
  *range(start: string, end: string, includeEnd: boolean): Iterable<{ key: string; version: Version }> {
    this.sorted ??= [...this.versions.keys()].sort(compareUtf8);
    for (let place = lowerBound(this.sorted, start); place < this.sorted.length; place++) {
      const key = this.sorted[place];
      const version = key === undefined ? undefined : this.versions.get(key);
      if (key === undefined || version === undefined) return;
      const beyond = end === '' ? -1 : compareUtf8(key, end);
      if (beyond > 0 || (beyond === 0 && !includeEnd)) return;
      yield { key, version };
    }
  }

  private touch(key: string): void {
    if (!this.touched.has(key)) this.touched.set(key, this.versions.has(key));
  }
}

/** The first place whose key is not below `key`. */
function lowerBound(sorted: readonly string[], key: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareUtf8(sorted[middle] ?? '', key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
