// SPDX-License-Identifier: Apache-2.0
import type { Edge } from 'yuanliu-chaincode/kind/kind';
import { EDGE, type PackedEdges } from '../rows/graph-rows.js';

/** The relations of lineage by their number; append only, the numbers are stored. Where there is only one, it is 0. */
export const relations = ['wasDerivedFrom', 'used'] as const satisfies readonly Edge['relation'][];
export type Relation = Edge['relation'];

/**
 * A directed graph over numbered nodes in memory, both directions, in flat arrays: 24 bytes an edge and 16 a node. It
 * only grows: an edge is added to the end of its node's lists in constant time, so following blocks never rebuilds it.
 */
export class Adjacency {
  readonly #out = new Direction();
  readonly #in = new Direction();
  #since = new Uint32Array(INITIAL);
  #relation = new Uint8Array(INITIAL);
  #edges = 0;

  get edges(): number {
    return this.#edges;
  }

  /** Adds edges of one or more blocks, in order. */
  add(packed: PackedEdges | readonly number[]): void {
    const count = Math.floor(packed.length / EDGE);
    if (this.#edges + count > this.#since.length) {
      this.#since = grown(this.#since, this.#edges + count);
      this.#relation = grown(this.#relation, this.#edges + count);
    }
    for (let i = 0; i < count * EDGE; i += EDGE) {
      const from = packed[i] ?? 0;
      const to = packed[i + 1] ?? 0;
      const edge = this.#edges++;
      this.#relation[edge] = packed[i + 2] ?? 0;
      this.#since[edge] = packed[i + 3] ?? 0;
      this.#out.append(from, to, edge);
      this.#in.append(to, from, edge);
    }
  }

  /** The first edge out of or into a node, or NONE. */
  first(way: Way, node: number): number {
    return this.#lists(way).first(node);
  }

  /** The edge after this one on the same list, in the order they came, or NONE. */
  next(way: Way, edge: number): number {
    return this.#lists(way).next(edge);
  }

  /** The node that an edge leads to. */
  target(way: Way, edge: number): number {
    return this.#lists(way).target(edge);
  }

  relation(edge: number): Relation {
    return relations[this.#relation[edge] ?? 0] ?? 'used';
  }

  /** The block that added an edge: never falls along a list. */
  since(edge: number): number {
    return this.#since[edge] ?? 0;
  }

  #lists(way: Way): Direction {
    return way === 'out' ? this.#out : this.#in;
  }
}

/** A graph, for those who walk it. */
export type Graph = Pick<Adjacency, 'edges' | 'first' | 'next' | 'target' | 'relation' | 'since'>;

export type Way = 'out' | 'in';
export const NONE = -1;

/** Singly linked lists of edges, one a node; places are stored plus one, so that zero is none. */
class Direction {
  #first = new Uint32Array(INITIAL);
  #last = new Uint32Array(INITIAL);
  #next = new Uint32Array(INITIAL);
  #target = new Uint32Array(INITIAL);

  append(node: number, target: number, edge: number): void {
    if (node >= this.#first.length) {
      this.#first = grown(this.#first, node);
      this.#last = grown(this.#last, node);
    }
    if (edge >= this.#next.length) {
      this.#next = grown(this.#next, edge);
      this.#target = grown(this.#target, edge);
    }
    this.#target[edge] = target;
    const last = this.#last[node] ?? 0;
    if (last === 0) this.#first[node] = edge + 1;
    else this.#next[last - 1] = edge + 1;
    this.#last[node] = edge + 1;
  }

  first(node: number): number {
    return (this.#first[node] ?? 0) + NONE;
  }

  next(edge: number): number {
    return (this.#next[edge] ?? 0) + NONE;
  }

  target(edge: number): number {
    return this.#target[edge] ?? 0;
  }
}

const INITIAL = 1024;

function grown<Packed extends Uint32Array | Uint8Array>(old: Packed, reach: number): Packed {
  const Type = old.constructor as new (length: number) => Packed;
  const wider = new Type(Math.max(reach + 1, old.length * 2));
  wider.set(old);
  return wider;
}
