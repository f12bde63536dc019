// SPDX-License-Identifier: Apache-2.0

/** Edges as they are stored and loaded: from, to, relation and block of each, flat. */
export type PackedEdges = Uint32Array;

/** Numbers of an edge. */
export const EDGE = 4;

/** The base64 text of packed edges, little-endian. */
export type EdgeText = string;

/** The graphs that are stored. */
export const graphs = ['lineage', 'parents'] as const;
export type GraphName = (typeof graphs)[number];

export function encodeEdges(edges: PackedEdges): EdgeText {
  return Buffer.from(edges.buffer, edges.byteOffset, edges.byteLength).toString('base64');
}

export function decodeEdges(text: EdgeText): PackedEdges {
  const bytes = Buffer.from(text, 'base64');
  const aligned = new Uint8Array(bytes); // a small buffer begins anywhere in its pool
  return new Uint32Array(aligned.buffer, 0, Math.floor(aligned.length / Uint32Array.BYTES_PER_ELEMENT));
}
