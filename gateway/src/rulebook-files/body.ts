// SPDX-License-Identifier: Apache-2.0
import type { RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import type { RulebookForm } from './form.js';

/** What a file says, as the ledger stores it: without the origins of its numbers. */
export function bodyOf(form: RulebookForm): RulebookBody {
  const { title, region, demonstration, goLive, rules, periods, limits, calendar, vocabulary, parts } = form;
  return {
    title,
    region,
    ...(demonstration === undefined ? {} : { demonstration }),
    rules: mapped(rules, (rule) => entryOf(rule, form)),
    periods: mapped(periods, ({ value }) => value),
    ...(limits === undefined ? {} : { limits: mapped(limits, ({ value }) => value) }),
    ...(calendar === undefined ? {} : { calendar: mapped(calendar, yearOf) }),
    ...(goLive === undefined ? {} : { goLive }),
    ...(vocabulary === undefined ? {} : { vocabulary }),
    parts: mapped(parts, ({ required }) => required),
  };
}

type Rule = RulebookForm['rules'][string];

function entryOf(
  { basis, requirement, mode, dueWithin, why }: Rule,
  form: RulebookForm,
): RulebookBody['rules'][string] {
  return {
    article: articleOf(basis, form),
    requirement,
    ...(dueWithin === undefined ? {} : { dueWithin: dueWithin.value }),
    ...(mode === 'not-applicable' ? { notApplicable: why ?? '' } : {}),
  };
}

/** The articles: of the primary source by number, of others with its title. */
function articleOf(basis: Rule['basis'], { primary, sources }: RulebookForm): string {
  if (basis.length === 0) return OWN;
  const cited = [...new Set(basis.map(({ source }) => source))].map((source) => {
    const articles = basis.filter((one) => one.source === source).map(({ article }) => article);
    return `${source === primary ? '' : `《${sources[source]?.title ?? source}》`}${articles.join('、')}`;
  });
  return cited.join('；');
}

/** In place of an article: the rulebook itself demands it. */
const OWN = '本规则库';

function yearOf({ holidays, workdays }: { readonly holidays: string[]; readonly workdays: string[] }) {
  return { holidays: holidays.flatMap(daysOf), workdays: workdays.flatMap(daysOf) };
}

const DAY_MS = 86_400_000;

/** `2026-01-01`, or each day of `2026-01-01..2026-01-03`; a year at most. */
function daysOf(given: string): string[] {
  const [from = '', to = from] = given.split('..');
  const count = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (!(count >= 1 && count <= 366)) return [given]; // no days: the schema of the body says so
  return Array.from({ length: count }, (_, i) => new Date(Date.parse(from) + i * DAY_MS).toISOString().slice(0, 10));
}

function mapped<Value, Other>(
  values: Readonly<Partial<Record<string, Value>>>,
  map: (value: Value) => Other,
): Record<string, Other> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, map(value)]])),
  );
}
