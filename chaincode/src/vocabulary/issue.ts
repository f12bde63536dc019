// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { contractMessages, type ContractCode, type ContractEntries } from '../messages/contract.js';
import type { Given, Message, Params } from '../messages/template.js';
import type { Issue } from './error.js';

/** The message of a schema's check, as the text that zod carries: its code, and its params as JSON. */
export function says<Code extends ContractCode>(code: Code, ...given: Given<ContractEntries[Code]>): string {
  const { params } = contractMessages.message(code, ...given);
  return Object.keys(params).length === 0 ? code : `${code} ${JSON.stringify(params)}`;
}

/** One field that is wrong, with what is wrong as a message; `at` is where the schema was applied. */
export function issueOf(issue: z.core.$ZodIssue, at: readonly string[] = []): Issue {
  const message = messageOf(issue);
  return {
    path: [...at, ...issue.path].join('.'),
    ...message,
    message: contractMessages.textOf('en', message).message,
  };
}

/** What a schema's check says, in English; a text of other schemas as it is. */
export function issueText(issue: Pick<z.core.$ZodIssue, 'message'>): string {
  const said = saidBy(issue);
  return said ? contractMessages.textOf('en', said).message : issue.message;
}

function messageOf(issue: z.core.$ZodIssue): Message {
  return saidBy(issue) ?? ofZod(issue);
}

function saidBy({ message }: Pick<z.core.$ZodIssue, 'message'>): Message | undefined {
  const [, code = '', json] = SAID.exec(message) ?? [];
  if (!contractMessages.has(code)) return undefined;
  return { code, params: json === undefined ? {} : (JSON.parse(json) as Params) };
}

const SAID = /^([a-z][a-z-]*)(?: (\{.*\}))?$/s;

/** What zod finds by itself. */
function ofZod(issue: z.core.$ZodIssue): Message {
  const { message } = contractMessages;
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? message('field-missing')
        : message('field-type', { expected: issue.expected });
    case 'unrecognized_keys':
      return message('field-unknown', { names: issue.keys.slice(0, 20).join(', ') });
    case 'invalid_value':
      return message('field-choice', { choices: issue.values.map(String).join(', ') });
    case 'too_small':
      return isCount(issue.origin)
        ? message('field-too-short', { least: String(issue.minimum) })
        : message('field-too-small', { least: String(issue.minimum) });
    case 'too_big':
      return isCount(issue.origin)
        ? message('field-too-long', { most: String(issue.maximum) })
        : message('field-too-large', { most: String(issue.maximum) });
    case 'invalid_format':
      return message('field-format', { format: issue.format });
    default:
      return message('field-unfit');
  }
}

function isCount(origin: string): boolean {
  return ['string', 'array', 'set', 'file', 'map'].includes(origin);
}
