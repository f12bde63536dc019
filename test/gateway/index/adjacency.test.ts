// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { Adjacency, NONE, relations, type Way } from 'yuanliu-gateway/index/store/adjacency';

const edge = fc.tuple(fc.nat(3000), fc.nat(3000), fc.nat(relations.length - 1));

test('gives each node its edges both ways, in the order they came, as of any block', () => {
  fc.assert(
    fc.property(fc.array(fc.array(edge, { maxLength: 400 }), { maxLength: 20 }), fc.nat(20), (blocks, asOf) => {
      const graph = new Adjacency();
      blocks.forEach((edges, block) => {
        graph.add(edges.flatMap((one) => [...one, block]));
      });
      const known = blocks.slice(0, asOf + 1).flat();
      const nodes = new Set(blocks.flat().flatMap(([from, to]) => [from, to]));
      for (const node of [...nodes].slice(0, 50)) {
        const out = known.filter(([from]) => from === node).map(([, to, relation]) => [to, relations[relation]]);
        const into = known.filter(([, to]) => to === node).map(([from, , relation]) => [from, relations[relation]]);
        expect(listOf(graph, 'out', node, asOf)).toEqual(out);
        expect(listOf(graph, 'in', node, asOf)).toEqual(into);
      }
      expect(graph.edges).toBe(blocks.flat().length);
    }),
    { numRuns: 40 },
  );
});

function listOf(graph: Adjacency, way: Way, node: number, asOf: number): unknown[] {
  const found: unknown[] = [];
  for (let at = graph.first(way, node); at !== NONE; at = graph.next(way, at)) {
    if (graph.since(at) <= asOf) found.push([graph.target(way, at), graph.relation(at)]);
  }
  return found;
}
