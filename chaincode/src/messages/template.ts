// SPDX-License-Identifier: Apache-2.0

/** The languages that texts exist in. */
export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];

/** What happened, as data: the code of a text and what its slots hold. {@link Catalogue.textOf} puts it into words. */
export interface Message {
  readonly code: string;
  readonly params: Params;
}
export type Params = Readonly<Record<string, Param>>;
export type Param = string | number | readonly string[] | Message;

/** What happened, and what to do about it. Slots are `{name}` or `{name:type}`, see {@link Slots}. */
export type Entry = readonly [message: string, remedy?: string];
export type Entries = Readonly<Record<string, Entry>>;

/**
 * The slots of a template. `{name}` holds a text or a number as it is. `{name:type}` holds a code that is shown by its
 * label: `kind`, `role`, `rule`, `field`, `act` (`kind:act`), `state` (`kind:state`), `choice` (`field:value` of an enum); or a
 * `ref` (`kind/id`), a `time` (RFC 3339), a `message` inside the message, or the `remedy` of that. `{name:type[]}` holds a list of them.
 */
type Slots<Template extends string> = Template extends `${string}{${infer Slot}}${infer Rest}`
  ? Slot | Slots<Rest>
  : never;
type NameOf<Slot extends string> = Slot extends `${infer Name}:${string}` ? Name : Slot;
type ValueOf<Slot extends string> = Slot extends `${string}[]`
  ? readonly string[]
  : Slot extends `${string}:message` | `${string}:remedy`
    ? Message
    : Slot extends `${string}:${string}`
      ? string
      : string | number;

type Texts<One extends Entry> = One extends readonly [infer Text extends string, infer Remedy extends string]
  ? Text | Remedy
  : One[0];

/** What the slots of an entry hold. */
export type ParamsOf<One extends Entry> = {
  readonly [Slot in Slots<Texts<One>> as NameOf<Slot>]: ValueOf<Slot>;
};

/** The params of a code as an argument: absent where its text has no slots. */
export type Given<One extends Entry> = keyof ParamsOf<One> extends never ? [] : [params: ParamsOf<One>];

/** A slot of a template, at run time. */
export interface Slot {
  readonly name: string;
  readonly type: string;
  readonly isList: boolean;
}

const SLOT = /\{([a-z][A-Za-z]*)(?::([a-z]+)(\[\])?)?\}/g;

export function slotsOf(template: string): Slot[] {
  return Array.from(template.matchAll(SLOT), ([, name = '', type = 'text', list]) => ({
    name,
    type,
    isList: list !== undefined,
  }));
}

/** The template with its slots filled. */
export function filled(template: string, fill: (slot: Slot) => string): string {
  return template.replaceAll(SLOT, (_, name: string, type: string | undefined, list: string | undefined) =>
    fill({ name, type: type ?? 'text', isList: list !== undefined }),
  );
}

/** Items of a list that a message keeps: it says by {@link MORE} that there are others. */
const MOST = 5;
export const MORE = '…';

/** Params as they are stored: a list is cut to its first items, so that no message grows with what it is about. */
export function bounded(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      isList(value) && value.length > MOST ? [...value.slice(0, MOST), MORE] : value,
    ]),
  );
}

export function isList(value: Param): value is readonly string[] {
  return Array.isArray(value);
}
