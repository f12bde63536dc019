// SPDX-License-Identifier: Apache-2.0
import { Scrubber, type Checkable } from 'yuanliu-gateway/storage/scrubber';

/** A store of so many pages; what it is asked is counted. */
function store(name: string, pages: number, failure?: Error): Checkable & { readonly read: () => number } {
  let read = 0;
  return {
    name,
    read: () => read,
    check: async ({ pause, signal }) => {
      for (let page = 1; page <= pages && !signal?.aborted; page++) {
        read += 1;
        await pause?.({ entries: page, bytes: page, share: page / pages, elapsed: 0 });
      }
      if (failure) throw failure;
    },
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

test('checks one store after the other, and reports each: whole, damaged with the reason', async () => {
  const scrubber = new Scrubber({ stores: [store('ledger', 3), store('index', 2, new Error('lost a row'))] });
  await until(() => scrubber.reports.get('index')?.state === 'damaged');
  await scrubber.stop();
  expect(scrubber.reports.get('ledger')).toEqual({ state: 'whole', checkedAt: expect.any(String) });
  expect(scrubber.reports.get('index')).toEqual({ state: 'damaged', failure: 'lost a row' });
});

test('begins again after a while, and leaves alone what is damaged', async () => {
  const [whole, broken] = [store('ledger', 1), store('index', 1, new Error('lost a row'))];
  const scrubber = new Scrubber({ stores: [whole, broken], every: 1 });
  await until(() => whole.read() > 2);
  await scrubber.stop();
  expect(broken.read()).toBe(1);
});

test('stops in the middle of a check, at once even while others are waiting', async () => {
  const long = store('ledger', Number.MAX_SAFE_INTEGER);
  const scrubber = new Scrubber({ stores: [long], busy: () => true });
  await until(() => scrubber.reports.get('ledger')?.progress !== undefined);
  await scrubber.stop();
  expect(scrubber.reports.get('ledger')?.state).toBe('unchecked');
});
