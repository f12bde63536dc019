// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { roleText, stateText } from 'yuanliu-chaincode/messages/labels';
import type { Due, Task, WorklistPage } from 'yuanliu-gateway/queries/worklist/answer';
import { dueDay } from '../people-words.js';
import { clientOf, paged, printPage, withClient, withPages, type ClientOptions, type PageOptions } from './options.js';
import { dutyLine } from './procedures.js';

/** `yuanliu worklist` */
export function worklistCommand(): Command {
  return withPages(withClient(new Command('worklist')))
    .description('待办 — the acts that are open to you, and on which records; what is due first')
    .option('--kind <kind>', 'only records of one kind')
    .option('--act <act>', 'only one act, by its name')
    .option('--role <role>', 'only acts in one role')
    .option('--due-before <time>', 'only what is due before an RFC 3339 time')
    .option('--overdue', 'only what is overdue', false)
    .addHelpText(
      'after',
      '\nExamples:\n  yuanliu worklist --as registrar\n  yuanliu worklist --as implementing-agency --kind agreement --overdue',
    )
    .action(async (options: ClientOptions & PageOptions & WorklistFilters) => {
      const client = await clientOf(options);
      const { kind, act, role, dueBefore, overdue } = options;
      const query = { ...paged(options), kind, act, role, dueBefore, overdue: overdue ? 'true' : undefined };
      const page = await client.ask<WorklistPage>('/api/v1/worklist', { query });
      printPage(page, options, described, 'nothing waits for you here');
    });
}

interface WorklistFilters {
  readonly kind?: string;
  readonly act?: string;
  readonly role?: string;
  readonly dueBefore?: string;
  readonly overdue: boolean;
}

function described({ ref, title, state, acts, duties = [] }: Task): string {
  const lines = acts.map(({ act, title: words, roles, due }) => {
    const until = due && `  ${duePhrase(due)} ${dueDay(due.by)}`;
    const why = due && ` (${[due.period, due.rule, due.article].filter((part) => part !== undefined).join(', ')})`;
    return `  ${words} ${act} as ${roles.map(roleText).join(' or ')}${until ?? ''}${why ?? ''}${noted(due)}`;
  });
  return [
    `${ref} ${title ?? ''} [${stateText(ref.split('/')[0] ?? '', state)}]`.replace('  ', ' '),
    ...lines,
    ...duties.map(dutyLine),
  ].join('\n');
}

function duePhrase({ overdue, unjudged }: Due): string {
  if (unjudged !== undefined) return '期限未能判定 not before';
  return overdue ? '逾期 overdue since' : '期限 due';
}

function noted(due: Due | undefined): string {
  const note = due?.unjudged ?? due?.note;
  return note === undefined ? '' : `: ${note}`;
}
