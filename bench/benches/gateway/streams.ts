// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** Streams of events that are open to one client. */
export interface OpenStreams {
  /** Closes them; gives for each event that came how long after its act was signed that was, in milliseconds. */
  close(): Promise<number[]>;
}

const data = z.object({ act: z.object({ time: z.string() }) });

/** Opens so many streams of acts on resources by one organisation, or by any, and reads them as they come. */
export async function openEventStreams(
  gateway: string,
  { token, count, by }: { readonly token: string | undefined; readonly count: number; readonly by?: string },
): Promise<OpenStreams> {
  const closing = new AbortController();
  const apart: number[] = [];
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const piece of body) {
      text += decoder.decode(piece, { stream: true });
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('data: ') || !line.includes('"act":{') || (by !== undefined && !line.includes(by)))
          continue;
        apart.push(Date.now() - Date.parse(data.parse(JSON.parse(line.slice(6))).act.time));
      }
    }
  };
  const reading: Promise<void>[] = [];
  for (let n = 0; n < count; n++) {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const { status, body } = await fetch(`${gateway}/api/v1/events`, { headers, signal: closing.signal });
    if (status !== 200 || !body) throw new Error(`a stream of events was answered with ${status}`);
    reading.push(read(body));
  }
  return {
    close: async () => {
      closing.abort();
      await Promise.allSettled(reading);
      return apart;
    },
  };
}
