// SPDX-License-Identifier: Apache-2.0
import { verify, type KeyObject } from 'node:crypto';

/** Half the order of each curve Fabric signs on: a low-S signature has an S no larger. */
const halfOrders: Readonly<Record<string, bigint>> = {
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n >> 1n,
  secp384r1: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n >> 1n,
};

/** Whether a key is one this package accepts signatures of: ECDSA on P-256 or P-384. */
export function isSupportedKey(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'ec' && (key.asymmetricKeyDetails?.namedCurve ?? '') in halfOrders;
}

/**
 * Whether `signature` is a low-S DER ECDSA signature by `key` over the SHA-256 of `message`.
 *
 * For each signature (r, s) anybody can compute the equally valid (r, n − s), and BER has many spellings of one number.
 * Either would let a stranger change a signed envelope, and so its hash, without a key: only one form is accepted.
 */
export function verifySignature(key: KeyObject, message: Uint8Array, signature: Buffer): boolean {
  const halfOrder = halfOrders[key.asymmetricKeyDetails?.namedCurve ?? ''];
  const s = strictS(signature);
  if (halfOrder === undefined || s === undefined || s > halfOrder) return false;
  return verify('sha256', message, key, signature);
}

/** S of `SEQUENCE { INTEGER r, INTEGER s }` in its one DER form; undefined for any other bytes. */
function strictS(signature: Buffer): bigint | undefined {
  if (signature.length < 8 || signature.length > 120 || signature[0] !== 0x30) return undefined;
  if (signature[1] !== signature.length - 2) return undefined;
  const r = derInteger(signature, 2);
  const s = r && derInteger(signature, r.end);
  if (s?.end !== signature.length) return undefined;
  return BigInt(`0x${s.digits.toString('hex')}`);
}

/** A positive INTEGER without superfluous leading zeros. */
function derInteger(bytes: Buffer, at: number): { readonly digits: Buffer; readonly end: number } | undefined {
  const length = bytes[at + 1] ?? 0;
  const end = at + 2 + length;
  if (bytes[at] !== 0x02 || length === 0 || length > 49 || end > bytes.length) return undefined;
  const digits = bytes.subarray(at + 2, end);
  const [first = 0, second = 0] = digits;
  const negative = first >= 0x80;
  const padded = first === 0 && (length === 1 || second < 0x80);
  return negative || padded ? undefined : { digits, end };
}
