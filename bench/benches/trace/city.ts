// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IndexReader } from 'yuanliu-gateway/index/read/index-reader';
import { openTrace, type Trace } from 'yuanliu-gateway/queries/trace/trace';
import { loadIndex } from './load.js';
import type { Born } from './scribe.js';
import { worldOf, type World } from './world.js';

/** An index of a made-up world. */
interface IndexedWorld extends World {
  readonly trace: Trace;
  close(): Promise<void>;
}

/** Loads a world of so many records into an index in a folder of its own; `seen` is told of each record. */
export async function indexWorld(records: number, seen: (born: Born) => void = () => undefined): Promise<IndexedWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-trace-'));
  const world = worldOf(records);
  const store = await loadIndex(directory, world.born(), seen);
  return {
    ...world,
    trace: openTrace({ reader: new IndexReader(() => store) }),
    close: async () => {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
