// SPDX-License-Identifier: Apache-2.0
import { Option, type Command } from 'commander';
import { labelsIn, languages, type Language } from 'yuanliu-chaincode/messages';

export type Lang = Language;

export interface LangOptions {
  readonly lang: Lang;
}

/** Adds the language of what a command prints: that of LANG where it is English, else Chinese. */
export function withLang(command: Command): Command {
  const option = new Option('--lang <lang>', 'language of what it prints').choices(languages);
  return command.addOption(option.default(/^en/i.test(process.env['LANG'] ?? '') ? 'en' : 'zh-CN', 'LANG, else zh-CN'));
}

/** Fills `{name}` in a text. */
export function filled(text: string, params: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole);
}

/** A role as a reader of a language knows it. */
export function roleIn(lang: Lang, role: string): string {
  return lang === 'zh-CN' ? labelsIn(lang).role(role) : role;
}

/** An act, `kind:act`, as a reader of a language knows it. */
export function actIn(lang: Lang, act: string): string {
  const [kind = '', name = ''] = act.split(':');
  const labels = labelsIn(lang);
  return lang === 'zh-CN' ? `${labels.kind(kind)}${labels.act(kind, name)}` : act;
}
