// SPDX-License-Identifier: Apache-2.0
import { words as en } from './en/index.js';
import { languages, type Language } from './template.js';
import type { LanguageWords } from './words.js';
import { words as zhCN } from './zh-CN/index.js';

/** All that is labelled, in every language. */
export const words: Readonly<Record<Language, LanguageWords>> = { 'zh-CN': zhCN, en };

/** The names of things in one language. A code that has no label is its own. */
export interface Labels {
  readonly kind: (name: string) => string;
  readonly role: (name: string) => string;
  readonly rule: (id: string) => string;
  /** Of an act or a consequence. */
  readonly act: (kind: string, name: string) => string;
  readonly state: (kind: string, state: string) => string;
  /** Of a field of an input or a body; `kind` may call it otherwise than others. */
  readonly field: (name: string, kind?: string) => string;
  /** Of one value of a field. */
  readonly choice: (field: string, value: string, kind?: string) => string;
  /** Of a problem code of the contract. */
  readonly problem: (code: string) => string;
}

export function labelsIn(language: Language): Labels {
  return labels[language];
}

const labels = Object.fromEntries(languages.map((language) => [language, labelsOf(words[language])])) as Readonly<
  Record<Language, Labels>
>;

function labelsOf({ kinds, roles, rules, fields, choices, problems }: LanguageWords): Labels {
  const ofKinds = Object.fromEntries(Object.values(kinds).flatMap((one) => Object.entries(one.rules)));
  return {
    kind: (name) => own(kinds, name)?.title ?? name,
    role: (name) => own(roles, name) ?? name,
    rule: (id) => own(rules, id) ?? own(ofKinds, id) ?? id,
    act: (kind, name) => own(own(kinds, kind)?.acts, name) ?? name,
    state: (kind, state) => own(own(kinds, kind)?.states, state) ?? state,
    field: (name, kind = '') => own(own(kinds, kind)?.fields, name) ?? own(fields, name) ?? name,
    choice: (field, value, kind = '') =>
      own(own(own(kinds, kind)?.choices, field), value) ?? own(own(choices, field), value) ?? value,
    problem: (code) => own(problems, code) ?? code,
  };
}

function own<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A role for people who type commands: its Chinese label, with its code. A role that has no label is its code. */
export function roleText(role: string): string {
  return beside(labels['zh-CN'].role(role), role);
}

/** A state, as {@link roleText}. */
export function stateText(kind: string, state: string): string {
  return beside(labels['zh-CN'].state(kind, state), state);
}

function beside(label: string, code: string): string {
  return label === code ? code : `${label} ${code}`;
}
