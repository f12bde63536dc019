// SPDX-License-Identifier: Apache-2.0
import { decodeEdges, type EdgeText, encodeEdges, type GraphName, type PackedEdges } from '../rows/graph-rows.js';
import { keys, type Key } from '../rows/keys.js';
import type { Batch } from '../store/batch.js';

/**
 * Stores the edges that a block adds: in a row of the block, until that and the rows of the blocks before it become one.
 * So a graph is loaded with few reads, and no block rewrites what many blocks have added.
 */
export function putEdges(graph: GraphName, edges: readonly number[], block: number, batch: Batch): void {
  if (edges.length > 0) batch.putNew(keys[graph](block), encodeEdges(Uint32Array.from(edges)));
  if ((block + 1) % CHUNK !== 0) return;
  const first = block + 1 - CHUNK;
  const parts: PackedEdges[] = [];
  for (let number = first; number <= block; number++) {
    const key: Key<EdgeText> = keys[graph](number);
    const text = batch.get(key);
    if (text === undefined) continue;
    parts.push(decodeEdges(text));
    batch.delete(key, text);
  }
  if (parts.length > 0) batch.putNew(keys.chunk(graph, first), encodeEdges(joined(parts)));
}

/** Blocks whose edges become one row. */
export const CHUNK = 1024;

function joined(parts: readonly PackedEdges[]): PackedEdges {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
