// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import type { Worded } from 'yuanliu-chaincode/messages';
import type { Needed, Task, WorklistPage } from 'yuanliu-gateway/queries/worklist/answer';
import { openActLine } from '../open-act-lines.js';
import { eitherRole, stateText, titled } from '../people-words.js';
import { said } from '../words/index.js';
import { clientOf, paged, printPage, withClient, withPages, type ClientOptions, type PageOptions } from './options.js';
import { dutyLine } from './procedures.js';

/** `yuanliu worklist` */
export function worklistCommand(): Command {
  return withPages(withClient(new Command('worklist')))
    .description(said('about-worklist'))
    .option('--kind <kind>', said('option-kind'))
    .option('--act <act>', said('option-act'))
    .option('--role <role>', said('option-role'))
    .option('--due-before <time>', said('option-due-before'))
    .option('--overdue', said('option-overdue'), false)
    .addHelpText(
      'after',
      `\n${said('examples')}\n  yuanliu worklist --as registrar\n  yuanliu worklist --as implementing-agency --kind agreement --overdue`,
    )
    .action(async (options: ClientOptions & PageOptions & WorklistFilters) => {
      const client = await clientOf(options);
      const { kind, act, role, dueBefore, overdue } = options;
      const query = { ...paged(options), kind, act, role, dueBefore, overdue: overdue ? 'true' : undefined };
      const page = await client.ask<Worded<WorklistPage>>('/api/v1/worklist', { query });
      const { needed = [] } = page;
      if (!options.json) for (const one of needed) console.log(neededLine(one));
      const isNarrowed = [kind, act, role, dueBefore].some((given) => given !== undefined) || overdue;
      printPage(page, options, described, needed.length > 0 ? '' : said(isNarrowed ? 'nothing-such' : 'nothing-waits'));
    });
}

interface WorklistFilters {
  readonly kind?: string;
  readonly act?: string;
  readonly role?: string;
  readonly dueBefore?: string;
  readonly overdue: boolean;
}

function described({ ref, title, state, acts, duties = [] }: Worded<Task>): string {
  return [
    `${ref} ${title ?? ''} [${stateText(ref.split('/')[0] ?? '', state)}]`.replace('  ', ' '),
    ...acts.map(openActLine),
    ...duties.map(dutyLine),
  ].join('\n');
}

function neededLine({ ref, act, title, roles }: Needed): string {
  return said('not-there-yet', { ref, act: titled(title, act), roles: eitherRole(roles), how: HOW[act] ?? '' });
}

/** The command that makes a record which every channel needs, where there is one. */
const HOW: Readonly<Record<string, string>> = { 'rulebook:adopt': ': yuanliu rulebook adopt FILE' };
