// SPDX-License-Identifier: Apache-2.0
import { malformed, VerificationError } from './error.js';
import { Message, utf8 } from './message.js';
import { decodeReadWriteSet, decodeWrites, type NamespaceReadWriteSet, type Write } from './read-write-set.js';
import type { ValidationCode } from './validation-code.js';

/** An X.509 identity as it stands in a block. */
export interface SerializedIdentity {
  readonly mspId: string;
  /** PEM, exactly as recorded. */
  readonly certificate: string;
}

export interface Endorsement {
  readonly endorser: SerializedIdentity;
  /** The serialized identity: the second half of what was signed. */
  readonly endorserBytes: Buffer;
  readonly signature: Buffer;
}

export interface ChaincodeEvent {
  readonly name: string;
  readonly payload: Buffer;
  readonly chaincode: string;
  readonly txId: string;
}

/** The header of a transaction: what every transaction has, whatever its type. */
interface Header {
  readonly type: number;
  readonly channel: string;
  readonly txId: string;
  readonly channelHeader: Message;
  readonly signatureHeader: Message;
  readonly data: Buffer;
}

/**
 * One transaction of a block. The header is read at once; everything else when it is first asked for, so that following
 * a chain costs only what the follower looks at. Getters throw `VerificationError` `MALFORMED` for bytes that are not
 * what they should be: of a `VALID` transaction on an honest ledger none does.
 */
export class DecodedTransaction {
  /** `UNKNOWN`: not decodable or of another type; never `VALID` on an honest ledger. `txId` may then be empty. */
  readonly type: 'CONFIG' | 'ENDORSER_TRANSACTION' | 'UNKNOWN';
  readonly txId: string;
  readonly channel: string;
  private readonly header: Header | undefined;
  private action?: Action;
  private readWriteSet?: readonly NamespaceReadWriteSet[];

  constructor(
    /** The serialized `common.Envelope`, as hashed into the block. */
    readonly envelope: Buffer,
    readonly index: number,
    readonly validationCode: ValidationCode,
  ) {
    this.header = attempt(() => decodeHeader(new Message(envelope).bytes(1)));
    this.type = typeNames.get(this.header?.type ?? -1) ?? 'UNKNOWN';
    this.txId = this.header?.txId ?? '';
    this.channel = this.header?.channel ?? '';
  }

  /** The signed bytes of the envelope. */
  get payload(): Buffer {
    return new Message(this.envelope).bytes(1);
  }

  /** The creator's signature over `payload`. */
  get signature(): Buffer {
    return new Message(this.envelope).bytes(2);
  }

  /** The payload's data: of a `CONFIG` transaction a `common.ConfigEnvelope`. */
  get data(): Buffer {
    return this.known().data;
  }

  get channelHeader(): Message {
    return this.known().channelHeader;
  }

  get signatureHeader(): Message {
    return this.known().signatureHeader;
  }

