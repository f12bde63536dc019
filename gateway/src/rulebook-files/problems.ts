// SPDX-License-Identifier: Apache-2.0
import { knownRules } from 'yuanliu-chaincode/kind/rule';
import { countsWorkingDays } from 'yuanliu-chaincode/rulebook/rulebook';
import { isDuration } from 'yuanliu-chaincode/rulebook/period';
import { bodyOf } from './body.js';
import type { Origin, RulebookForm } from './form.js';

/** What can be wrong with a rulebook file; the words for each are the command line's. */
export type FileProblemCode =
  | 'unreadable'
  | 'not-text'
  | 'not-yaml'
  | 'malformed'
  | 'unknown-rule'
  | 'missing-rule'
  | 'no-origin'
  | 'law-without-article'
  | 'no-reason'
  | 'unknown-source'
  | 'bad-period'
  | 'not-recordable'
  | 'due-without-period'
  | 'period-without-due'
  | 'always-applied'
  | 'no-calendar';

/** A problem at a path of the file. */
export interface Found {
  readonly path: readonly string[];
  readonly code: FileProblemCode;
  readonly params: Readonly<Record<string, string>>;
}

/** What does not hold of a well-formed file. */
export function problemsOf(form: RulebookForm): Found[] {
  const { primary, sources, rules, periods, limits = {}, parts, calendar = {} } = form;
  const known = (path: readonly string[], source: string | undefined): Found[] =>
    source === undefined || Object.hasOwn(sources, source) ? [] : [found(path, 'unknown-source', { source })];
  const numbers = [...named('periods', periods), ...named('limits', limits)];
  return [
    ...known(['primary'], primary),
    ...Object.entries(rules).flatMap(([id, rule]) => ruleProblems(id, rule, known)),
    ...[...knownRules.keys()]
      .filter((id) => !Object.hasOwn(rules, id))
      .map((rule) => found(['rules'], 'missing-rule', { rule })),
    ...numbers.flatMap(({ path, value }) => numberProblems(path, value, known)),
    ...named('parts', parts).flatMap(({ path, value }) => [
      ...originProblems(path, value),
      ...known(path, value.source),
    ]),
    ...named('calendar', calendar).flatMap(({ path, value }) => known([...path, 'source'], value.source)),
    ...(form.calendar === undefined && countsWorkingDays(bodyOf(form)) ? [found([], 'no-calendar', {})] : []),
  ];
}

type Known = (path: readonly string[], source: string | undefined) => Found[];

function ruleProblems(id: string, rule: RulebookForm['rules'][string], known: Known): Found[] {
  const path = ['rules', id];
  const { basis, mode, dueWithin, origin, why } = rule;
  if (!knownRules.has(id)) return [found(path, 'unknown-rule', { rule: id })];
  return [
    ...basis.flatMap(({ source }, i) => known([...path, 'basis', String(i), 'source'], source)),
    ...(basis.length === 0 && origin === undefined ? [found(path, 'no-origin', {})] : []),
    ...(basis.length === 0 && origin === 'law' ? [found(path, 'law-without-article', {})] : []),
    ...(mode === 'not-applicable' && why === undefined ? [found(path, 'no-reason', {})] : []),
    ...(mode === 'not-applicable' && knownRules.get(id)?.optional === false
      ? [found(path, 'always-applied', { rule: id })]
      : []),
    ...(mode === 'due' && dueWithin === undefined ? [found(path, 'due-without-period', { rule: id })] : []),
    ...(mode !== 'due' && dueWithin !== undefined ? [found(path, 'period-without-due', { rule: id })] : []),
    ...(mode === 'due' && knownRules.get(id)?.recordable === false
      ? [found([...path, 'mode'], 'not-recordable', { rule: id })]
      : []),
    ...(dueWithin === undefined ? [] : numberProblems([...path, 'dueWithin'], dueWithin, known)),
  ];
}

function numberProblems(path: readonly string[], number: Origin & { readonly value: string }, known: Known): Found[] {
  const { value } = number;
  return [
    ...(isDuration(value) ? [] : [found(path, 'bad-period', { value })]),
    ...originProblems(path, number),
    ...known([...path, 'source'], number.source),
  ];
}

function originProblems(path: readonly string[], { origin, source, article, why }: Origin): Found[] {
  if (origin === undefined) return [found(path, 'no-origin', {})];
  if (origin === 'law') {
    return source === undefined || article === undefined ? [found(path, 'law-without-article', {})] : [];
  }
  return why === undefined ? [found(path, 'no-reason', {})] : [];
}

function named<Value>(
  field: string,
  values: Readonly<Partial<Record<string, Value>>>,
): { readonly path: readonly string[]; readonly value: Value }[] {
  return Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [{ path: [field, key], value }]));
}

function found(path: readonly string[], code: FileProblemCode, params: Found['params']): Found {
  return { path, code, params };
}
