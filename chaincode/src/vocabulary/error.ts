// SPDX-License-Identifier: Apache-2.0
import { canonicalize } from 'json-canonicalize';

/** Why the contract says no. A closed set: the gateway maps each to one HTTP status. */
export type ContractErrorCode =
  | 'INPUT_INVALID' // the input does not fit the act's schema or grammar
  | 'NOT_FOUND' // a record that the act needs does not exist
  | 'EXISTS' // another record already has this id
  | 'WRONG_STATE' // the act is not open in the record's state
  | 'VERSION_CONFLICT' // `ifVersion` names another version than the current one
  | 'KEY_REUSED' // the idempotency key was used with another act or input
  | 'FORBIDDEN' // the caller may not do this: not its organisation, role, region or remit
  | 'REFUSED'; // a rule of the rulebook is broken

/** One broken rule, as stored on records and told to callers. Shapes: article as in the rulebook, `due` RFC 3339. */
export interface Violation {
  readonly rule: string;
  /** The rulebook's name of the article, e.g. `第二十五条`. */
  readonly article: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** When the rulebook lets the act through with a deadline: until when the rule must be met. */
  readonly due?: string;
}

export interface ErrorDetails {
  readonly message: string;
  readonly remedy?: string;
  readonly article?: string;
  readonly violations?: readonly Violation[];
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
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
  'FORBIDDEN',
  'REFUSED',
];
const WIRE = new RegExp(`\\b(${CODES.join('|')}) ([a-z0-9-]+) (\\{.*\\})`, 's');
