// SPDX-License-Identifier: Apache-2.0
import { beijingTime } from './beijing-time.js';
import { labelsIn } from './labels.js';
import { bounded, filled, isList, MORE, type Entries, type Entry, type Given } from './template.js';
import type { Language, Message, Param, Slot } from './template.js';

/** A message in words. */
export interface Text {
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** The same codes in another language. */
export type Translation<Own extends Entries> = Readonly<Record<keyof Own, Entry>>;

/** Messages by code, and their texts in every language. Params are checked against the English text. */
export interface Catalogue<Own extends Entries> {
  /** A message of this catalogue. Lists among its params are cut to a few items. */
  readonly message: <Code extends keyof Own & string>(code: Code, ...given: Given<Own[Code]>) => Message;
  readonly has: (code: string) => boolean;
  /** A code that is not known, which a newer program may have written, is shown as it is. */
  readonly textOf: (language: Language, message: Message) => Text;
  readonly entries: Readonly<Record<Language, Entries>>;
}

/** Makes a catalogue out of the texts of each language. A program that has messages of its own makes its own one. */
export function catalogueOf<const Own extends Entries>(
  entries: { readonly en: Own } & Readonly<Record<Language, Translation<Own>>>,
): Catalogue<Own> {
  const texts: Readonly<Record<Language, Entries>> = entries;
  const textOf = (language: Language, { code, params }: Message): Text => {
    const entry = Object.hasOwn(texts[language], code) ? texts[language][code] : undefined;
    if (!entry) return { message: code };
    const inWords = (template: string): string =>
      filled(template, (slot) =>
        shown(
          params[slot.name],
          slot,
          language,
          (one) => textOf(language, one)[slot.type === 'remedy' ? 'remedy' : 'message'],
        ),
      );
    const remedy = entry[1] === undefined ? '' : inWords(entry[1]);
    return { message: inWords(entry[0]), ...(remedy === '' ? {} : { remedy }) };
  };
  return {
    message: (code, ...[params]) => ({ code, params: params === undefined ? {} : bounded(params) }),
    has: (code) => Object.hasOwn(texts.en, code),
    textOf,
    entries: texts,
  };
}

/** A param as its slot says; one that is missing, or of another type, as well as it can be. */
function shown(
  value: Param | undefined,
  { type }: Slot,
  language: Language,
  inWords: (message: Message) => string | undefined,
): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return one(value, type, language);
  if (!isList(value)) return inWords(value) ?? '';
  const items = value.map((item) => (item === MORE ? item : one(item, type, language)));
  return items.join(language === 'en' ? ', ' : '、');
}

/** English shows codes as they are, as commands take them; Chinese shows their labels. */
function one(value: string, type: string, language: Language): string {
  if (language === 'en') return type === 'state' || type === 'choice' ? value.replace(/^[^:]*:/, '') : value;
  const { kind, role, rule, act, state, choice, field } = labelsIn(language);
  const [before = '', after = ''] = value.split(/[:/@]/, 2);
  const [, id = '', version] = /^[^/]+\/([^@]+)(?:@(.*))?$/.exec(value) ?? [];
  switch (type) {
    case 'kind':
      return kind(value);
    case 'role':
      return role(value);
    case 'field':
      return field(value);
    case 'rule':
      return rule(value);
    case 'act':
      return `${act(before, after)} ${value}`;
    case 'state':
      return state(before, after);
    case 'choice':
      return choice(before, after);
    case 'ref':
      return id === '' ? value : `${kind(before)} ${id}${version === undefined ? '' : ` 第 ${version} 版`}`;
    case 'time':
      return beijingTime(value);
    default:
      return value;
  }
}
