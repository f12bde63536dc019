// SPDX-License-Identifier: Apache-2.0
import type { Batch } from './batch.js';
import { keys, type Key } from './keys.js';

/** Edges as they are stored and loaded: from, to, relation and block of each, flat. */
export type PackedEdges = Uint32Array;

/** Numbers of an edge. */
export const EDGE = 4;

/** The base64 text of packed edges, little-endian. */
export type EdgeText = string;

/** The graphs that are stored. */
export const graphs = ['lineage', 'parents'] as const;
export type GraphName = (typeof graphs)[number];

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

export function encodeEdges(edges: PackedEdges): EdgeText {
  return Buffer.from(edges.buffer, edges.byteOffset, edges.byteLength).toString('base64');
}

export function decodeEdges(text: EdgeText): PackedEdges {
  const bytes = Buffer.from(text, 'base64');
  const aligned = new Uint8Array(bytes); // a small buffer begins anywhere in its pool
  return new Uint32Array(aligned.buffer, 0, Math.floor(aligned.length / Uint32Array.BYTES_PER_ELEMENT));
}

function joined(parts: readonly PackedEdges[]): PackedEdges {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
