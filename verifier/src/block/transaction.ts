// SPDX-License-Identifier: Apache-2.0
import { malformed, VerificationError } from '../wire/error.js';
import { Message } from '../wire/message.js';
import { decodeReadWriteSet, decodeWrites, type NamespaceReadWriteSet, type Write } from './read-write-set.js';
import { schemas, wellFormed } from '../wire/schema.js';
import type { ValidationCode } from './validation-code.js';

/** An X.509 identity as it stands in a block. */
export interface SerializedIdentity {
  readonly mspId: string;
  /** PEM, exactly as recorded: each character one of its bytes. */
  readonly certificate: string;
}

export interface Endorsement {
  /** Empty names where the bytes are no identity: such an endorsement counts for nothing. */
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
    const [seconds, nanos] = [timestamp.uint(1), timestamp.int32(2)];
    if (seconds > lastSecond || nanos < 0 || nanos > 999_999_999) throw malformed('a timestamp out of range');
    const fraction = nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
    return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${fraction}Z`;
  }

  get creator(): SerializedIdentity {
    return decodeIdentity(this.creatorBytes);
  }

  get creatorBytes(): Buffer {
    return this.signatureHeader.bytes(1);
  }

  /** The serialized identity that the contract saw as its caller; on an honest ledger the creator's. */
  get callerBytes(): Buffer {
    return this.endorsed.signatureHeader.bytes(1);
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
    const specification = this.endorsed.proposalPayload.embedded(1).message(1);
    return specification.message(3).repeated(1);
  }

  /** What the chaincode answered. */
  get response(): { readonly status: number; readonly payload: Buffer } {
    const response = this.endorsed.chaincodeAction.message(3);
    return { status: response.int32(1), payload: response.bytes(3) };
  }

  get event(): ChaincodeEvent | undefined {
    const bytes = this.endorsed.chaincodeAction.bytes(2);
    if (bytes.length === 0) return undefined;
    const event = wellFormed(bytes, schemas.ChaincodeEvent);
    return { chaincode: event.string(1), txId: event.string(2), name: event.string(3), payload: event.bytes(4) };
  }

  /** What was read and written, per namespace. */
  get readWriteSets(): readonly NamespaceReadWriteSet[] {
    return (this.readWriteSet ??= decodeReadWriteSet(this.endorsed.chaincodeAction.bytes(1)));
  }

  /** What its writes leave in one namespace, each key once, for who needs no more of {@link readWriteSets}. */
  writesIn(namespace: string): Write[] {
    return decodeWrites(this.endorsed.chaincodeAction.bytes(1), namespace);
  }

  get endorsements(): Endorsement[] {
    return this.endorsed.endorsements.map((bytes) => {
      const endorsement = new Message(bytes);
      const endorserBytes = endorsement.bytes(1);
      const endorser = attempt(() => decodeIdentity(endorserBytes)) ?? { mspId: '', certificate: '' };
      return { endorser, endorserBytes, signature: endorsement.bytes(2) };
    });
  }

  /** The parts of the one action, for checking. */
  get endorsed(): Action {
    if (this.type !== 'ENDORSER_TRANSACTION') throw malformed('not a transaction of a chaincode');
    return (this.action ??= new Action(this.data));
  }

  private known(): Header {
    if (this.header === undefined) throw malformed('an envelope without a readable header');
    return this.header;
  }
}

/** The one action of an endorser transaction (Fabric allows no more), read as far as it is asked for. */
export class Action {
  /** Of the proposal: what the endorsers signed names its bytes. */
  readonly signatureHeaderBytes: Buffer;
  readonly proposalPayloadBytes: Buffer;
  /** What every endorser signed, before its own identity. */
  readonly proposalResponse: Buffer;
  /** Serialized `peer.Endorsement`s. */
  readonly endorsements: readonly Buffer[];
  private readonly response: Message;

  constructor(data: Buffer) {
    const [first, ...more] = wellFormed(data, schemas.Transaction).messages(1);
    if (!first || more.length > 0) throw malformed('a transaction has exactly one action');
    this.signatureHeaderBytes = first.bytes(1);
    const payload = wellFormed(first.bytes(2), schemas.ChaincodeActionPayload);
    const endorsed = payload.optionalMessage(2);
    if (!endorsed) throw malformed('a transaction without an action');
    this.proposalPayloadBytes = payload.bytes(1);
    this.proposalResponse = endorsed.bytes(1);
    this.response = wellFormed(this.proposalResponse, schemas.ProposalResponsePayload);
    this.endorsements = endorsed.repeated(2);
  }

  get signatureHeader(): Message {
    return wellFormed(this.signatureHeaderBytes, schemas.SignatureHeader);
  }

  get proposalPayload(): Message {
    return new Message(this.proposalPayloadBytes);
  }

  get proposalHash(): Buffer {
    return this.response.bytes(1);
  }

  /** A `peer.ChaincodeAction`. */
  get chaincodeAction(): Message {
    const extension = this.response.bytes(2);
    if (extension.length === 0) throw malformed('a proposal response without a result');
    return wellFormed(extension, schemas.ChaincodeAction);
  }
}

/** Decodes `msp.SerializedIdentity`. */
export function decodeIdentity(bytes: Buffer): SerializedIdentity {
  const identity = wellFormed(bytes, schemas.SerializedIdentity);
  return { mspId: identity.string(1), certificate: identity.bytes(2).toString('latin1') };
}

const typeNames = new Map([
  [1, 'CONFIG' as const],
  [3, 'ENDORSER_TRANSACTION' as const],
]);

/** 9999-12-31T23:59:59Z, the last that RFC 3339 can say. */
const lastSecond = 253_402_300_799;

function decodeHeader(payloadBytes: Buffer): Header {
  const payload = wellFormed(payloadBytes, schemas.Payload);
  const header = payload.message(1);
  const channelHeader = wellFormed(header.bytes(1), schemas.ChannelHeader);
  return {
    type: channelHeader.int32(1),
    channel: channelHeader.string(4),
    txId: channelHeader.string(5),
    channelHeader,
    signatureHeader: wellFormed(header.bytes(2), schemas.SignatureHeader),
    data: payload.bytes(2),
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
