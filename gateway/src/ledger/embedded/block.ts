// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { type BlockHeader, dataHash, headerBytes } from 'yuanliu-verifier/hash';
import type { Identity } from '../port.js';
import { creatorOf, encodeSignatureHeader } from './proposal.js';

/** What the peer writes into a block when it commits it. */
export interface CommitMetadata {
  /** One Fabric validation code per transaction. */
  readonly filter: Uint8Array;
  readonly commitHash: Uint8Array;
}

/** The header of block `number` over these envelopes. */
export function newHeader(number: number, previousHash: Uint8Array, data: readonly Uint8Array[]): BlockHeader {
  return { number, previousHash, dataHash: dataHash(data) };
}

/** A block as the orderer signed it and the peer committed it. */
export function encodeBlock(
  header: BlockHeader,
  data: readonly Uint8Array[],
  orderer: Identity,
  { filter, commitHash }: CommitMetadata,
): Uint8Array {
  return assemble(header, data, [
    signatures(header, orderer),
    metadata(LAST_CONFIG.serializeBinary()),
    filter,
    new Uint8Array(),
    metadata(commitHash),
  ]);
}

/** The first block: one configuration envelope, signed by nobody, valid by being first. */
export function encodeGenesisBlock(header: BlockHeader, envelope: Uint8Array): Uint8Array {
  const unsigned = new common.OrdererBlockMetadata();
  unsigned.setLastConfig(LAST_CONFIG);
  return assemble(
    header,
    [envelope],
    [
      metadata(unsigned.serializeBinary()),
      metadata(LAST_CONFIG.serializeBinary()),
      new Uint8Array([VALID]),
      new Uint8Array(),
      new Uint8Array(),
    ],
  );
}

/** Fabric's `TxValidationCode.VALID`. */
export const VALID = 0;

/** The configuration never changes here: it is block 0, number 0 is the default. */
const LAST_CONFIG = new common.LastConfig();

/** In the order of `common.BlockMetadataIndex`: signatures, last config, transactions filter, orderer, commit hash. */
type MetadataList = [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];

function assemble(header: BlockHeader, data: readonly Uint8Array[], metadataList: MetadataList): Uint8Array {
  const blockHeader = new common.BlockHeader();
  blockHeader.setNumber(header.number);
  blockHeader.setPreviousHash(header.previousHash);
  blockHeader.setDataHash(header.dataHash);
  const blockData = new common.BlockData();
  blockData.setDataList([...data]);
  const blockMetadata = new common.BlockMetadata();
  blockMetadata.setMetadataList(metadataList);
  const block = new common.Block();
  block.setHeader(blockHeader);
  block.setData(blockData);
  block.setMetadata(blockMetadata);
  return block.serializeBinary();
}

/** The orderer's signature over metadata value ‖ its signature header ‖ block header. */
function signatures(header: BlockHeader, orderer: Identity): Uint8Array {
  const value = new common.OrdererBlockMetadata();
  value.setLastConfig(LAST_CONFIG);
  value.setConsenterMetadata(metadata(new Uint8Array()));
  const valueBytes = value.serializeBinary();
  const signatureHeader = encodeSignatureHeader(creatorOf(orderer).bytes, randomBytes(24));
  const signature = new common.MetadataSignature();
  signature.setSignatureHeader(signatureHeader);
  signature.setSignature(orderer.sign(Buffer.concat([valueBytes, signatureHeader, headerBytes(header)])));
  return metadata(valueBytes, [signature]);
}

function metadata(value: Uint8Array, signatureList: common.MetadataSignature[] = []): Uint8Array {
  const out = new common.Metadata();
  out.setValue(value);
  out.setSignaturesList(signatureList);
  return out.serializeBinary();
}
