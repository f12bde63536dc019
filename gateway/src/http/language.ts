// SPDX-License-Identifier: Apache-2.0
import { languages, worded, type Language } from 'yuanliu-chaincode/messages';
import { textOf } from '../messages/index.js';

/** For people who do not say which language they read. */
export const STANDARD: Language = 'zh-CN';

/** The language that a request asks for in `Accept-Language` (RFC 9110): of those that texts exist in, the one weighed most. */
export function languageOf(request: { get(name: string): string | undefined }): Language {
  const asked = (request.get('Accept-Language') ?? '').slice(0, 200).split(',').map(weighed);
  const known = asked.flatMap(({ range, weight }) => {
    const language = languages.find((one) => primary(one) === primary(range));
    return language === undefined || weight <= 0 ? [] : [{ language, weight }];
  });
  return known.sort((a, b) => b.weight - a.weight)[0]?.language ?? STANDARD;
}

function weighed(text: string): { readonly range: string; readonly weight: number } {
  const [range = '', weight] = text.split(';q=');
  return { range: range.trim(), weight: weight === undefined ? 1 : Number(weight) || 0 };
}

/** `zh` of `zh-Hans-CN`. */
function primary(range: string): string {
  return (range.split('-')[0] ?? '').toLowerCase();
}

/** An answer as JSON, every message in it in words of a language. */
export function jsonIn(language: Language, body: unknown): string {
  const text = JSON.stringify(body ?? null);
  return text.includes('"params":') ? JSON.stringify(inWords(language, body)) : text;
}

export function inWords<Value>(language: Language, value: Value) {
  return worded(value, (message) => textOf(language, message));
}
