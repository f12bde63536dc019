// SPDX-License-Identifier: Apache-2.0
import { compareUtf8, type Version } from './hash.js';

/** The keys of one namespace or collection and where each was last written. Values are not kept. */
export class Keyspace {
  private readonly versions = new Map<string, Version>();
  /** Keys in byte order; built by the first range scan and kept up from then on. */
  private sorted: string[] | undefined;
  private touched = new Set<string>();

  version(key: string): Version | undefined {
    return this.versions.get(key);
  }

  /** Whether the key was written or deleted since `endBlock`. */
  isTouched(key: string): boolean {
    return this.touched.has(key);
  }

  endBlock(): void {
    if (this.touched.size > 0) this.touched = new Set();
  }

  put(key: string, version: Version): void {
    if (this.sorted && !this.versions.has(key)) this.sorted.splice(lowerBound(this.sorted, key), 0, key);
    this.versions.set(key, version);
    this.touched.add(key);
  }

  delete(key: string): void {
    this.touched.add(key);
    if (this.versions.delete(key)) this.sorted?.splice(lowerBound(this.sorted, key), 1);
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
