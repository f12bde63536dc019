// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** Schemas of texts that name a record: the whole reference, or what is to be put before an id. */
const naming = z.registry<{ readonly before: string }>();

/** Marks a schema: its texts name a record, as a reference, or by id after `before`, such as `resource/`. */
export function names(schema: z.ZodString, before = ''): z.ZodString {
  return schema.register(naming, { before });
}

/** Every record that an input names, in its order, as `kind/id` or at a version: what the act may come to rest on. */
export function namedIn(schema: z.core.$ZodType, value: unknown): string[] {
  const named = naming.get(schema);
  if (named) return typeof value === 'string' ? [named.before + value] : [];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return namedIn(schema.def.innerType, value);
  if (schema instanceof z.ZodUnion) return schema.def.options.flatMap((option) => namedIn(option, value));
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((one) => namedIn(schema.def.element, one));
  }
  if (!(schema instanceof z.ZodObject) || typeof value !== 'object' || value === null) return [];
  const fields = new Map<string, unknown>(Object.entries(value));
  return Object.entries<z.core.$ZodType>(schema.def.shape).flatMap(([field, inner]) =>
    namedIn(inner, fields.get(field)),
  );
}
