// SPDX-License-Identifier: Apache-2.0
import { breachIf, defineRule } from '../kind/rule.js';

/** Where an input says domains and purposes: of a resource, a scenario, a product, the terms of a link. */
interface Worded {
  readonly domain?: string;
  readonly domains?: readonly string[];
  readonly purpose?: string;
  readonly terms?: { readonly domains?: readonly string[]; readonly purposes?: readonly string[] };
  readonly changes?: Worded;
  readonly grant?: Worded;
}

/**
 * Domains decide whose remit a record is in, so both they and purposes come from the rulebook's lists, where it has them.
 * Judged of every decision, by what its input says.
 */
export const inVocabulary = defineRule<unknown, Worded>('in-vocabulary', ({ input, rulebook }) => {
  const { domains, purposes } = rulebook.vocabulary ?? {};
  const inputs = [input, input.changes ?? {}, input.grant ?? {}];
  const unknown = (words: readonly (string | undefined)[], list: readonly string[] | undefined): string[] =>
    words.flatMap((one) => (one === undefined || !list || list.includes(one) ? [] : [one]));
  const strange = [
    ...unknown(
      inputs.flatMap((one) => [one.domain, ...(one.domains ?? []), ...(one.terms?.domains ?? [])]),
      domains,
    ),
    ...unknown(
      inputs.flatMap((one) => [one.purpose, ...(one.terms?.purposes ?? [])]),
      purposes,
    ),
  ];
  return breachIf(strange.length > 0, 'not-in-vocabulary', { words: strange });
});
