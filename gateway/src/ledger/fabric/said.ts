// SPDX-License-Identifier: Apache-2.0
import type { LedgerErrorCode } from '../error.js';

/** What a node's message means to callers of the port, and what to do about it. */
export interface Meaning {
  readonly code: LedgerErrorCode;
  readonly remedy: string;
  /** Nothing came of it, and it may pass: another peer may serve now, or this one in a few seconds. */
  readonly passing: boolean;
}

/** What Fabric 2.5 and 3.1 say, which have no codes for these; the first that fits any of `messages` counts. */
export function meaningOf(messages: readonly string[]): Meaning | undefined {
  return SAID.find(([pattern]) => messages.some((message) => pattern.test(message)))?.[1];
}

const SAID: readonly (readonly [RegExp, Meaning])[] = [
  [/chaincode response \d+, /, lasting('CONTRACT_FAILURE', 'the contract failed')],
  [
    // The second is all that a client learns of a peer's refusal to give blocks, as status=FORBIDDEN may be below.
    /due to incorrect timestamp|the stream of blocks ended: status=BAD_REQUEST/,
    lasting('TIME_WINDOW', "the time of this request is too far from the peer's: set this machine's clock"),
  ],
  [
    /access denied|identity expired|creator is malformed|creator's signature|status=FORBIDDEN|not authorized/,
    lasting('ACCESS_DENIED', 'this certificate or signature is not accepted: enrol again, or ask its organisation'),
  ],
  [/duplicate transaction found/, lasting('DUPLICATE_TXID', 'this transaction is on the ledger already')],
  [
    /ProposalResponsePayloads do not match/,
    lasting(
      'ENDORSEMENT_POLICY_FAILURE',
      'endorsers came to different results: `npm run network -- doctor` compares their chaincode',
    ),
  ],
  [
    /No metadata was found for chaincode|required chaincodes are not installed|make sure the chaincode \S+ has been/,
    passing('the chaincode is not deployed, or not known to this peer yet: `npm run network -- doctor` says which'),
  ],
  [
    /no combination of peers can be derived|failed to select a set of endorsers|failed to find any endorsing peers|failed constructing descriptor/,
    passing('this peer finds too few endorsers, as for seconds after a restart: `npm run network -- status`'),
  ],
  [/no peers available to evaluate|failed to get config for channel/, passing('this peer does not serve yet')],
  [
    /no orderer nodes available|no orderers could successfully|insufficient number of orderers/,
    passing('too few orderers take transactions from this peer: `npm run network -- status` says what runs'),
  ],
  [
    /could not launch chaincode|chaincode stream terminated|claimed to start chaincode container|executing transaction$/,
    passing("this peer's chaincode service does not answer: `npm run network -- restart chaincode`"),
  ],
  [
    /endorsement timeout expired|evaluate timeout expired/,
    lasting('DEADLINE', 'the peers did not finish this in time, and nothing was ordered'),
  ],
  [
    /rpc error: code = (Unavailable|DeadlineExceeded)/,
    passing('too few endorsers can be reached from this peer: `npm run network -- status` says what runs'),
  ],
  [/failed to collect enough transaction endorsements/, lasting('ENDORSEMENT_POLICY_FAILURE', 'too few endorsed')],
];

function lasting(code: LedgerErrorCode, remedy: string): Meaning {
  return { code, remedy, passing: false };
}

function passing(remedy: string): Meaning {
  return { code: 'UNAVAILABLE', remedy, passing: true };
}
