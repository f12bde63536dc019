// SPDX-License-Identifier: Apache-2.0
import { RowCache } from 'yuanliu-gateway/index/store/row-cache';

describe('rows kept parsed', () => {
  /** Asks for the keys, and returns those that had to be read. */
  const read = (cache: RowCache<number, string>, keys: readonly number[], length: number): readonly number[] => {
    const loaded: number[] = [];
    for (const key of keys) {
      const row = String(key).padStart(length);
      const found = cache.get(key, () => {
        loaded.push(key);
        return JSON.stringify(row);
      });
      expect(found).toBe(row);
    }
    return loaded;
  };
  const ten = Array.from({ length: 10 }, (_, key) => key);

  test('are many small ones or few large ones, as their text has room', () => {
    const small = new RowCache<number, string>(10_000);
    expect(read(small, ten, 100)).toEqual(ten);
    expect(read(small, ten, 100)).toEqual([]);
    const large = new RowCache<number, string>(10_000);
    expect(read(large, ten, 4000)).toEqual(ten);
    expect(read(large, [0, 1, 2, 3, 4, 5, 6, 7], 4000)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(read(large, [6, 7], 4000)).toEqual([]);
  });

  test('stay while they are in use, and push nothing out that is larger than all of them may be', () => {
    const cache = new RowCache<number, string>(10_000);
    for (const key of ten) {
      read(cache, [100], 100);
      read(cache, [key], 2000);
    }
    expect(read(cache, [100], 100)).toEqual([]);
    read(cache, [200, 201, 202], 20_000);
    expect(read(cache, [100], 100)).toEqual([]);
    cache.forget(100);
    expect(read(cache, [100], 100)).toEqual([100]);
  });
});
