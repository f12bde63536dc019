// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { bytesField, messageField, uintField } from 'yuanliu-verifier/wire/encode';
import { sha256 } from 'yuanliu-verifier/wire/hash';

/** Who signs something, and what a signature names as the signer. */
export interface Signer {
  readonly mspId: string;
  readonly certificate: string;
  sign(message: Uint8Array): Buffer;
}

/** Every serialized part of a transaction, the ones a client alone decides on first. */
export const LAYERS = [
  'envelope',
  'payload',
  'header',
  'channelHeader',
  'extension',
  'signatureHeader',
  'creatorPem',
  'creator',
  'creatorSignature',
  'data',
  'action',
  'actionHeader',
  'actionPayload',
  'proposalPayload',
  'endorsedAction',
  'endorsement',
  'endorserPem',
  'endorser',
  'endorserSignature',
  'response',
  'chaincodeAction',
  'chaincodeId',
  'answer',
  'event',
  'results',
  'namespace',
  'keys',
  'read',
  'write',
] as const;
export type Layer = (typeof LAYERS)[number];

/** Changes one part after it was serialized and before anything is signed or hashed over it. */
export type Twist = (layer: Layer, bytes: Buffer, place: number) => Buffer;

export interface Parts {
  readonly client: Signer;
  readonly endorsers: readonly Signer[];
  readonly channel: string;
  readonly key: string;
  /** Replaces the key-value set of the namespace. */
  readonly keys?: Buffer;
  /** More namespaces or collections, as fields of the read-write set and of the namespace. */
  readonly moreResults?: Buffer;
  readonly moreNamespace?: Buffer;
  readonly event?: Buffer;
  readonly channelHeader?: Buffer;
  readonly nonce?: Buffer;
}

export const CHAINCODE = 'yuanliu';

/** An envelope whose every hash and signature is over the bytes as the twist left them. */
export function buildEnvelope(parts: Parts, twist: Twist): Buffer {
  const { client, endorsers, channel, nonce = randomBytes(24) } = parts;
  const at = (layer: Layer, bytes: Buffer, place = 0): Buffer => twist(layer, bytes, place);
  const creator = at('creator', identity(client.mspId, at('creatorPem', Buffer.from(client.certificate))));
  const txId = sha256(nonce, creator).toString('hex');
  const chaincodeId = text(2, CHAINCODE);
  const time = Buffer.concat([uintField(1, 1_780_000_000), uintField(2, 123_000_000)]);
  const plain = [uintField(1, 3), messageField(3, time), text(4, channel), text(5, txId)];
  const extension = bytesField(7, at('extension', messageField(2, chaincodeId)));
  const channelHeader = at('channelHeader', Buffer.concat([...plain, extension, parts.channelHeader ?? empty]));
  const signatureHeader = at('signatureHeader', Buffer.concat([bytesField(1, creator), bytesField(2, nonce)]));
  const actionHeader = at('actionHeader', Buffer.concat([bytesField(1, creator), bytesField(2, nonce)]));

  const input = Buffer.concat([text(1, 'note:put'), text(1, parts.key)]);
  const specification = Buffer.concat([uintField(1, 1), messageField(2, chaincodeId), messageField(3, input)]);
  const proposalPayload = at('proposalPayload', bytesField(1, messageField(1, specification)));
  const proposalHash = sha256(channelHeader, actionHeader, proposalPayload);
  const chaincodeAction = at('chaincodeAction', encodeAction(parts, txId, at));
  const response = at('response', Buffer.concat([bytesField(1, proposalHash), bytesField(2, chaincodeAction)]));
  const endorsements = endorsers.map((endorser, place) => {
    const pem = at('endorserPem', Buffer.from(endorser.certificate), place);
    const name = at('endorser', identity(endorser.mspId, pem), place);
    const signature = at('endorserSignature', endorser.sign(Buffer.concat([response, name])), place);
    return at('endorsement', Buffer.concat([bytesField(1, name), bytesField(2, signature)]), place);
  });
  const endorsed = [bytesField(1, response), ...endorsements.map((one) => messageField(2, one))];
  const endorsedAction = messageField(2, at('endorsedAction', Buffer.concat(endorsed)));
  const actionPayload = at('actionPayload', Buffer.concat([bytesField(1, proposalPayload), endorsedAction]));
  const action = at('action', Buffer.concat([bytesField(1, actionHeader), bytesField(2, actionPayload)]));
  const data = at('data', messageField(1, action));
  const header = at('header', Buffer.concat([bytesField(1, channelHeader), bytesField(2, signatureHeader)]));
  const payload = at('payload', Buffer.concat([messageField(1, header), bytesField(2, data)]));
  const signature = at('creatorSignature', client.sign(payload));
  return at('envelope', Buffer.concat([bytesField(1, payload), bytesField(2, signature)]));
}

/** `msp.SerializedIdentity` */
export function identity(mspId: string, certificate: Buffer): Buffer {
  return Buffer.concat([text(1, mspId), bytesField(2, certificate)]);
}

/** `kvrwset.KVWrite`, as a field of the set. */
export function writeField(key: string, value: string): Buffer {
  return messageField(3, Buffer.concat([text(1, key), bytesField(3, Buffer.from(value))]));
}

/** `kvrwset.KVRead`, as a field of the set; of a key that does not exist without a version. */
export function readField(key: string, version?: Buffer): Buffer {
  return messageField(1, Buffer.concat([text(1, key), version ? messageField(2, version) : empty]));
}

export function text(field: number, value: string): Buffer {
  return bytesField(field, Buffer.from(value));
}

function encodeAction(parts: Parts, txId: string, at: (layer: Layer, bytes: Buffer) => Buffer): Buffer {
  const read = messageField(1, at('read', text(1, `absent-${parts.key}`)));
  const write = messageField(3, at('write', Buffer.concat([text(1, parts.key), bytesField(3, Buffer.from('v'))])));
  const keys = at('keys', parts.keys ?? Buffer.concat([read, write]));
  const namespace = Buffer.concat([text(1, CHAINCODE), bytesField(2, keys), parts.moreNamespace ?? empty]);
  const results = Buffer.concat([messageField(2, at('namespace', namespace)), parts.moreResults ?? empty]);
  const event = parts.event ?? Buffer.concat([text(1, CHAINCODE), text(2, txId), text(3, 'noted'), text(4, '{}')]);
  const answer = Buffer.concat([uintField(1, 200), text(2, 'fine'), text(3, 'ok')]);
  const id = Buffer.concat([text(2, CHAINCODE), text(3, '1')]);
  return Buffer.concat([
    bytesField(1, at('results', results)),
    bytesField(2, at('event', event)),
    messageField(3, at('answer', answer)),
    messageField(4, at('chaincodeId', id)),
  ]);
}

const empty = Buffer.alloc(0);