  /** The time the client put into the channel header, RFC 3339 in UTC with all its digits (nanoseconds kept). */
  get timestamp(): string {
    const timestamp = this.channelHeader.message(3);
    const [seconds, nanos] = [timestamp.uint(1), timestamp.uint(2)];
    if (seconds > lastSecond || nanos > 999_999_999) throw malformed('a timestamp out of range');
    const fraction = nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
    return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${fraction}Z`;
  }

  get creator(): SerializedIdentity {
    return decodeIdentity(this.creatorBytes);
  }

  get creatorBytes(): Buffer {
    return this.signatureHeader.bytes(1);
  }

  get nonce(): Buffer {
    return this.signatureHeader.bytes(2);
  }

  /** What was called, as the endorsers name it. */
  get chaincode(): { readonly name: string; readonly version: string } {
    const id = this.endorsed.chaincodeAction.message(4);
    return { name: id.string(2), version: id.string(3) };
  }

  /** The arguments of the call, the transaction's name first. */
  get args(): Buffer[] {
    const specification = this.endorsed.proposalPayload.message(1).message(1);
    return specification.message(3).repeated(1);
  }

  /** What the chaincode answered. */
  get response(): { readonly status: number; readonly payload: Buffer } {
    const response = this.endorsed.chaincodeAction.message(3);
    return { status: response.uint(1), payload: response.bytes(3) };
  }

  get event(): ChaincodeEvent | undefined {
    const bytes = this.endorsed.chaincodeAction.bytes(2);
    if (bytes.length === 0) return undefined;
    const event = new Message(bytes);
    return { chaincode: event.string(1), txId: event.string(2), name: event.string(3), payload: event.bytes(4) };
  }

  /** What was read and written, per namespace. */
  get readWriteSets(): readonly NamespaceReadWriteSet[] {
    return (this.readWriteSet ??= decodeReadWriteSet(this.endorsed.chaincodeAction.bytes(1)));
  }

  /** What was written in one namespace, for who needs no more of {@link readWriteSets}. */
  writesIn(namespace: string): Write[] {
    return decodeWrites(this.endorsed.chaincodeAction.bytes(1), namespace);
  }

  get endorsements(): Endorsement[] {
    return this.endorsed.endorsements.map((bytes) => {
      const endorsement = new Message(bytes);
      const endorserBytes = endorsement.bytes(1);
      return { endorser: decodeIdentity(endorserBytes), endorserBytes, signature: endorsement.bytes(2) };
    });
  }

  /** The parts of the one action, for checking. */
  get endorsed(): Action {
    if (this.type !== 'ENDORSER_TRANSACTION') throw malformed('not a transaction of a chaincode');
    return (this.action ??= decodeAction(this.data));
  }

  private known(): Header {
    if (this.header === undefined) throw malformed('an envelope without a readable header');
    return this.header;
  }
}

/** The one action of an endorser transaction (Fabric allows no more). */
export interface Action {
  readonly signatureHeader: Buffer;
  readonly proposalPayload: Message;
  /** What every endorser signed, before its own identity. */
  readonly proposalResponse: Buffer;
  readonly proposalHash: Buffer;
  readonly chaincodeAction: Message;
  /** Serialized `peer.Endorsement`s. */
  readonly endorsements: readonly Buffer[];
}

/** Decodes `msp.SerializedIdentity`. */
export function decodeIdentity(bytes: Buffer): SerializedIdentity {
  const identity = new Message(bytes);
  return { mspId: identity.string(1), certificate: utf8(identity.bytes(2)) };
}

const typeNames = new Map([
  [1, 'CONFIG' as const],
  [3, 'ENDORSER_TRANSACTION' as const],
]);

/** 9999-12-31T23:59:59Z, the last that RFC 3339 can say. */
const lastSecond = 253_402_300_799;

function decodeHeader(payloadBytes: Buffer): Header {
  const payload = new Message(payloadBytes);
  const header = payload.message(1);
  const channelHeader = header.message(1);
  return {
    type: channelHeader.uint(1),
    channel: channelHeader.string(4),
    txId: channelHeader.string(5),
    channelHeader,
    signatureHeader: header.message(2),
    data: payload.bytes(2),
  };
}

function decodeAction(data: Buffer): Action {
  const [first, ...more] = new Message(data).messages(1);
  if (!first || more.length > 0) throw malformed('a transaction has exactly one action');
  const payload = first.message(2);
  const endorsed = payload.message(2);
  const proposalResponse = endorsed.message(1);
  return {
    signatureHeader: first.bytes(1),
    proposalPayload: payload.message(1),
    proposalResponse: proposalResponse.buffer,
    proposalHash: proposalResponse.bytes(1),
    chaincodeAction: proposalResponse.message(2),
    endorsements: endorsed.repeated(2),
  };
}

function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof VerificationError) return undefined;
    throw error;
  }
}
