// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Act } from 'yuanliu-chaincode/kind/act';
import { jsonSchema, type JsonSchema } from 'yuanliu-chaincode/kind/input';
import { exampleOf, type SchemaFields } from 'yuanliu-gateway/http/routes/example';
import { language } from './lang.js';
import { roleText } from './people-words.js';
import { said } from './words/index.js';

/**
 * What `yuanliu help act KIND:ACT` prints: who may act, on which states, the fields of the input, and a command to try.
 * Without an act, or with one that does not exist: the acts there are.
 */
export function actHelp(named: string | undefined): string {
  const [kindName, actName] = (named ?? '').split(':');
  const kind = kinds.find(({ name }) => name === kindName);
  const act = kind?.acts.get(actName ?? '');
  if (act) return helpOf(act);
  const among = kind ? [kind] : kinds;
  const listed = among.flatMap(({ acts }) =>
    [...acts.values()].map((one) => `  ${refOf(one)}${language === 'en' ? '' : `  ${one.title}`}`),
  );
  return [said('acts-there-are'), ...listed].join('\n');
}

function helpOf(act: Act): string {
  const { title, nature, by, creates, from, to } = act;
  const states = [...(creates ? [said('act-new')] : []), ...from].join(', ');
  const example = JSON.stringify(exampleOf(act)).replaceAll("'", "'\\''");
  return [
    `${refOf(act)}  ${language === 'en' ? '' : `${title} `}(${said(nature === 'report' ? 'nature-report' : 'nature-decision')})`,
    said('act-by', { roles: Object.keys(by).map(roleText).join(', ') }),
    said('act-states', { states: `${states}${to === undefined ? '' : ` → ${to}`}` }),
    ...(act.rules.length === 0 ? [] : [said('act-rules', { rules: act.rules.map(({ id }) => id).join(', ') })]),
    said('act-fields'),
    ...fieldsOf(jsonSchema(act.input)),
    said('act-example'),
    `  yuanliu act ${refOf(act)} ID '${example}' --dry-run`,
  ].join('\n');
}

function refOf({ kind, name }: Act): string {
  return `${kind.name}:${name}`;
}

/** A line for each field; one alternative after the other where the input has several. */
function fieldsOf(schema: JsonSchema): string[] {
  const { oneOf, properties = {}, required = [] } = schema as SchemaFields;
  if (oneOf) return oneOf.flatMap((option, at) => [...(at > 0 ? [said('field-or')] : []), ...fieldsOf(option)]);
  const names = Object.keys(properties);
  if (names.length === 0) return [said('field-none')];
  const width = Math.max(...names.map((name) => name.length));
  return Object.entries(properties).map(([name, field]) => {
    const { description } = field as SchemaFields;
    const need = said(required.includes(name) ? 'field-required' : 'field-optional');
    return `  ${name.padEnd(width)}  ${need}  ${typeOf(field)}${description === undefined ? '' : ` — ${description}`}`;
  });
}

function typeOf(schema: JsonSchema): string {
  const { const: only, enum: choices, type, items, anyOf, oneOf, properties } = schema as SchemaFields;
  if (only !== undefined) return JSON.stringify(only);
  if (choices) return choices.join(' | ');
  const options = anyOf ?? oneOf;
  if (options) return [...new Set(options.map(typeOf))].join(said('type-or'));
  if (type === 'array') return said('list-of', { items: typeOf(items ?? {}) });
  if (properties) return `{${Object.keys(properties).join(', ')}}`;
  return type ?? 'value';
}
