// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIndex, type OpenIndex } from 'yuanliu-gateway/index/open-index';
import type { Viewer } from 'yuanliu-gateway/index/read/visibility';
import { openTrace, type Trace } from 'yuanliu-gateway/queries/trace/trace';
import { openCity, type City, type CityOptions, type Stage } from '../../builders';

/** A city with an index that has come to the ledger's height. */
export interface IndexedCity {
  readonly city: City;
  readonly index: OpenIndex;
  readonly trace: Trace;
  /** Waits for what was acted meanwhile. */
  caughtUp(): Promise<void>;
  viewer(member: { readonly code: string }): Viewer;
  close(): Promise<void>;
}

export async function openIndexedCity(stage: Stage, options: CityOptions = {}): Promise<IndexedCity> {
  const city = await openCity(stage, options);
  const directory = await newDirectory();
  const index = await openIndex({ directory, ledger: city.ledger });
  const indexed: IndexedCity = {
    city,
    index,
    trace: openTrace(index, options.clock),
    caughtUp: async () => index.waitFor((await city.ledger.height()) - 1, 10_000),
    viewer: ({ code }) => index.viewer(code),
    close: async () => {
      await index.close();
      await city.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  await indexed.caughtUp();
  return indexed;
}

export function newDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'yuanliu-index-'));
}

/** A clock that the test sets; it never goes back. */
export function settableClock(start: string): { readonly clock: () => Date; set(time: string): void } {
  let now = Date.parse(start);
  return { clock: () => new Date((now += 1)), set: (time) => (now = Date.parse(time)) };
}
