// SPDX-License-Identifier: Apache-2.0
import { verify, type KeyObject } from 'node:crypto';
import { element, elementAt, integer, INTEGER, positiveInteger, SEQUENCE } from '../wire/der.js';

/** The order of each curve Fabric verifies on, and the length of a coordinate in bytes. */
const curves: Readonly<Partial<Record<string, { readonly order: bigint; readonly size: number }>>> = {
  secp224r1: { order: 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn, size: 28 },
  prime256v1: { order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n, size: 32 },
  secp384r1: {
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    size: 48,
  },
  secp521r1: {
    order:
      0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    size: 66,
  },
};

/** Whether a key is one whose signatures Fabric can verify: ECDSA, and Ed25519 on channels of version 3. */
export function isSupportedKey(key: KeyObject, ed25519: boolean): boolean {
  return curveOf(key) !== undefined || (ed25519 && key.asymmetricKeyType === 'ed25519');
}

/**
 * Whether `signature` is by `key` over `message`: ECDSA over its SHA-256 with a low S, or Ed25519. As Fabric reads it:
 * two numbers in DER, and what follows them is ignored.
 *
 * For each signature (r, s) anyone can compute the equally valid (r, n − s): only the one with the low S is accepted.
 */
export function verifySignature(key: KeyObject, message: Uint8Array, signature: Buffer): boolean {
  if (key.asymmetricKeyType === 'ed25519') return verify(null, message, key, signature);
  const [curve, numbers] = [curveOf(key), decodeSignature(signature)];
  if (!curve || !numbers || numbers.r >= curve.order || numbers.s > curve.order >> 1n) return false;
  const digits = (value: bigint): string => value.toString(16).padStart(curve.size * 2, '0');
  const plain = Buffer.from(digits(numbers.r) + digits(numbers.s), 'hex');
  return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, plain);
}

/**
 * The low-S form of a signature in DER: the same bytes if it has that form. Undefined for no ECDSA signature, or a key on
 * an unknown curve.
 */
export function lowSignature(key: KeyObject, signature: Buffer): Buffer | undefined {
  const [curve, numbers] = [curveOf(key), decodeSignature(signature)];
  if (!curve || !numbers) return undefined;
  const { r, s } = numbers;
  return element(SEQUENCE, Buffer.concat([integer(r), integer(s > curve.order >> 1n ? curve.order - s : s)]));
}

function curveOf(key: KeyObject): { readonly order: bigint; readonly size: number } | undefined {
  if (key.asymmetricKeyType !== 'ec') return undefined;
  return curves[key.asymmetricKeyDetails?.namedCurve ?? ''];
}

/** `SEQUENCE { INTEGER r, INTEGER s }`, with anything after either. */
function decodeSignature(signature: Buffer): { readonly r: bigint; readonly s: bigint } | undefined {
  const content = elementAt(signature, 0, SEQUENCE)?.content;
  const first = content && elementAt(content, 0, INTEGER);
  const second = first && elementAt(content, first.end, INTEGER);
  // A number longer than any order is none of a signature, and need not be read.
  if (!first || !second || first.content.length > 67 || second.content.length > 67) return undefined;
  const [r, s] = [positiveInteger(first.content), positiveInteger(second.content)];
  return r === undefined || s === undefined ? undefined : { r, s };
}
