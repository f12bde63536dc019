// SPDX-License-Identifier: Apache-2.0
import type { Message } from 'yuanliu-chaincode/messages';
import { decodeText, EncodingError, type DecodedText, type Encoding } from './encoding.js';

/** Bytes that are to be text. */
export interface Encoded {
  readonly bytes: Uint8Array;
  /** The encoding that their sender states. */
  readonly stated: Encoding | undefined;
  /** What to try where none is stated. */
  readonly tried: readonly Encoding[];
}

/** Why they are not, as data. */
export interface Undecodable {
  readonly problem: Message;
}

/** {@link decodeText} for a thread: an EncodingError is an answer. */
export default function decodeLarge({ bytes, ...how }: Encoded): DecodedText | Undecodable {
  try {
    return decodeText(bytes, how);
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    return { problem: error.why };
  }
}
