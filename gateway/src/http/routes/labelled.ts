// SPDX-License-Identifier: Apache-2.0
import type { JsonSchema } from 'yuanliu-chaincode/kind/input';
import { labelsIn, languages, type Labels } from 'yuanliu-chaincode/messages';
import type { SchemaFields } from './example.js';

/** What something is called in each language: what a generated form shows. */
export const LABELS = 'x-labels';
/** The same for each value of an enum. */
export const CHOICES = 'x-choices';

/** A name in every language, as an extension of OpenAPI. */
export function named(name: (labels: Labels) => string): JsonSchema {
  return { [LABELS]: Object.fromEntries(languages.map((language) => [language, name(labelsIn(language))])) };
}

/** A schema of one kind in which every field has its names, and every enum those of its values; `title` is the Chinese one. */
export function labelled(schema: JsonSchema, kind: string): JsonSchema {
  const { properties, items, anyOf, oneOf, additionalProperties } = schema as SchemaFields;
  const all = (several: readonly JsonSchema[]): JsonSchema[] => several.map((one) => labelled(one, kind));
  return {
    ...schema,
    ...(properties ? { properties: mapped(properties, (inner, field) => fieldOf(inner, field, kind)) } : {}),
    ...(items ? { items: labelled(items, kind) } : {}),
    ...(anyOf ? { anyOf: all(anyOf) } : {}),
    ...(oneOf ? { oneOf: all(oneOf) } : {}),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: labelled(additionalProperties, kind) } : {}),
  };
}

function fieldOf(schema: JsonSchema, field: string, kind: string): JsonSchema {
  const names = named((labels) => labels.field(field, kind));
  const inner = labelled(schema, kind);
  const { items } = inner as SchemaFields;
  return {
    title: labelsIn('zh-CN').field(field, kind),
    ...names,
    ...inner,
    ...choicesOf(inner, field, kind),
    ...(items ? { items: { ...items, ...choicesOf(items, field, kind) } } : {}),
  };
}

function choicesOf(schema: JsonSchema, field: string, kind: string): JsonSchema {
  const { enum: several, const: one } = schema as SchemaFields;
  const values = (several ?? [one]).filter((value) => typeof value === 'string');
  if (values.length === 0) return {};
  const ofValue = (value: string): unknown => named((labels) => labels.choice(field, value, kind))[LABELS];
  return { [CHOICES]: Object.fromEntries(values.map((value) => [value, ofValue(value)])) };
}

function mapped(
  fields: Readonly<Record<string, JsonSchema>>,
  change: (schema: JsonSchema, field: string) => JsonSchema,
): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(fields).map(([field, schema]) => [field, change(schema, field)]));
}
