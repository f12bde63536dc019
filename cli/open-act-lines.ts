// SPDX-License-Identifier: Apache-2.0
import type { Worded } from 'yuanliu-chaincode/messages';
import { roleText, stateText } from 'yuanliu-chaincode/messages/labels';
import type { Due, OpenAct, RecordActs } from 'yuanliu-gateway/queries/worklist/answer';
import { beijingTime, dueDay, noteOf } from './people-words.js';

/** What may be done on a record: what waits, then what is only possible. */
export function openActLines({ ref, state, acts }: Worded<RecordActs>): string {
  const waiting = acts.filter(({ waits }) => waits).map(openActLine);
  const possible = acts.filter(({ waits }) => !waits).map(openActLine);
  return [
    `${ref} [${stateText(ref.split('/')[0] ?? '', state)}]`,
    ...(waiting.length > 0 ? ['待办 waiting for you', ...waiting] : []),
    ...(possible.length > 0 ? ['可办 possible', ...possible] : []),
    ...(acts.length === 0 ? ['贵单位目前无可办事项。 Nothing is open to you on it now.'] : []),
  ].join('\n');
}

/** An act that is open on a record: its words and name, in which role, until when and why, and from when on. */
export function openActLine({ act, title, roles, due, notBefore }: Worded<OpenAct>): string {
  const until = due && `  ${duePhrase(due)} ${dueDay(due.by)}`;
  const why = due && ` (${[due.period, due.rule, due.article].filter((part) => part !== undefined).join(', ')})`;
  const from = notBefore === undefined ? '' : `  不早于 not before ${beijingTime(notBefore)}`;
  return `  ${title} ${act} as ${roles.map(roleText).join(' or ')}${from}${until ?? ''}${why ?? ''}${noted(due)}`;
}

function duePhrase({ overdue, unjudged }: Worded<Due>): string {
  if (unjudged !== undefined) return '期限未能判定 not before';
  return overdue ? '逾期 overdue since' : '期限 due';
}

function noted(due: Worded<Due> | undefined): string {
  const note = due?.unjudged ?? due?.note;
  return note === undefined ? '' : `: ${noteOf(note)}`;
}
