// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import type { Worded } from 'yuanliu-chaincode/messages';
import { roleText } from 'yuanliu-chaincode/messages/labels';
import type { AccountabilityAnswer, AccountableAct } from 'yuanliu-gateway/queries/trace/account';
import { organizationNames, type Named } from '../organization-names.js';
import { beijingTime, brokenRules, titled } from '../people-words.js';
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
    .description('责任 — who did which act on its chain, under whose authority, and what could have warned them')
    .argument('<kind/id[@version]>', 'such as usage/U-score-1')
    .option('--depth <n>', 'how far back', count)
    .addHelpText('after', '\nExample:\n  yuanliu account usage/U-score-1 --as supervisor')
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
  if (cursor !== undefined) lines.push(`… more: --cursor ${cursor}`);
  else if (truncated) lines.push('… there is more: a greater --depth shows it');
  if (hidden) lines.push('… some of it is not yours to see');
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
    `    ${named(act.organization)} ${act.user} (${roleText(act.role)}) tx ${act.txId.slice(0, 12)}… block ${transaction.block}`,
    ...(basis
      ? [
          `    依据 ${basis.links.map((link) => link.ref).join(' → ')}${basis.hidden ? ' …' : ''} ${basis.stood ? '当时有效' : `当时无效: ${basis.broken?.message ?? ''}`}`,
        ]
      : []),
    ...approvals
      .filter(({ documents }) => documents.length > 0)
      .map(
        (one) =>
          `    批准 ${one.ref} ${one.title} ${one.documents.map(({ number, digest }) => number ?? digest).join(', ')}`,
      ),
    ...brokenRules(act.violations, now).map((one) => `    ${one}`),
    ...known.violations.map(
      (one) => `    当时已知 ${one.ref} ${one.rule} (${one.article})${one.shown ? '' : '，未向其展示'}`,
    ),
    ...known.findings.map((one) => `    当时已立案 ${one.ref} ${one.summary}${one.shown ? '' : '，未向其展示'}`),
    ...(known.more === undefined ? [] : [`    … and ${known.more} older ones`]),
  ];
}
