// SPDX-License-Identifier: Apache-2.0
import { beijingTime } from 'yuanliu-chaincode/messages/beijing-time';
import { Command } from 'commander';
import type { Worded } from 'yuanliu-chaincode/messages';
import type { Deviation } from 'yuanliu-gateway/index/read/rows';
import type { Duty, DutyStatus, Procedure, ProceduresPage } from 'yuanliu-gateway/queries/procedures/answer';
import { organizationNames, type Named } from '../organization-names.js';
import { dueDay, noteOf, roleText } from '../people-words.js';
import { language } from '../lang.js';
import { said } from '../words/index.js';
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
    .description(said('about-procedures'))
    .option('--deviation <what>', said('option-deviation'))
    .option('--organization <organization>', said('option-organization-acts'))
    .option('--kind <kind>', said('option-kind-acts'))
    .option('--rule <rule>', said('option-rule'))
    .option('--duty <status>', said('option-duty'))
    .addHelpText('after', `\n${said('example')}\n  yuanliu procedures --as supervisor --duty overdue`)
    .action(async (options: ClientOptions & PageOptions & Filters) => {
      const client = await clientOf(options);
      const { deviation, kind, rule, duty, data } = options;
      const organization = options.organization && (await organizationOf(options.organization, data));
      const query = { ...paged(options), deviation, organization, kind, rule, duty };
      const page = await client.ask<Worded<ProceduresPage>>('/api/v1/procedures', { query });
      const named = options.json ? (code: string) => code : await organizationNames(client, page);
      printPage(page, options, (item) => described(item, named), said('ordinary-course'));
    });
}

interface Filters {
  readonly deviation?: string;
  readonly organization?: string;
  readonly kind?: string;
  readonly rule?: string;
  readonly duty?: string;
}

function word(code: Deviation | DutyStatus): string {
  return said(`word-${code}`);
}

function described(
  { ref, version, title, kind, act, deviations, wasDue, duties }: Worded<Procedure>,
  named: Named,
): string {
  const { time, organization, role, late, violations, unjudged = [] } = act;
  const owed = new Set(duties.map(({ rule }) => rule));
  return [
    said('procedure-line', {
      time: beijingTime(time),
      title: language === 'en' ? '' : title,
      act: `${kind}:${act.name}`,
      ref: `${ref}@${version}`,
      who: named(organization),
      role: roleText(role),
      deviations: deviations.map(word).join(', '),
    }).replace('  ', ' '),
    ...(wasDue
      ? [
          said('was-due', {
            day: dueDay(wasDue.by),
            why: [wasDue.period, wasDue.rule, wasDue.article].filter(Boolean).join(', '),
          }),
        ]
      : []),
    ...(late ? [`  ${late.reason}`] : []),
    ...violations
      .filter(({ rule }) => !owed.has(rule))
      .map(({ rule, article, message }) => `  ${rule} (${article}): ${message}`),
    ...unjudged.map(({ rule, article, message }) => `  ${word('unjudged')} ${rule} (${article}): ${message}`),
    ...duties.map(dutyLine),
  ].join('\n');
}

/** What is owed, until when, and what to do. */
export function dutyLine({ rule, article, message, remedy, due, status, unjudged }: Worded<Duty>): string {
  const untold = unjudged === undefined ? '' : said('unjudged-too', { note: noteOf(unjudged) });
  return `  ${word(status)} ${dueDay(due)}: ${rule} (${article}): ${message}${remedy === undefined ? '' : ` → ${remedy}`}${untold}`;
}
