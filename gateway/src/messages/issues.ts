// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import type { Given, Message, Params } from 'yuanliu-chaincode/messages';
import type { Issue } from 'yuanliu-chaincode/vocabulary/error';
import { issueOf as contractIssueOf } from 'yuanliu-chaincode/vocabulary/issue';
import { gatewayMessages, textOf, type GatewayCode, type GatewayEntries } from './index.js';

/** The message of a schema's check, as the text that zod carries: its code, and its params as JSON. */
export function says<Code extends GatewayCode>(code: Code, ...given: Given<GatewayEntries[Code]>): string {
  const { params } = gatewayMessages.message(code, ...given);
  return Object.keys(params).length === 0 ? code : `${code} ${JSON.stringify(params)}`;
}

/** One field or parameter that is wrong, with what is wrong as a message. */
export function issueOf(issue: z.core.$ZodIssue): Issue & Message {
  const message = messageOf(issue);
  return { path: issue.path.join('.'), ...message, message: textOf('en', message).message };
}

/** Everything that does not fit a schema. */
export function issuesOf({ issues }: z.core.$ZodError): (Issue & Message)[] {
  return issues.map(issueOf);
}

/** The first thing that is wrong, for the message of the problem; `issues` names all. */
export function firstOf([first]: readonly (Issue & Message)[]): { readonly path: string; readonly why: Message } {
  const { path = '', code = '', params = {} } = first ?? {};
  return { path, why: { code, params } };
}

function messageOf(issue: z.core.$ZodIssue): Message {
  const [, code = '', json] = SAID.exec(issue.message) ?? [];
  if (gatewayMessages.has(code)) return { code, params: json === undefined ? {} : (JSON.parse(json) as Params) };
  const { code: ofContract = '', params = {} } = contractIssueOf(issue);
  return { code: ofContract, params };
}

const SAID = /^([a-z][a-z-]*)(?: (\{.*\}))?$/s;
