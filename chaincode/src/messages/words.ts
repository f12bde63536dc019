// SPDX-License-Identifier: Apache-2.0
import type { Entries, Entry } from './template.js';

type Words = Readonly<Record<string, string>>;

/** Everything that one language says of a kind of record. A new kind has one such file in each language. */
export interface KindWords {
  /** Name of the kind. */
  readonly title: string;
  readonly states: Words;
  /** Names of its acts and consequences. */
  readonly acts: Words;
  /** Names of the rules in its folder. */
  readonly rules: Words;
  /** Names of fields that only its acts have, or that mean something else there. */
  readonly fields: Words;
  /** Values of its enums, by field. */
  readonly choices: Readonly<Record<string, Words>>;
  /** What its rules and acts say. */
  readonly messages: Entries;
}

/** Everything that one language says. */
export interface LanguageWords {
  readonly kinds: Readonly<Record<string, KindWords>>;
  readonly roles: Words;
  /** Rules that several kinds share. */
  readonly rules: Words;
  /** Fields by name, whichever kind has them. */
  readonly fields: Words;
  readonly choices: Readonly<Record<string, Words>>;
  /** Titles of the problem codes of the contract. */
  readonly problems: Words;
}

/** The words of a kind in another language: for the same states, acts, rules, fields, choices and messages. */
export type TranslatedKind<Own extends KindWords> = {
  readonly title: string;
  readonly messages: Readonly<Record<keyof Own['messages'], Entry>>;
  readonly choices: { readonly [Field in keyof Own['choices']]: Readonly<Record<keyof Own['choices'][Field], string>> };
} & { readonly [Part in 'states' | 'acts' | 'rules' | 'fields']: Readonly<Record<keyof Own[Part], string>> };
