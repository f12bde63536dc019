// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import { malformed } from './error.js';
import { Message } from './message.js';

/**
 * Which fields of a message are strings, and which are messages. Go refuses a message as a whole when a known string in
 * it is not UTF-8 or a known sub-message is not one, though that field is not asked for: so does {@link wellFormed}.
 */
interface Schema {
  readonly [field: number]: 'string' | Schema;
}

const version: Schema = {};
const read: Schema = { 1: 'string', 2: version };
const hashedRead: Schema = { 2: version };
const metadataEntry: Schema = { 1: 'string' };
const endorsement: Schema = {};

/** The messages a transaction consists of, by Fabric's names (`fabric-protos`). */
export const schemas = {
  Envelope: {},
  Payload: { 1: {} },
  ChannelHeader: { 3: {}, 4: 'string', 5: 'string' },
  SignatureHeader: {},
  ChaincodeHeaderExtension: { 2: { 1: 'string', 2: 'string', 3: 'string' } },
  Transaction: { 1: {} },
  ChaincodeActionPayload: { 2: { 2: endorsement } },
  ProposalResponsePayload: {},
  ChaincodeAction: { 3: { 2: 'string' }, 4: { 1: 'string', 2: 'string', 3: 'string' } },
  ChaincodeEvent: { 1: 'string', 2: 'string', 3: 'string' },
  TxReadWriteSet: { 2: { 1: 'string', 3: { 1: 'string' } } },
  KVRWSet: {
    1: read,
    2: { 1: 'string', 2: 'string', 4: { 1: read }, 5: {} },
    3: { 1: 'string' },
    4: { 1: 'string', 2: metadataEntry },
  },
  HashedRWSet: { 1: hashedRead, 2: {}, 3: { 2: metadataEntry } },
  SerializedIdentity: { 1: 'string' },
} as const satisfies Record<string, Schema>;

/** The message in `bytes`, refused if Go would refuse it. Throws `VerificationError` `MALFORMED`. */
export function wellFormed(bytes: Buffer, schema: Schema): Message {
  const message = new Message(bytes);
  check(message, schema);
  return message;
}

function check(message: Message, schema: Schema): void {
  for (const { field, bytes } of message.delimited()) {
    const kind = schema[field];
    if (kind === 'string' && !isUtf8(bytes)) throw malformed('a string that is not UTF-8');
    if (typeof kind === 'object') check(new Message(bytes), kind);
  }
}
