// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { variableOf } from './settings.js';
import { textOf } from '../messages/index.js';
import { decodeText, EncodingError } from '../text/encoding.js';

/** What a file sets: text by variable, and where each stands there. */
export interface ConfigFile {
  readonly values: Readonly<Record<string, string>>;
  /** `yuanliu.yaml:3 port`, by variable. */
  readonly places: Readonly<Record<string, string>>;
  /** What is wrong with the file itself, each with its place. */
  readonly problems: readonly string[];
}

/** Reads a YAML file of settings, one a line: `logLevel: warn` is YUANLIU_LOG_LEVEL=warn. */
export function readConfigFile(file: string): ConfigFile {
  let text: string;
  try {
    text = decodeText(readFileSync(file)).text;
  } catch (error) {
    if (error instanceof EncodingError) {
      const { message, remedy = '' } = textOf('en', error.why);
      return { ...NOTHING, problems: [`${file}: ${message}; ${remedy}`] };
    }
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    return { ...NOTHING, problems: [`${file}: it cannot be read (${why}): name a file of settings`] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => `${file}:${lines.linePos(offset).line}`;
  const [error] = document.errors;
  if (error) return { ...NOTHING, problems: [`${at(error.pos[0])}: it is not YAML: ${error.message}`] };
  const { contents } = document;
  if (contents === null) return NOTHING;
  if (!isMap(contents)) return { ...NOTHING, problems: [`${at(0)}: write one setting a line, such as port: 8080`] };

  const found = {
    values: {} as Record<string, string>,
    places: {} as Record<string, string>,
    problems: [] as string[],
  };
  for (const { key, value } of contents.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const place = `${at(isScalar(key) ? key.range[0] : 0)} ${name}`;
    const set = isScalar(value) ? value.value : undefined;
    if (typeof set === 'string' || typeof set === 'number') {
      const variable = variableOf(name);
      found.values[variable] = String(set);
      found.places[variable] = place;
    } else found.problems.push(`${place}: set it to one text or number`);
  }
  return found;
}

const NOTHING: ConfigFile = { values: {}, places: {}, problems: [] };
