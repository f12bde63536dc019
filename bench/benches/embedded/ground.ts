// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedLedger, openEmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { cast, type Member } from 'yuanliu-demo/cast';
import { identityOf, perform } from 'yuanliu-demo/perform';
import { shortStory } from 'yuanliu-demo/short-story';
import { use } from 'yuanliu-demo/story';

/** The input of a `usage:record` that breaks no rule. */
export const USE = JSON.stringify(use({ note: '授信审批系统' }));

/** An empty folder for as long as `work` takes. */
export async function inFolder<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Opens a ledger in a folder, with a product whose use can be recorded if there is none, for as long as `work` takes. */
export async function withLedger<T>(directory: string, work: (ledger: EmbeddedLedger) => Promise<T>): Promise<T> {
  const ledger = await openEmbeddedLedger({ directory });
  try {
    if ((await ledger.height()) === 1) for (const step of shortStory()) await perform(ledger, step);
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

/** Submits so many acts, each of an id of its own, `atOnce` of them in flight; resolves once all are committed. */
export type Submitting = (count: number, atOnce: number) => Promise<void>;

/** Has a member submit an act on one new record after another; `input` makes it from the record's id. */
export async function submitting(
  ledger: EmbeddedLedger,
  { by, act, input }: { readonly by: Member; readonly act: string; readonly input: (id: string) => string } = USES,
): Promise<Submitting> {
  const identity = await identityOf(ledger, by);
  let serial = 0;
  return (count, atOnce) =>
    inLanes(count, atOnce, async () => {
      const id = `B-${++serial}`;
      await ledger.submit({ identity, transaction: act, args: [id, input(id)] });
    });
}

const USES = { by: cast.developer, act: 'usage:record', input: () => USE };

/** Does `work` so many times, `atOnce` of them at a time. */
export async function inLanes(count: number, atOnce: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
