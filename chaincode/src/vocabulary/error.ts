// SPDX-License-Identifier: Apache-2.0
import { canonicalize } from 'json-canonicalize';
import { contractMessages, type ContractCode, type ContractEntries } from '../messages/contract.js';
import type { Given, Message, Params } from '../messages/template.js';

/** Why the contract says no. A closed set: the gateway maps each to one HTTP status. */
export type ContractErrorCode =
  | 'INPUT_INVALID' // the input does not fit the act's schema or grammar
  | 'NOT_FOUND' // a record that the act needs does not exist
  | 'EXISTS' // another record already has this id
  | 'WRONG_STATE' // the act is not open in the record's state
  | 'VERSION_CONFLICT' // `ifVersion` names another version than the current one
  | 'KEY_REUSED' // the idempotency key was used with another act or input
  | 'BATCH_FULL' // the acts before it in its batch leave no room for it
  | 'FORBIDDEN' // the caller may not do this: not its organisation, role, region or remit
  | 'REFUSED'; // a rule of the rulebook is broken

/**
 * One broken rule, as stored on records: what is wrong, and what to do, is a message in whatever language it is read.
 * Shapes: article as in the rulebook, `due` RFC 3339.
 */
export interface Violation extends Message {
  readonly rule: string;
  /** The rulebook's name of the article, e.g. `第二十五条`. */
  readonly article: string;
  /** When the rulebook lets the act through with a deadline: until when the rule must be met. */
  readonly due?: string;
}

/** One field that is wrong; `message` is the English text. */
export interface Issue extends Partial<Message> {
  readonly path: string;
  readonly message: string;
}

export interface ErrorDetails {
  /** The message, by the code of its text and its params; absent of errors that have none yet. */
  readonly code?: string;
  readonly params?: Params;
  /** Its English text, for those who read what a peer answers. */
  readonly message: string;
  readonly remedy?: string;
  readonly article?: string;
  readonly violations?: readonly Violation[];
  /** Of a batch that is refused whole: the number of the act that is why, from 0. */
  readonly seq?: number;
  readonly issues?: readonly Issue[];
}

/** What an error says, as a message: the text of one that has no code yet is kept as it is. */
export function messageOf({ details: { code, params = {}, message, remedy = '' } }: ContractError): Message {
  return code === undefined ? contractMessages.message('stored-text', { message, remedy }) : { code, params };
}

/** An error that says a message of the catalogue. */
export function refusal<Code extends ContractCode>(
  why: ContractErrorCode,
  code: Code,
  ...given: Given<ContractEntries[Code]>
): ContractError {
  return new ContractError(why, saying(code, ...given));
}

/** The details of an error that says a message of the catalogue. */
export function saying<Code extends ContractCode>(code: Code, ...given: Given<ContractEntries[Code]>): ErrorDetails {
  const message = contractMessages.message(code, ...given);
  return { ...message, ...contractMessages.textOf('en', message) };
}

/**
 * The one error of the contract. On the wire it is `CODE rule-id {json}`, with `-` for no rule; {@link parse} reads it
 * back wherever it ends up inside a peer's message.
 */
export class ContractError extends Error {
  constructor(
    readonly code: ContractErrorCode,
    readonly details: ErrorDetails,
    /** Stable id of the broken rule, where one is. */
    readonly rule?: string,
  ) {
    super(`${code} ${rule ?? '-'} ${canonicalize(details)}`);
    this.name = 'ContractError';
  }

  /** Reads an error off the wire; undefined if `message` does not carry one. */
  static parse(message: string): ContractError | undefined {
    const match = WIRE.exec(message);
    if (!match?.[1] || !match[3]) return undefined;
    try {
      const details = JSON.parse(match[3]) as ErrorDetails;
      return new ContractError(match[1] as ContractErrorCode, details, match[2] === '-' ? undefined : match[2]);
    } catch {
      return undefined; // a peer cut the message short: the caller reports it as it stands
    }
  }
}

const CODES: readonly ContractErrorCode[] = [
  'INPUT_INVALID',
  'NOT_FOUND',
  'EXISTS',
  'WRONG_STATE',
  'VERSION_CONFLICT',
  'KEY_REUSED',
  'BATCH_FULL',
  'FORBIDDEN',
  'REFUSED',
];
const WIRE = new RegExp(`\\b(${CODES.join('|')}) ([a-z0-9-]+) (\\{.*\\})`, 's');
