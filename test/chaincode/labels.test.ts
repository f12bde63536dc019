// SPDX-License-Identifier: Apache-2.0
import 'yuanliu-chaincode/engine/perform'; // defines the rules that the engine holds itself
import { kinds } from 'yuanliu-chaincode/kinds';
import { inputSchema, jsonSchema, type JsonSchema } from 'yuanliu-chaincode/kind/input';
import { knownRules } from 'yuanliu-chaincode/kind/rule';
import { labelsIn, languages, words, type Language } from 'yuanliu-chaincode/messages';
import { roleText, stateText } from 'yuanliu-chaincode/messages/labels';
import { roleNames } from 'yuanliu-chaincode/vocabulary/vocabulary';

const SCRIPT = { 'zh-CN': /\p{Script=Han}|^MSP$/u, en: /^[\x20-\x7e]+$/ } as const;

/** Fields of inputs and bodies with the kind they are of, and the values that each may have. */
const fields = kinds.flatMap(({ name, acts, body }) =>
  [...[...acts.values()].map(inputSchema), jsonSchema(body)].flatMap((schema) => fieldsIn(schema, name)),
);

describe.each(languages)('in %s', (language) => {
  const labels = labelsIn(language);
  const said = words[language];

  test('every kind, state, act, role and rule has a label, and no label is left over (fault E12) (fault E20)', () => {
    expect(Object.keys(said.roles).sort()).toEqual([...roleNames].sort());
    expect(Object.keys(said.kinds).sort()).toEqual(kinds.map(({ name }) => name).sort());
    for (const { name, states, acts, consequences } of kinds) {
      const own = said.kinds[name];
      expect([name, Object.keys(own?.states ?? {}).sort()]).toEqual([name, [...states].sort()]);
      expect([name, Object.keys(own?.acts ?? {}).sort()]).toEqual([
        name,
        [...new Set([...acts.keys(), ...consequences.keys()])].sort(),
      ]);
    }
    const rules = [said.rules, ...Object.values(said.kinds).map((one) => one.rules)].flatMap((one) => Object.keys(one));
    expect(rules.sort()).toEqual([...knownRules.keys()].sort());
  });

  test('every field, and every value of an enum, has a label, and none is left over (fault E20)', () => {
    const bare = fields.filter(({ field, kind }) => labels.field(field, kind) === field && !/^msp$/.test(field));
    expect(bare.map(({ field, kind }) => `${kind}.${field}`)).toEqual([]);
    const unnamed = fields.flatMap(({ field, kind, choices }) =>
      choices.filter((one) => labels.choice(field, one, kind) === one).map((one) => `${kind}.${field}: ${one}`),
    );
    expect(unnamed).toEqual([]);
    const known = new Set(fields.map(({ field }) => field));
    expect(Object.keys(said.fields).filter((field) => !known.has(field))).toEqual([]);
    for (const [kind, own] of Object.entries(said.kinds)) {
      const ofKind = new Set(fields.filter((one) => one.kind === kind).map(({ field }) => field));
      expect([kind, Object.keys(own.fields).filter((field) => !ofKind.has(field))]).toEqual([kind, []]);
    }
  });

  test('labels are in the language (fault E20)', () => {
    expect(allOf(language).filter((label) => !SCRIPT[language].test(label))).toEqual([]);
  });
});

test('an act is called by one name, on the ledger and in forms', () => {
  const { kind, act } = labelsIn('zh-CN');
  for (const { name, title, acts, consequences } of kinds) {
    expect(kind(name)).toBe(title);
    for (const one of [...acts.values(), ...consequences.values()]) expect(act(name, one.name)).toBe(one.title);
  }
});

test('two states of one kind do not share a label (fault E12)', () => {
  for (const language of languages)
    for (const [kind, { states }] of Object.entries(words[language].kinds))
      expect([kind, new Set(Object.values(states)).size]).toEqual([kind, Object.keys(states).length]);
});

test('a code without a label stays as it is, also one that every object has (fault E12)', () => {
  expect(stateText('grant', 'in-force')).toBe('有效 in-force');
  expect(stateText('grant', 'constructor')).toBe('constructor');
  expect(stateText('toString', 'name')).toBe('name');
  expect(roleText('department')).toBe('行业主管部门 department');
  expect(roleText('constructor')).toBe('constructor');
});

function allOf(language: Language): string[] {
  const { kinds: ofKinds, roles, rules, fields: names, choices, problems } = words[language];
  return [
    ...[roles, rules, names, problems, ...Object.values(choices)].flatMap((one) => Object.values(one)),
    ...Object.values(ofKinds).flatMap((one) => [
      one.title,
      ...[one.states, one.acts, one.rules, one.fields, ...Object.values(one.choices)].flatMap((each) =>
        Object.values(each),
      ),
    ]),
  ];
}

interface Field {
  readonly kind: string;
  readonly field: string;
  readonly choices: readonly string[];
}

function fieldsIn(schema: JsonSchema, kind: string): Field[] {
  const { properties = {}, anyOf = [], oneOf = [], items, additionalProperties: rest } = schema as Shape;
  const own = Object.entries(properties).flatMap(([field, inner]) => [
    { kind, field, choices: choicesOf(inner) },
    ...fieldsIn(inner, kind),
  ]);
  const inner = [...anyOf, ...oneOf, ...(items ? [items] : []), ...(typeof rest === 'object' ? [rest] : [])];
  return [...own, ...inner.flatMap((one) => fieldsIn(one, kind))];
}

function choicesOf({ enum: several, const: one, items }: Shape): string[] {
  const values = several ?? (one === undefined ? [] : [one]);
  return [...values.filter((value) => typeof value === 'string'), ...(items ? choicesOf(items) : [])];
}

interface Shape {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: Shape & JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}
