// SPDX-License-Identifier: Apache-2.0
import { Option, type Command } from 'commander';
import { labelsIn, languages, type Language } from 'yuanliu-chaincode/messages';

export type Lang = Language;

export interface LangOptions {
  readonly lang: Lang;
}

/** The language of what is printed: `--lang`, else that of the environment, else Chinese. */
export function languageAsked(words: readonly string[], env: Readonly<Record<string, string | undefined>>): Lang {
  const at = words.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const named = words[at]?.startsWith('--lang=')
    ? words[at].slice('--lang='.length)
    : at < 0
      ? undefined
      : words[at + 1];
  const known = languages.find((one) => one === named);
  if (known) return known;
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((one) => one !== undefined && one !== '');
  return /^en/i.test(locale ?? '') ? 'en' : 'zh-CN';
}

/** Of this process. */
export const language: Lang = languageAsked(process.argv.slice(2), process.env);

/** Adds the language of what a command prints. */
export function withLang(command: Command): Command {
  const option = new Option('--lang <lang>', 'zh-CN or en').choices(languages);
  return command.addOption(option.default(language, 'LC_ALL, LANG, else zh-CN'));
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
