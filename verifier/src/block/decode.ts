// SPDX-License-Identifier: Apache-2.0
import { headerHash, type BlockHeader } from '../wire/hash.js';
import { asBuffer, Message } from '../wire/message.js';
import { DecodedTransaction } from './transaction.js';
import { validationCode } from './validation-code.js';

/** A signature over a block: `value ‖ header ‖ block header bytes`. */
export interface BlockSignature {
  /** A `common.SignatureHeader`; empty if the signer is named by its consenter number instead (SmartBFT). */
  readonly signatureHeader: Buffer;
  /** A `common.IdentifierHeader`; empty unless the signer is named by its consenter number. */
  readonly identifierHeader: Buffer;
  readonly signature: Buffer;
}

/** A block, read but not checked. Metadata is decoded when it is asked for. */
export class DecodedBlock implements BlockHeader {
  readonly number: number;
  readonly previousHash: Buffer;
  readonly dataHash: Buffer;
  /** The serialized envelopes, as hashed. */
  readonly data: readonly Buffer[];
  readonly transactions: readonly DecodedTransaction[];
  /** One validation code a transaction, written by the peer that committed the block: no orderer signs it. */
  readonly transactionFilter: Buffer;
  private readonly metadata: readonly Buffer[];
  private hash?: Buffer;

  constructor(bytes: Buffer) {
    const block = new Message(bytes);
    const header = block.message(1);
    this.number = header.uint(1);
    this.previousHash = header.bytes(2);
    this.dataHash = header.bytes(3);
    this.data = block.message(2).repeated(1);
    this.metadata = block.message(3).repeated(1);
    this.transactionFilter = this.metadata[2] ?? Buffer.alloc(0);
    // The tool that makes a genesis block leaves its filter empty: it is valid by being first.
    const filter = this.number === 0 && this.transactionFilter.length === 0 ? [0] : this.transactionFilter;
    this.transactions = this.data.map(
      (envelope, index) => new DecodedTransaction(envelope, index, validationCode(filter[index])),
    );
  }

  /** SHA-256 of the header: what the next block must name. */
  get headerHash(): Buffer {
    return (this.hash ??= headerHash(this));
  }

  /** The chained hash over validation codes and state updates; undefined where the peer wrote none. */
  get commitHash(): Buffer | undefined {
    const value = new Message(this.metadata[4] ?? Buffer.alloc(0)).bytes(1);
    return value.length === 0 ? undefined : value;
  }

  /** The orderers' signatures and the value they sign along with the header (`common.OrdererBlockMetadata`). */
  get signatures(): { readonly value: Buffer; readonly signatures: BlockSignature[] } {
    const metadata = new Message(this.metadata[0] ?? Buffer.alloc(0));
    const signatures = metadata.messages(2).map((signature) => ({
      signatureHeader: signature.bytes(1),
      signature: signature.bytes(2),
      identifierHeader: signature.bytes(3),
    }));
    return { value: metadata.bytes(1), signatures };
  }

  /** The number of the last block that changed the channel's configuration, as the orderers signed it. */
  get lastConfig(): number {
    return new Message(this.signatures.value).message(1).uint(1);
  }
}

/**
 * Reads a serialized `common.Block`. Checks nothing but its structure; a transaction that cannot be read is of type
 * `UNKNOWN` (anyone may send an orderer garbage, and it then stands in a block, marked invalid).
 *
 * @throws VerificationError `MALFORMED` when the bytes are no block.
 */
export function decodeBlock(bytes: Uint8Array): DecodedBlock {
  return new DecodedBlock(asBuffer(bytes));
}
