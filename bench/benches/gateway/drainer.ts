// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { draining, type Drained, type Draining } from './asking.js';
import { assignment } from './messages.js';

serve();

/** Keeps streams of events open for each round, and reads what comes without looking at it. */
function serve(): void {
  const { gateway, token } = assignment.parse(JSON.parse(process.argv[2] ?? ''));
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  process.on('message', (message) => {
    void drain(draining.parse(message)).then((drained) => process.send?.(drained));
  });
  process.on('disconnect', () => process.exit());

  async function drain({ count, seconds }: Draining): Promise<Drained> {
    const ending = new AbortController();
    let bytes = 0;
    const read = async (): Promise<void> => {
      const { status, body } = await fetch(`${gateway}/api/v1/events`, { headers, signal: ending.signal });
      if (status !== 200 || !body) throw new Error(`a stream of events was answered with ${status}`);
      for await (const piece of body as ReadableStream<Uint8Array>) bytes += piece.length;
    };
    const reading = Promise.allSettled(Array.from({ length: count }, read));
    await delay(seconds * 1000);
    ending.abort();
    await reading;
    return { bytes };
  }
}
