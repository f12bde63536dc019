// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { UsageError, type GatewayClient } from './client.js';
import { said } from './words/index.js';

/** What became of a line of a batch; the other fields are as the gateway answers them. */
export interface BatchResult {
  readonly line: number;
  readonly act?: string;
  readonly id?: string;
  readonly ref?: string;
  readonly version?: number;
  readonly state?: string;
  readonly replayed?: boolean;
  readonly problem?: { readonly code: string; readonly detail: string; readonly remedy?: string };
}

/**
 * Sends acts, a JSON object a line, and returns a result for each as it commits. A line without an idempotency key gets one
 * from its text and from how often the same text came before: the same file again does nothing twice.
 *
 * @throws UsageError for a line that is not JSON: nothing was sent. Else as `GatewayClient.ask`
 */
export async function* sendBatch(client: GatewayClient, text: string): AsyncGenerator<BatchResult> {
  const lines = keyed(text);
  for (let from = 0; from < lines.length; from += AT_ONCE) {
    const sent = lines.slice(from, from + AT_ONCE);
    const body = sent.map(({ json }) => `${json}\n`).join('');
    const pieces = client.download('/api/v1/batches', { method: 'POST', type: 'application/x-ndjson', body });
    for await (const answer of objectsIn(pieces)) {
      if (!('line' in answer)) {
        const { problem } = answer as { readonly problem?: { readonly detail: string } };
        if (problem) throw new UsageError(said('batch-broken-off', { why: problem.detail }));
        continue;
      }
      const result = answer as unknown as BatchResult;
      yield { ...result, line: sent[result.line - 1]?.line ?? result.line };
    }
  }
}

/** Lines of one request: it takes seconds, and a file that is broken off goes on where it was. */
const AT_ONCE = 2000;

interface Keyed {
  readonly line: number;
  readonly json: string;
}

function keyed(text: string): readonly Keyed[] {
  const seen = new Map<string, number>();
  return text.split('\n').flatMap((one, place) => {
    const line = place + 1;
    if (one.trim() === '') return [];
    let value: unknown;
    try {
      value = JSON.parse(one);
    } catch {
      throw new UsageError(said('not-json-line', { line }));
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new UsageError(said('not-object-line', { line }));
    }
    const { input } = value as { readonly input?: { readonly idempotencyKey?: unknown } };
    if ('idempotencyKey' in value || input?.idempotencyKey !== undefined) return [{ line, json: one.trim() }];
    const before = seen.get(one.trim()) ?? 0;
    seen.set(one.trim(), before + 1);
    const digest = createHash('sha256').update(`${before} ${one.trim()}`).digest('hex');
    return [{ line, json: JSON.stringify({ ...value, idempotencyKey: `batch-${digest.slice(0, 40)}` }) }];
  });
}

async function* objectsIn(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<object> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as object;
  }
}
