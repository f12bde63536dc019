// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';
import type { Issued, Mark, Reader } from '../../kind/act.js';
import { parseRef } from '../../kind/record.js';
import { contractMessages } from '../../messages/contract.js';
import { dayInChina } from '../../rulebook/period.js';
import type { Violation } from '../../vocabulary/error.js';
import { sortedSet } from '../../vocabulary/vocabulary.js';
import { findingId } from './finding-id.js';
import { finding, opened } from './finding.js';

/** Mark on `ORGANIZATION/AUTHORITY/RULE/DAY/PLACE`: the finding that was opened for its breaches, the last one of that day. */
const FOUND = 'found';

/** Mark on `FINDING/TRANSACTION`, or `FINDING/TRANSACTION-ACT` of several: a later report that breaks the same, which the finding counts. One each, so that none conflict. */
export const UNDER = 'under';

/** What is found of one report. */
export interface Violated {
  /** The report, at its version. */
  readonly about: string;
  readonly against: string;
  /** Of the report: its authority, and where it is. */
  readonly body: unknown;
  readonly violations: readonly Pick<Violation, 'rule' | 'code' | 'params'>[];
}

interface Context extends Pick<Reader, 'find' | 'marked'> {
  readonly txId: string;
  readonly seq?: number | undefined;
  readonly time: string;
}

/** States in which a finding counts what breaks the same. What comes after it was rectified is a breach of its own. */
const COUNTING: readonly string[] = ['open', 'served', 'appealed', 'ordered'];

/**
 * What violations come to: one finding for each organisation, rule, authority, place and day in China. Until that is
 * rectified or closed, what breaks the same is counted by it (a mark each), and opens no other: a client that is set up
 * wrongly fills no desk. Another place has other overseers, who would not read what is counted elsewhere.
 */
export async function findingOf(
  { about, against, body, violations }: Violated,
  { find, marked, txId, seq, time }: Context,
): Promise<{ readonly also: readonly Issued[]; readonly marks: readonly Mark[] }> {
  const { region, domains, authority } = body as { region?: string; domains?: string[]; authority?: string };
  const under = authority ?? parseRef(about).kind;
  const id = findingId({ txId, seq });
  const place = placeKey({ region, domains });
  const marks: Mark[] = [];
  const fresh: string[] = [];
  const counting = new Set<string>();
  for (const rule of new Set(violations.map((one) => one.rule))) {
    const key = `${against}/${under}/${rule}/${dayInChina(time)}/${place}`;
    const known = (await marked(FOUND, key)) as { readonly finding: string } | undefined;
    const open = known && (await find(finding, known.finding));
    if (open && COUNTING.includes(open.state)) counting.add(open.id);
    else {
      fresh.push(rule);
      marks.push({ name: FOUND, key, value: { finding: id } });
    }
  }
  for (const one of counting)
    marks.push({ name: UNDER, key: `${one}/${txId}${seq === undefined ? '' : `-${seq}`}`, value: { about } });
  if (fresh.length === 0) return { also: [], marks };
  const summary = violations
    .filter(({ rule }) => fresh.includes(rule))
    .map((one) => `${one.rule}: ${contractMessages.textOf('en', one).message}`)
    .join('\n')
    .slice(0, 4000);
  const issued = opened.of(id, {
    about,
    against,
    ...(region === undefined ? {} : { region }),
    ...(domains === undefined ? {} : { domains }),
    rules: fresh,
    summary,
  });
  return { also: [issued], marks };
}

/** Where a report is and which domains it concerns, which tells who oversees it: a digest, since domains may be many. */
function placeKey({
  region,
  domains,
}: {
  readonly region?: string | undefined;
  readonly domains?: string[] | undefined;
}) {
  const text = canonicalize({ region: region ?? '', domains: domains ? sortedSet(domains) : '' });
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
