// SPDX-License-Identifier: Apache-2.0
import { common, peer } from '@hyperledger/fabric-protos';
import type { Proposal } from './proposal.js';

/**
 * The payload of the transaction that the client signs and sends to order: the proposal's headers, and its action with
 * the endorsed response (a `common.Payload` around a `peer.Transaction`).
 */
export function encodeTransaction(
  { channelHeader, signatureHeader, payload }: Proposal,
  responsePayload: Uint8Array,
  endorsements: readonly peer.Endorsement[],
): Uint8Array {
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(responsePayload);
  endorsed.setEndorsementsList([...endorsements]);
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(payload);
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setHeader(signatureHeader);
  action.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.addActions(action);

  const header = new common.Header();
  header.setChannelHeader(channelHeader);
  header.setSignatureHeader(signatureHeader);
  const out = new common.Payload();
  out.setHeader(header);
  out.setData(transaction.serializeBinary());
  return out.serializeBinary();
}

/** The payload with its creator's signature: what blocks hold. */
export function encodeEnvelope(payload: Uint8Array, signature: Uint8Array): Uint8Array {
  const envelope = new common.Envelope();
  envelope.setPayload(payload);
  envelope.setSignature(signature);
  return envelope.serializeBinary();
}
