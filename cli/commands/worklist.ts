// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import type { Worded } from 'yuanliu-chaincode/messages';
import { roleText, stateText } from 'yuanliu-chaincode/messages/labels';
import type { Needed, Task, WorklistPage } from 'yuanliu-gateway/queries/worklist/answer';
import { openActLine } from '../open-act-lines.js';
import { clientOf, paged, printPage, withClient, withPages, type ClientOptions, type PageOptions } from './options.js';
import { dutyLine } from './procedures.js';

/** `yuanliu worklist` */
export function worklistCommand(): Command {
  return withPages(withClient(new Command('worklist')))
    .description('待办 — the records that wait for you, and for which acts; what is due first')
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
      const page = await client.ask<Worded<WorklistPage>>('/api/v1/worklist', { query });
      const { needed = [] } = page;
      if (!options.json) for (const one of needed) console.log(neededLine(one));
      const isNarrowed = [kind, act, role, dueBefore].some((given) => given !== undefined) || overdue;
      printPage(page, options, described, needed.length > 0 ? '' : isNarrowed ? NOTHING_SUCH : NOTHING);
    });
}

interface WorklistFilters {
  readonly kind?: string;
  readonly act?: string;
  readonly role?: string;
  readonly dueBefore?: string;
  readonly overdue: boolean;
}

/** What a worklist without an item says, and what to do then. */
const NOTHING = `没有待办：目前没有等待贵单位办理的事项。 Nothing waits for you now.
  随时可办的事项见各记录 what you may do at any time is with each record: yuanliu get KIND/ID --acts`;

/** With a filter. */
const NOTHING_SUCH = '没有符合条件的待办。 Nothing of this sort waits for you: leave a filter out to see the rest.';

function described({ ref, title, state, acts, duties = [] }: Worded<Task>): string {
  return [
    `${ref} ${title ?? ''} [${stateText(ref.split('/')[0] ?? '', state)}]`.replace('  ', ' '),
    ...acts.map(openActLine),
    ...duties.map(dutyLine),
  ].join('\n');
}

function neededLine({ ref, act, title, roles }: Needed): string {
  return `${ref} 尚未建立 not there yet\n  ${title} ${act} as ${roles.map(roleText).join(' or ')}${HOW[act] ?? ''}`;
}

/** The command that makes a record which every channel needs, where there is one. */
const HOW: Readonly<Record<string, string>> = { 'rulebook:adopt': ': yuanliu rulebook adopt FILE' };
