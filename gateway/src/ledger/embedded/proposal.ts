// SPDX-License-Identifier: Apache-2.0
import { hash, randomBytes } from 'node:crypto';
import { common, msp, peer } from '@hyperledger/fabric-protos';
import { LedgerError } from '../error.js';
import type { Call, Identity } from '../port.js';
import { encode } from './protobuf.js';

/** A proposal as a client signs it and a peer takes it apart. */
export interface Proposal {
  readonly txId: string;
  readonly channel: string;
  readonly chaincode: string;
  readonly creator: Creator;
  readonly nonce: Uint8Array;
  readonly time: Date;
  readonly args: readonly Uint8Array[];
  /** `common.ChannelHeader`, `common.SignatureHeader`, `peer.ChaincodeProposalPayload`: what the transaction repeats. */
  readonly channelHeader: Uint8Array;
  readonly signatureHeader: Uint8Array;
  readonly payload: Uint8Array;
  /** `peer.Proposal`, and the creator's signature over it. */
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Creator {
  /** `msp.SerializedIdentity`. */
  readonly bytes: Uint8Array;
  readonly mspId: string;
  readonly certificate: string;
}

/** What a client says with one call: built, timed and signed. */
export function newProposal(call: Call, target: { channel: string; chaincode: string }, time: Date): Proposal {
  const creator = creatorOf(call.identity);
  const nonce = newNonce();
  const txId = transactionId(nonce, creator.bytes);
  const args = [call.transaction, ...call.args].map((arg) => Buffer.from(arg));
  const channelHeader = encodeChannelHeader(target, txId, time);
  const signatureHeader = encodeSignatureHeader(creator.bytes, nonce);
  const payload = encodePayload(target.chaincode, args);
  const bytes = encodeProposal(channelHeader, signatureHeader, payload);
  const signature = call.identity.sign(bytes);
  return { txId, ...target, creator, nonce, time, args, channelHeader, signatureHeader, payload, bytes, signature };
}

/**
 * Takes apart a proposal that came from elsewhere.
 *
 * @throws LedgerError `ACCESS_DENIED` when it is not what Fabric calls a well-formed endorser proposal.
 */
export function parseProposal(bytes: Uint8Array, signature: Uint8Array): Proposal {
  try {
    const proposal = peer.Proposal.deserializeBinary(bytes);
    const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
    const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    const signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
    const identity = msp.SerializedIdentity.deserializeBinary(signatureHeader.getCreator_asU8());
    const payload = peer.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8());
    const spec = peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8()).getChaincodeSpec();
    const time = channelHeader.getTimestamp()?.toDate();
    if (channelHeader.getType() !== common.HeaderType.ENDORSER_TRANSACTION) throw new Error('not an endorser proposal');
    if (channelHeader.getEpoch() !== 0 || !time) throw new Error('epoch or timestamp of its channel header are wrong');
    if (payload.getTransientmapMap().getLength() > 0) throw new Error('transient data, which no act uses yet');
    return {
      txId: channelHeader.getTxId(),
      channel: channelHeader.getChannelId(),
      chaincode: spec?.getChaincodeId()?.getName() ?? '',
      creator: {
        bytes: signatureHeader.getCreator_asU8(),
        mspId: identity.getMspid(),
        certificate: Buffer.from(identity.getIdBytes_asU8()).toString(),
      },
      nonce: signatureHeader.getNonce_asU8(),
      time,
      args: spec?.getInput()?.getArgsList_asU8() ?? [],
      channelHeader: header.getChannelHeader_asU8(),
      signatureHeader: header.getSignatureHeader_asU8(),
      payload: proposal.getPayload_asU8(),
      bytes,
      signature,
    };
  } catch (cause) {
    throw new LedgerError('ACCESS_DENIED', `the proposal is malformed: ${String(cause)}`, { cause });
  }
}

/** Fabric's transaction id: the hexadecimal SHA-256 of nonce ‖ creator. */
export function transactionId(nonce: Uint8Array, creator: Uint8Array): string {
  return hash('sha256', Buffer.concat([nonce, creator]));
}

/** The `msp.SerializedIdentity` of an identity. */
export function creatorOf(identity: Identity): Creator {
  const known = creators.get(identity);
  if (known) return known;
  const { mspId, certificate } = identity;
  const creator = { bytes: encode({ 1: mspId, 2: certificate }), mspId, certificate };
  creators.set(identity, creator);
  return creator;
}

const creators = new WeakMap<Identity, Creator>();

/** A `common.SignatureHeader`. */
export function encodeSignatureHeader(creator: Uint8Array, nonce: Uint8Array): Buffer {
  return encode({ 1: creator, 2: nonce });
}

function encodeChannelHeader(target: { channel: string; chaincode: string }, txId: string, time: Date): Buffer {
  const milliseconds = time.getTime();
  const timestamp = { 1: Math.floor(milliseconds / 1000), 2: (milliseconds % 1000) * 1_000_000 };
  const extension = { 2: { 2: target.chaincode } }; // peer.ChaincodeHeaderExtension: the chaincode's id: its name
  return encode({ 1: common.HeaderType.ENDORSER_TRANSACTION, 3: timestamp, 4: target.channel, 5: txId, 7: extension });
}

/** A `peer.ChaincodeProposalPayload`: its input is a `ChaincodeInvocationSpec`. */
function encodePayload(chaincode: string, args: readonly Uint8Array[]): Buffer {
  const specification = { 1: peer.ChaincodeSpec.Type.NODE, 2: { 2: chaincode }, 3: { 1: args } };
  return encode({ 1: { 1: specification } });
}

/** A `peer.Proposal`: a `common.Header` and the payload. */
function encodeProposal(channelHeader: Uint8Array, signatureHeader: Uint8Array, payload: Uint8Array): Buffer {
  return encode({ 1: { 1: channelHeader, 2: signatureHeader }, 2: payload });
}

/** Random bytes are drawn many at a time: a draw costs as much as the hash of a transaction. */
export function newNonce(): Uint8Array {
  if (nonces.length < NONCE_LENGTH) nonces = randomBytes(NONCE_LENGTH * 256);
  const nonce = nonces.subarray(0, NONCE_LENGTH);
  nonces = nonces.subarray(NONCE_LENGTH);
  return nonce;
}

const NONCE_LENGTH = 24;
let nonces = Buffer.alloc(0);
