// SPDX-License-Identifier: Apache-2.0
import { status } from '@grpc/grpc-js';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import { LedgerError, type LedgerErrorCode } from 'yuanliu-gateway/ledger/error';
import {
  isDisagreement,
  isPassing,
  isUnreachable,
  leavesOpen,
  NodeError,
  toPortError,
} from 'yuanliu-gateway/ledger/fabric/errors';

const DIAL =
  'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp ' +
  '127.0.0.1:7051: connect: connection refused"';
const COLLECT = 'failed to collect enough transaction endorsements, see attached details for more info';
const FIRST = 'failed to endorse transaction, see attached details for more info';
const FORBIDDEN =
  'received unsuccessful response from orderer: status=FORBIDDEN, info=implicit policy evaluation failed - 0 sub-policies ' +
  "were satisfied, but this policy requires 1 of the 'Writers' sub-policies to be satisfied: permission denied";
const DERIVED = 'no combination of peers can be derived which satisfy the endorsement policy: ';

/** As Fabric 2.5.9 and 3.1.1 say it: status, message, what other nodes said, and what it is to callers. */
const SAID: readonly (readonly [status, string, readonly string[], LedgerErrorCode, 'passing' | 'lasting'])[] = [
  [
    status.FAILED_PRECONDITION,
    `${DERIVED}no peer combination can satisfy the endorsement policy`,
    [],
    'UNAVAILABLE',
    'passing',
  ],
  [
    status.FAILED_PRECONDITION,
    `${DERIVED}required chaincodes are not installed on sufficient peers`,
    [],
    'UNAVAILABLE',
    'passing',
  ],
  [
    status.FAILED_PRECONDITION,
    `${DERIVED}No metadata was found for chaincode yuanliu in channel public-data`,
    [],
    'UNAVAILABLE',
    'passing',
  ],
  [
    status.FAILED_PRECONDITION,
    'failed to select a set of endorsers that satisfy the endorsement policy due to unavailability of peers: [localhost:7051]',
    [],
    'UNAVAILABLE',
    'passing',
  ],
  [
    status.FAILED_PRECONDITION,
    'no peers available to evaluate chaincode yuanliu in channel public-data',
    [],
    'UNAVAILABLE',
    'passing',
  ],
  [status.UNAVAILABLE, 'failed to find any endorsing peers for org(s): AuthorityMSP', [], 'UNAVAILABLE', 'passing'],
  [status.UNAVAILABLE, 'failed to get config for channel [public-data]: not found', [], 'UNAVAILABLE', 'passing'],
  [status.UNAVAILABLE, 'no orderer nodes available', [], 'UNAVAILABLE', 'passing'],
  [status.UNAVAILABLE, 'no orderers could successfully process transaction', [DIAL], 'UNAVAILABLE', 'passing'],
  [
    status.UNAVAILABLE,
    'insufficient number of orderers could successfully process transaction to satisfy quorum requirement',
    [DIAL, DIAL],
    'UNAVAILABLE',
    'passing',
  ],
  [status.ABORTED, COLLECT, [DIAL], 'UNAVAILABLE', 'passing'],
  [status.ABORTED, COLLECT, ['ProposalResponsePayloads do not match'], 'ENDORSEMENT_POLICY_FAILURE', 'lasting'],
  [status.ABORTED, COLLECT, [DIAL, 'ProposalResponsePayloads do not match'], 'ENDORSEMENT_POLICY_FAILURE', 'lasting'],
  [status.ABORTED, COLLECT, [], 'ENDORSEMENT_POLICY_FAILURE', 'lasting'],
  [
    status.ABORTED,
    FIRST,
    [
      'error in simulation: failed to execute transaction ab: could not launch chaincode yuanliu_1:ab: connection to yuanliu_1:ab failed',
    ],
    'UNAVAILABLE',
    'passing',
  ],
  [
    status.ABORTED,
    FIRST,
    ['error in simulation: failed to execute transaction ab: error sending: chaincode stream terminated'],
    'UNAVAILABLE',
    'passing',
  ],
  [
    status.ABORTED,
    FIRST,
    [
      'error in simulation: failed to execute transaction ab: error sending: timeout expired while executing transaction',
    ],
    'UNAVAILABLE',
    'passing',
  ],
  [
    status.ABORTED,
    FIRST,
    [
      'make sure the chaincode yuanliu has been successfully defined on channel public-data and try again: chaincode yuanliu not found',
    ],
    'UNAVAILABLE',
    'passing',
  ],
  [status.DEADLINE_EXCEEDED, 'endorsement timeout expired while collecting endorsements', [], 'DEADLINE', 'lasting'],
  [
    status.ABORTED,
    FIRST,
    ['access denied: channel [public-data] creator org [AuthorityMSP]'],
    'ACCESS_DENIED',
    'lasting',
  ],
  [
    status.ABORTED,
    FIRST,
    ['access denied: channel [public-data] creator org unknown, creator is malformed'],
    'ACCESS_DENIED',
    'lasting',
  ],
  [status.ABORTED, FIRST, ['proposal client identity expired'], 'ACCESS_DENIED', 'lasting'],
  [
    status.ABORTED,
    FIRST,
    [
      'request unauthorized due to incorrect timestamp 2026-01-01 00:00:00 +0000 UTC, peer time 2026-01-01 00:06:00 +0000 UTC, peer.authentication.timewindow 5m0s',
    ],
    'TIME_WINDOW',
    'lasting',
  ],
  [status.ABORTED, FIRST, ['duplicate transaction found [ab]. Creator [0a]'], 'DUPLICATE_TXID', 'lasting'],
  [
    status.ABORTED,
    FIRST,
    ['chaincode response 500, the contract has no transaction of that name'],
    'CONTRACT_FAILURE',
    'lasting',
  ],
  [status.ABORTED, FORBIDDEN, [], 'ACCESS_DENIED', 'lasting'],
  [
    status.UNAVAILABLE,
    'insufficient number of orderers could successfully process transaction to satisfy quorum requirement',
    [FORBIDDEN, FORBIDDEN],
    'ACCESS_DENIED',
    'lasting',
  ],
  [status.UNIMPLEMENTED, 'unknown service gateway.Gateway', [], 'UNAVAILABLE', 'lasting'],
];

