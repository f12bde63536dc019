// SPDX-License-Identifier: Apache-2.0
import { beijingTime } from 'yuanliu-chaincode/messages/beijing-time';
import { Command } from 'commander';
import type { Worded } from 'yuanliu-chaincode/messages';
import type { AccountabilityAnswer, AccountableAct } from 'yuanliu-gateway/queries/trace/account';
import { organizationNames, type Named } from '../organization-names.js';
import { brokenRules, roleText, titled } from '../people-words.js';
import { said } from '../words/index.js';
import {
  clientOf,
  count,
  paged,
  pathOf,
  print,
  withClient,
  withPages,
  type ClientOptions,
  type PageOptions,
} from './options.js';

/** `yuanliu account KIND/ID[@VERSION]` */
export function accountCommand(): Command {
  return withPages(withClient(new Command('account')))
    .description(said('about-account'))
    .argument('<kind/id[@version]>', said('arg-ref-account'))
    .option('--depth <n>', said('option-depth-back'), count)
    .addHelpText('after', `\n${said('example')}\n  yuanliu account usage/U-score-1 --as supervisor`)
    .action(async (ref: string, options: ClientOptions & PageOptions & { depth?: number }) => {
      const { path, version } = pathOf(ref);
      const query = { ...paged(options), version, depth: options.depth?.toString() };
      const client = await clientOf(options);
      const answer = await client.ask<Worded<AccountabilityAnswer>>(`${path}/accountability`, { query });
      if (options.json) print(answer);
      else console.log(told(answer, await organizationNames(client, answer)).join('\n'));
    });
}

function told({ asOf, items, hidden, truncated, cursor }: Worded<AccountabilityAnswer>, named: Named): string[] {
  const lines = items.flatMap((item) => linesOf(item, asOf.time, named));
  if (cursor !== undefined) lines.push(said('more-pages', { cursor }));
  else if (truncated) lines.push(said('more-by-depth'));
  if (hidden) lines.push(said('some-hidden'));
  return lines;
}

function linesOf(
  { ref, recordTitle, title, act, transaction, basis, approvals, known }: Worded<AccountableAct>,
  now: string,
  named: Named,
): string[] {
  const when = act.occurredAt ?? act.time;
  return [
    `${beijingTime(when)} ${ref} ${recordTitle ?? ''} · ${titled(title, act.name)}`,
    said('account-line', {
      who: named(act.organization),
      user: act.user,
      role: roleText(act.role),
      txId: act.txId.slice(0, 12),
      block: transaction.block,
    }),
    ...(basis
      ? [
          said('account-basis', {
            links: basis.links.map((link) => link.ref).join(' → '),
            more: basis.hidden ? ' …' : '',
            verdict: basis.stood ? said('stood') : said('stood-not-why', { why: basis.broken?.message ?? '' }),
          }),
        ]
      : []),
    ...approvals
      .filter(({ documents }) => documents.length > 0)
      .map((one) =>
        said('account-approval', {
          ref: one.ref,
          title: one.title,
          documents: one.documents.map(({ number, digest }) => number ?? digest).join(', '),
        }),
      ),
    ...brokenRules(act.violations, now).map((one) => `    ${one}`),
    ...known.violations.map((one) =>
      said('known-violation', {
        ref: one.ref,
        rule: one.rule,
        article: one.article,
        shown: one.shown ? '' : said('not-shown'),
      }),
    ),
    ...known.findings.map((one) =>
      said('known-finding', { ref: one.ref, summary: one.summary, shown: one.shown ? '' : said('not-shown') }),
    ),
    ...(known.more === undefined ? [] : [said('known-more', { count: known.more })]),
  ];
}
