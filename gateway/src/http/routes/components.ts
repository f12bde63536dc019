// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Act } from 'yuanliu-chaincode/kind/act';
import { inputSchema, type JsonSchema } from 'yuanliu-chaincode/kind/input';
import type { Kind } from 'yuanliu-chaincode/kind/kind';
import { accountableAct, accountabilityAnswer } from './account-shapes.js';
import { labelled, named } from './labelled.js';
import {
  actEntry,
  answerShape,
  dryRunShape,
  historyEntry,
  lookupAnswer,
  pageShape,
  place,
  problemDocument,
  receipt,
  recordShape,
  traceAnswer,
  traceNode,
  transactionView,
  viewShape,
  violation,
} from './shapes.js';

/** `resource` → `Resource`: the name of a kind's record among the components. */
export function kindName({ name }: Pick<Kind, 'name'>): string {
  return pascal(name);
}

/** `ResourceAnchorInput` */
export function actInputName({ kind, name }: Act): string {
  return `${pascal(kind.name)}${pascal(name)}Input`;
}

/** Every schema that answers are made of, by its name in OpenAPI. `own` are those of single routes. */
export function answerShapes(own: Readonly<Record<string, z.ZodType>>): ReadonlyMap<string, z.ZodType> {
  const shapes: [string, z.ZodType][] = [
    ['Problem', problemDocument],
    ['Violation', violation],
    ['ActEntry', actEntry],
    ['Place', place],
    ['Receipt', receipt],
    ['HistoryEntry', historyEntry],
    ['History', pageShape(historyEntry)],
    ['TraceNode', traceNode],
    ['Trace', traceAnswer],
    ['AccountableAct', accountableAct],
    ['Accountability', accountabilityAnswer],
    ['Transaction', transactionView],
    ['Lookup', lookupAnswer],
    ...Object.entries(own),
  ];
  for (const kind of kinds) {
    const record = recordShape(kind);
    const view = viewShape(record);
    const name = kindName(kind);
    shapes.push([name, record], [`${name}View`, view], [`${name}List`, pageShape(view)]);
    shapes.push([`${name}Answer`, answerShape(record)], [`${name}DryRun`, dryRunShape(record)]);
  }
  return new Map(shapes);
}

/** The components of OpenAPI: what is answered, and the input of acts. */
export function components(shapes: ReadonlyMap<string, z.ZodType>, acts: readonly Act[]): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, shape] of shapes) registry.add(shape, { id });
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => `#/components/schemas/${id}`,
    io: 'output',
    unrepresentable: 'any',
  });
  return {
    ...Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)])),
    ...Object.fromEntries(acts.map((act) => [actInputName(act), inputOf(act)])),
  };
}

/** The input of an act, with the names of act, fields and values in every language. */
function inputOf(act: Act): JsonSchema {
  const { kind, name } = act;
  return { ...named((labels) => labels.act(kind.name, name)), ...labelled(inputSchema(act), kind.name) };
}

function bare({ $schema: _dialect, $id: _id, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
