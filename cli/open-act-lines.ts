// SPDX-License-Identifier: Apache-2.0
import { beijingTime } from 'yuanliu-chaincode/messages/beijing-time';
import type { Worded } from 'yuanliu-chaincode/messages';
import type { Due, OpenAct, RecordActs } from 'yuanliu-gateway/queries/worklist/answer';
import { dueDay, eitherRole, noteOf, stateText, titled } from './people-words.js';
import { said } from './words/index.js';

/** What may be done on a record: what waits, then what is only possible. */
export function openActLines({ ref, state, acts }: Worded<RecordActs>): string {
  const waiting = acts.filter(({ waits }) => waits).map(openActLine);
  const possible = acts.filter(({ waits }) => !waits).map(openActLine);
  return [
    `${ref} [${stateText(ref.split('/')[0] ?? '', state)}]`,
    ...(waiting.length > 0 ? [said('acts-waiting'), ...waiting] : []),
    ...(possible.length > 0 ? [said('acts-possible'), ...possible] : []),
    ...(acts.length === 0 ? [said('acts-none')] : []),
  ].join('\n');
}

/** An act that is open on a record: its words and name, in which role, until when and why, and from when on. */
export function openActLine({ act, title, roles, due, notBefore }: Worded<OpenAct>): string {
  const until = due && `  ${duePhrase(due)} ${dueDay(due.by)}`;
  const why = due && ` (${[due.period, due.rule, due.article].filter((part) => part !== undefined).join(', ')})`;
  const from = notBefore === undefined ? '' : said('not-before', { time: beijingTime(notBefore) });
  return `${said('act-line', { act: titled(title, act), roles: eitherRole(roles) })}${from}${until ?? ''}${why ?? ''}${noted(due)}`;
}

function duePhrase({ overdue, unjudged }: Worded<Due>): string {
  if (unjudged !== undefined) return said('due-unjudged');
  return said(overdue ? 'due-overdue' : 'due-on');
}

function noted(due: Worded<Due> | undefined): string {
  const note = due?.unjudged ?? due?.note;
  return note === undefined ? '' : `: ${noteOf(note)}`;
}
