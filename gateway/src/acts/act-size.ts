// SPDX-License-Identifier: Apache-2.0
import type { Act } from 'yuanliu-chaincode/kind/act';
import { inputSchema, type JsonSchema } from 'yuanliu-chaincode/kind/input';

/** How many bytes of JSON the input of an act can need: nothing larger fits it, so nothing larger is read. */
export function mostBytes(act: Act): number {
  return Math.max(LEAST, SPACED * sizeOf(inputSchema(act)));
}

/** Room for what is written with white space, and for what no schema bounds. */
const LEAST = 65_536;
const SPACED = 2;
/** Texts that a pattern bounds: references, dates, digests. */
const PATTERNED = 400;
const ESCAPED = 6; // \uFFFF
const NUMBER = 24;

/** Characters of the longest JSON that fits a schema. */
function sizeOf(schema: JsonSchema): number {
  const options = (schema['anyOf'] ?? schema['oneOf']) as readonly JsonSchema[] | undefined;
  if (options) return Math.max(...options.map(sizeOf));
  const { const: only, enum: values, type, pattern, format, maxLength, maxItems, items, properties } = schema;
  if (only !== undefined) return JSON.stringify(only).length * ESCAPED;
  if (Array.isArray(values)) return JSON.stringify(values).length * ESCAPED;
  switch (type) {
    case 'boolean':
    case 'integer':
    case 'number':
      return NUMBER;
    case 'string':
      if (typeof maxLength === 'number') return 2 + ESCAPED * maxLength;
      return pattern === undefined && format === undefined ? Infinity : PATTERNED;
    case 'array':
      return typeof maxItems === 'number' && items ? 2 + maxItems * (sizeOf(items as JsonSchema) + 1) : Infinity;
    case 'object':
      if (schema['additionalProperties'] !== false) return Infinity;
      return Object.entries(properties as Readonly<Record<string, JsonSchema>>).reduce(
        (sum, [name, one]) => sum + name.length * ESCAPED + 4 + sizeOf(one),
        2,
      );
    default:
      return Infinity;
  }
}
