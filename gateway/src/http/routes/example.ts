// SPDX-License-Identifier: Apache-2.0
import type { Act } from 'yuanliu-chaincode/kind/act';
import { jsonSchema, type JsonSchema } from 'yuanliu-chaincode/kind/input';

/** The smallest input that an act's schema takes, made of the examples that its fields carry. */
export function exampleOf(act: Act): unknown {
  return smallest(jsonSchema(act.input));
}

function smallest(schema: JsonSchema): unknown {
  const { examples, default: preset, const: only, enum: choices, anyOf, oneOf } = schema as SchemaFields;
  for (const given of [examples?.[0], preset, only, choices?.[0]]) if (given !== undefined) return given;
  const [option] = anyOf ?? oneOf ?? [];
  if (option) return smallest(option);
  const { type, properties = {}, required = [], items, minItems = 0, additionalProperties } = schema as SchemaFields;
  switch (type) {
    case 'object':
      return Object.fromEntries(
        required.map((field) => [field, smallest(properties[field] ?? additionalProperties ?? {})]),
      );
    case 'array':
      return Array.from({ length: minItems }, () => smallest(items ?? {}));
    case 'integer':
    case 'number':
      return smallestNumber(schema);
    case 'boolean':
      return false;
    default:
      return '说明';
  }
}

function smallestNumber({ minimum, exclusiveMinimum }: SchemaFields): number {
  if (exclusiveMinimum !== undefined) return exclusiveMinimum + 1;
  return minimum === undefined ? 0 : Math.max(0, minimum);
}

/** What is read of a JSON Schema, as zod writes it. */
export interface SchemaFields {
  readonly type?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly additionalProperties?: JsonSchema;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
}
