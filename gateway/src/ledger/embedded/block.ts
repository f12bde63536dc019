// SPDX-License-Identifier: Apache-2.0
import { type BlockHeader, dataHash, headerBytes } from 'yuanliu-verifier/wire/hash';
import type { Identity } from '../port.js';
import { creatorOf, encodeSignatureHeader, newNonce } from './proposal.js';
import { encode, type Message } from './protobuf.js';

/** What the peer writes into a block when it commits it. */
export interface CommitMetadata {
  /** One Fabric validation code per transaction. */
  readonly filter: Uint8Array;
  readonly commitHash: Uint8Array;
}

/** Fabric's `TxValidationCode.VALID`. */
export const VALID = 0;

/** The header of block `number` over these envelopes. */
export function newHeader(number: number, previousHash: Uint8Array, data: readonly Uint8Array[]): BlockHeader {
  return { number, previousHash, dataHash: dataHash(data) };
}

/** A `common.Block` as the orderer signed it and the peer committed it. */
export function encodeBlock(
  header: BlockHeader,
  data: readonly Uint8Array[],
  orderer: Identity,
  { filter, commitHash }: CommitMetadata,
): Buffer {
  const signature = signBlock(header, orderer);
  return assemble(header, data, [{ 1: ORDERER_METADATA, 2: [signature] }, LAST_CONFIG, filter, {}, { 1: commitHash }]);
}

/** The first block: one configuration envelope, signed by nobody, valid by being first. */
export function encodeGenesisBlock(header: BlockHeader, envelope: Uint8Array): Buffer {
  return assemble(header, [envelope], [{ 1: ORDERER_METADATA }, LAST_CONFIG, new Uint8Array([VALID]), {}, {}]);
}

/** `common.Metadata` of a `common.LastConfig`: the configuration stays block 0 here, and zeros are left out. */
const LAST_CONFIG: Message = {};

/** `common.OrdererBlockMetadata`: the last configuration, which orderers sign too; no consenter metadata. */
const ORDERER_METADATA = encode({ 1: {} });

/** By `common.BlockMetadataIndex`: signatures, last configuration, transactions filter, orderer, commit hash. */
type BlockMetadata = readonly [Message, Message, Uint8Array, Message, Message];

function assemble(header: BlockHeader, data: readonly Uint8Array[], metadata: BlockMetadata): Buffer {
  const { number, previousHash, dataHash: hash } = header;
  return encode({ 1: { 1: number, 2: previousHash, 3: hash }, 2: { 1: data }, 3: { 1: metadata } });
}

/** `common.MetadataSignature`: over the metadata ‖ the signature's own header ‖ the block header. */
function signBlock(header: BlockHeader, orderer: Identity): Message {
  const signatureHeader = encodeSignatureHeader(creatorOf(orderer).bytes, newNonce());
  const message = Buffer.concat([ORDERER_METADATA, signatureHeader, headerBytes(header)]);
  return { 1: signatureHeader, 2: orderer.sign(message) };
}
