// SPDX-License-Identifier: Apache-2.0
import type { Proposal } from './proposal.js';
import { encode } from './protobuf.js';

/** One peer's word for a response: its `msp.SerializedIdentity` and signature. */
export interface Endorsement {
  readonly endorser: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * The payload of the transaction that the client signs and sends to order, a `common.Payload`: the proposal's headers,
 * and a `peer.Transaction` of one action, which holds the proposal's payload and the endorsed response.
 */
export function encodeTransaction(
  { channelHeader, signatureHeader, payload }: Proposal,
  responsePayload: Uint8Array,
  endorsements: readonly Endorsement[],
): Buffer {
  const endorsed = endorsements.map(({ endorser, signature }) => ({ 1: endorser, 2: signature }));
  const actionPayload = { 1: payload, 2: { 1: responsePayload, 2: endorsed } };
  const action = { 1: signatureHeader, 2: actionPayload };
  return encode({ 1: { 1: channelHeader, 2: signatureHeader }, 2: { 1: [action] } });
}

/** The payload with its creator's signature: the `common.Envelope` that blocks hold. */
export function encodeEnvelope(payload: Uint8Array, signature: Uint8Array): Buffer {
  return encode({ 1: payload, 2: signature });
}
