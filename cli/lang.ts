// SPDX-License-Identifier: Apache-2.0
import { Option, type Command } from 'commander';
import { roleLabels } from 'yuanliu-chaincode/messages/labels';
import type { RoleName } from 'yuanliu-chaincode/vocabulary/vocabulary';

/** The languages that texts are written in. */
export const langs = ['zh', 'en'] as const;
export type Lang = (typeof langs)[number];

export interface LangOptions {
  readonly lang: Lang;
}

/** Adds the language of what a command prints: that of LANG where it is English, else Chinese. */
export function withLang(command: Command): Command {
  const option = new Option('--lang <lang>', 'language of what it prints').choices(langs);
  return command.addOption(option.default(/^en/i.test(process.env['LANG'] ?? '') ? 'en' : 'zh', 'LANG, else zh'));
}

/** A role as a reader of a language knows it. */
export function roleIn(lang: Lang, role: RoleName): string {
  return lang === 'zh' ? roleLabels[role] : role;
}

/** Fills `{name}` in a text. */
export function filled(text: string, params: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole);
}
