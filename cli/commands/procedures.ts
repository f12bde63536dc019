// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { roleText } from 'yuanliu-chaincode/messages/labels';
import type { Worded } from 'yuanliu-chaincode/messages';
import type { Deviation } from 'yuanliu-gateway/index/read/rows';
import type { Duty, DutyStatus, Procedure, ProceduresPage } from 'yuanliu-gateway/queries/procedures/answer';
import { organizationNames, type Named } from '../organization-names.js';
import { beijingTime, dueDay, noteOf } from '../people-words.js';
import {
  clientOf,
  organizationOf,
  paged,
  printPage,
  withClient,
  withPages,
  type ClientOptions,
  type PageOptions,
} from './options.js';

/** `yuanliu procedures` */
export function proceduresCommand(): Command {
  return withPages(withClient(new Command('procedures')))
    .description(
      '程序执行情况 — acts that were late, skipped a step, were backfilled or not judged; what is owed for them',
    )
    .option('--deviation <what>', 'late, skipped, backfilled or unjudged')
    .option('--organization <organization>', 'only acts of one organisation, by its credit code or as --as takes it')
    .option('--kind <kind>', 'only acts on records of one kind')
    .option('--rule <rule>', 'only acts that this rule is about')
    .option('--duty <status>', 'only acts for which something is open, overdue, met or met-late')
    .addHelpText('after', '\nExample:\n  yuanliu procedures --as supervisor --duty overdue')
    .action(async (options: ClientOptions & PageOptions & Filters) => {
      const client = await clientOf(options);
      const { deviation, kind, rule, duty, data } = options;
      const organization = options.organization && (await organizationOf(options.organization, data));
      const query = { ...paged(options), deviation, organization, kind, rule, duty };
      const page = await client.ask<Worded<ProceduresPage>>('/api/v1/procedures', { query });
      const named = options.json ? (code: string) => code : await organizationNames(client, page);
      printPage(
        page,
        options,
        (item) => described(item, named),
        'every act that you may see went by the ordinary course',
      );
    });
}

interface Filters {
  readonly deviation?: string;
  readonly organization?: string;
  readonly kind?: string;
  readonly rule?: string;
  readonly duty?: string;
}

const words: Readonly<Record<Deviation | DutyStatus, string>> = {
  late: '逾期 late',
  skipped: '未先行 skipped',
  backfilled: '补录 backfilled',
  unjudged: '未能判定 unjudged',
  open: '待补正 due',
  overdue: '逾期 overdue since',
  met: '已补正 made good by',
  'met-late': '逾期补正 made good after',
};

function described(
  { ref, version, title, kind, act, deviations, wasDue, duties }: Worded<Procedure>,
  named: Named,
): string {
  const { time, organization, role, late, violations, unjudged = [] } = act;
  const owed = new Set(duties.map(({ rule }) => rule));
  return [
    `${beijingTime(time)} ${title} ${kind}:${act.name} ${ref}@${version} by ${named(organization)} (${roleText(role)}): ${deviations.map((one) => words[one]).join(', ')}`,
    ...(wasDue
      ? [`  was due ${dueDay(wasDue.by)} (${[wasDue.period, wasDue.rule, wasDue.article].filter(Boolean).join(', ')})`]
      : []),
    ...(late ? [`  ${late.reason}`] : []),
    ...violations
      .filter(({ rule }) => !owed.has(rule))
      .map(({ rule, article, message }) => `  ${rule} (${article}): ${message}`),
    ...unjudged.map(({ rule, article, message }) => `  ${words.unjudged} ${rule} (${article}): ${message}`),
    ...duties.map(dutyLine),
  ].join('\n');
}

/** What is owed, until when, and what to do. */
export function dutyLine({ rule, article, message, remedy, due, status, unjudged }: Worded<Duty>): string {
  const untold = unjudged === undefined ? '' : `; ${words.unjudged}: ${noteOf(unjudged)}`;
  return `  ${words[status]} ${dueDay(due)}: ${rule} (${article}): ${message}${remedy === undefined ? '' : ` → ${remedy}`}${untold}`;
}
