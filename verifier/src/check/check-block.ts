// SPDX-License-Identifier: Apache-2.0
import type { Channel } from '../channel/channel.js';
import type { BlockSignature, DecodedBlock } from '../block/decode.js';
import { VerificationError } from '../wire/error.js';
import { dataHash, headerBytes } from '../wire/hash.js';
import type { Identity } from '../identity/membership.js';
import { Message } from '../wire/message.js';
import { describePolicy, satisfies } from '../identity/policy.js';
import { tagAt, Wire } from '../wire/wire.js';

/** The block follows the one before it: next number, and that one's header hash. Throws `VerificationError`. */
export function checkLink(block: DecodedBlock, previous: DecodedBlock | undefined): void {
  const place = { step: 'header-chain', block: block.number } as const;
  const expected = previous ? previous.number + 1 : 0;
  if (block.number !== expected) {
    throw new VerificationError('MISSING_BLOCK', `block ${expected} expected, block ${block.number} given`, place);
  }
  if (!block.previousHash.equals(previous?.headerHash ?? Buffer.alloc(0))) {
    throw new VerificationError('PREVIOUS_HASH', 'does not name the header hash of the block before it', place);
  }
}

/**
 * The header's data hash covers exactly these envelopes. Throws `VerificationError`.
 *
 * Fabric hashes the envelopes joined without lengths, so moving bytes from the end of one to the beginning of the next
 * or slipping in an empty one, would keep the hash: each must be one envelope, whole, as an orderer writes it.
 */
export function checkDataHash(block: DecodedBlock): void {
  const place = { step: 'data-hash', block: block.number } as const;
  if (!dataHash(block.data).equals(block.dataHash)) {
    throw new VerificationError('DATA_HASH', 'the transactions are not those the header names', place);
  }
  if (block.data.length === 0) throw new VerificationError('DATA_HASH', 'a block without transactions', place);
  if (block.transactions.length === 1 && block.transactions[0]?.type === 'CONFIG') return;
  block.data.forEach((envelope, transaction) => {
    if (isOneEnvelope(envelope)) return;
    throw new VerificationError('DATA_HASH', 'not exactly one envelope', { ...place, transaction });
  });
}

/** Signed by orderers, as many as the channel's BlockValidation policy asks for. Throws `VerificationError`. */
export function checkBlockSignature(block: DecodedBlock, channel: Channel): void {
  const policy = channel.policy('/Channel/Orderer/BlockValidation');
  if (satisfies(validSigners(block, channel), policy)) return;
  const message = `not signed as the channel asks: ${describePolicy(policy)}`;
  throw new VerificationError('BLOCK_SIGNATURE', message, { step: 'block-signature', block: block.number });
}

function validSigners(block: DecodedBlock, channel: Channel): Identity[] {
  const { value, signatures } = block.signatures;
  const header = headerBytes(block);
  const signers = new Map<string, Identity>();
  for (const signature of signatures) {
    const identity = channel.identities.find(signerOf(signature, channel));
    // The policy may say "member"; a client of an orderer's organisation is one too, and must not make blocks.
    if (identity?.role !== 'orderer' || signers.has(identity.keyId)) continue;
    const signatureHeader = byNumber(signature) ? signature.identifierHeader : signature.signatureHeader;
    if (identity.verify(Buffer.concat([value, signatureHeader, header]), signature.signature)) {
      signers.set(identity.keyId, identity);
    }
  }
  return [...signers.values()];
}

/** SmartBFT names a signer by its consenter number, everything else by its certificate. */
function byNumber({ signatureHeader, identifierHeader }: BlockSignature): boolean {
  return signatureHeader.length === 0 && identifierHeader.length > 0;
}

function signerOf(signature: BlockSignature, channel: Channel): Buffer {
  if (!byNumber(signature)) return new Message(signature.signatureHeader).bytes(1);
  return channel.consenters.get(new Message(signature.identifierHeader).uint(1)) ?? Buffer.alloc(0);
}

/**
 * Whether bytes are one envelope as Go writes it: its payload, its signature, and after them what Go did not know when it
 * read it. Each payload then begins an envelope, so the joined envelopes of a block can be cut in one way only.
 */
function isOneEnvelope(bytes: Buffer): boolean {
  try {
    const fields = Array.from(new Message(bytes).delimited(), ({ field }) => field);
    const [payload, signature] = [tagAt(bytes, 0, bytes.length), fields.indexOf(2)];
    if (payload.field !== 1 || payload.type !== Wire.lengthDelimited) return false;
    return fields.lastIndexOf(1) === 0 && signature === fields.lastIndexOf(2);
  } catch (error) {
    if (error instanceof VerificationError) return false;
    throw error;
  }
}
