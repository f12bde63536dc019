// SPDX-License-Identifier: Apache-2.0
import type { Text } from './catalogue.js';
import type { Message } from './template.js';

/** A value in which every message is in words too, as answers carry it. */
export type Worded<Value> = Value extends Message ? Fields<Value> & Text : Value extends object ? Fields<Value> : Value;

type Fields<Value> = { [Field in keyof Value]: Field extends 'params' ? Value[Field] : Worded<Value[Field]> };

/** The value with `textOf` beside the code of every message in it; what has none stays the same object. */
export function worded<Value>(value: Value, textOf: (message: Message) => Text): Worded<Value> {
  return inWords(value, textOf) as Worded<Value>;
}

function inWords(value: unknown, textOf: (message: Message) => Text): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => inWords(item, textOf));
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    name === 'params' ? (field as unknown) : inWords(field, textOf),
  ]);
  const text = isMessage(value) ? textOf(value) : undefined;
  return { ...(Object.fromEntries(fields) as object), ...text };
}

function isMessage(value: object): value is Message {
  return 'code' in value && typeof value.code === 'string' && 'params' in value && typeof value.params === 'object';
}
