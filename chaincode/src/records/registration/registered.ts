// SPDX-License-Identifier: Apache-2.0
import { breachIf, defineRule } from '../../kind/rule.js';
import { holds, spansOf } from '../../kind/spans.js';

/** Mark on a resource or product: the registration that was coded last, and the times in which it was registered. */
export const REGISTERED = 'registered';

/** The registration in force by a subject's mark; none once it has expired or was cancelled or revoked. */
export function registrationOf(
  mark: unknown,
  at: { readonly asOf: string | undefined; readonly time: string },
): string | undefined {
  return holds(spansOf(mark), at) ? (mark as { readonly registration: string }).registration : undefined;
}

/**
 * 公共数据资源授权运营涉及的公共数据资源应当进行登记 (Art. 7): the entries of a catalogue, the resources that a scope names, the
 * sources of a product have a registration that is in force.
 */
export const registered = defineRule<{
  readonly entries?: readonly { readonly resource: string }[];
  readonly sources?: readonly { readonly resource: string }[];
  readonly terms?: { readonly resources?: readonly string[] | undefined };
}>(
  'registered',
  async ({ body, marked, asOf, time }) => {
    const ids = [...(body.entries ?? []), ...(body.sources ?? [])].map(({ resource }) => resource);
    const missing: string[] = [];
    for (const id of [...ids, ...(body.terms?.resources ?? [])]) {
      const mark = await marked(REGISTERED, `resource/${id}`);
      if (registrationOf(mark, { asOf, time }) === undefined) missing.push(id);
    }
    return breachIf(missing.length > 0, 'not-registered', { count: missing.length, ids: missing });
  },
  { recordable: true },
);