test.each(SAID)('%i «%s» %j is %s, and %s', (code, message, said, expected, lasts) => {
  const error = new NodeError(code, message, said.map(from('AgencyMSP')));
  const told = toPortError(error);
  expect(told).toBeInstanceOf(LedgerError);
  expect(told).toMatchObject({ code: expected });
  expect(told.message).toContain(said.at(-1) ?? message);
  expect(isPassing(error)).toBe(lasts === 'passing');
});

test("hands on the contract's refusal, whatever words of Fabric's its text holds", () => {
  const refusal = new ContractError('NOT_FOUND', { message: 'no orderer nodes available' });
  const error = new NodeError(status.ABORTED, FIRST, [from('AgencyMSP')(`chaincode response 500, ${refusal.message}`)]);
  expect(toPortError(error)).toEqual(refusal);
  expect([isPassing(error), isUnreachable(error)]).toEqual([false, false]);
});

test('tells a peer that is not there from one that says why it cannot', () => {
  expect(isUnreachable(new NodeError(status.UNAVAILABLE, 'No connection established'))).toBe(true);
  expect(isUnreachable(new NodeError(status.DEADLINE_EXCEEDED, 'Deadline exceeded after 8.000s'))).toBe(true);
  expect(isUnreachable(new NodeError(status.UNAVAILABLE, 'no orderer nodes available'))).toBe(false);
  expect(isUnreachable(new NodeError(status.FAILED_PRECONDITION, 'No connection established'))).toBe(false);
});

test('takes for disagreement only what others than the peer asked say, and not that they cannot be reached', () => {
  const differs = 'ProposalResponsePayloads do not match';
  const disagrees = (mspId: string, message: string): boolean =>
    isDisagreement(new NodeError(status.ABORTED, COLLECT, [from(mspId)(message)]), 'AuthorityMSP');
  expect([disagrees('AgencyMSP', differs), disagrees('AuthorityMSP', differs), disagrees('AgencyMSP', DIAL)]).toEqual([
    true,
    false,
    false,
  ]);
});

test('holds a transaction for lost only where the ordering service refused it', () => {
  const refused = (...said: string[]) =>
    new NodeError(status.UNAVAILABLE, 'insufficient number of orderers could', said.map(from('AgencyMSP')));
  expect(leavesOpen(refused(FORBIDDEN, FORBIDDEN))).toBe(false);
  expect(leavesOpen(refused(FORBIDDEN, DIAL))).toBe(true);
  expect(leavesOpen(refused())).toBe(true);
  expect(leavesOpen(new NodeError(status.ABORTED, 'status=BAD_REQUEST'))).toBe(false);
  expect(leavesOpen(new NodeError(status.UNAVAILABLE, 'Connection dropped'))).toBe(true);
  expect(leavesOpen(new NodeError(status.DEADLINE_EXCEEDED, 'submit timeout expired'))).toBe(true);
  expect(leavesOpen(new Error('anything else'))).toBe(true);
});

function from(mspId: string): (message: string) => { mspId: string; address: string; message: string } {
  return (message) => ({ mspId, address: 'localhost:7051', message });
}
