// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import type { Identity } from '../ledger/port.js';

export interface Credentials {
  readonly mspId: string;
  /** PEM of the enrolment certificate. */
  readonly certificate: string;
  /** PEM (PKCS #8) of its P-256 key. */
  readonly privateKey: string;
}

/** An identity whose key this process holds. Signs at once with node:crypto, the fastest signer Node has. */
export class SigningIdentity implements Identity {
  readonly mspId: string;
  readonly certificate: string;
  readonly #key: KeyObject;

  /** @throws Error when the key does not belong to the certificate, or is not on P-256. */
  constructor({ mspId, certificate, privateKey }: Credentials) {
    const key = createPrivateKey(privateKey);
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
      throw new Error(`the key of ${mspId} is not on P-256: Fabric identities are; enrol again`);
    }
    if (!new X509Certificate(certificate).checkPrivateKey(key)) {
      throw new Error(`key and certificate of ${mspId} do not belong together: enrol again`);
    }
    this.mspId = mspId;
    this.certificate = certificate;
    this.#key = key;
  }

  /**
   * Whether `identity` signs with a key of this process that is known to fit its certificate: its signatures need no
   * check by the process that just made them.
   */
  static signsHere(identity: Identity): identity is SigningIdentity {
    return #key in identity;
  }

  sign(message: Uint8Array): Buffer {
    return lowS(sign('sha256', message, this.#key));
  }
}

/** The order of P-256, and half of it: Fabric refuses signatures whose s lies above. */
const ORDER = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
const HALF_ORDER = Buffer.from('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8', 'hex');

/** A DER signature, `SEQUENCE { INTEGER r, INTEGER s }`, with s in the lower half: n − s is as good a signature. */
function lowS(signature: Buffer): Buffer {
  const tagOfS = 4 + (signature[3] ?? 0);
  const s = signature.subarray(tagOfS + 2);
  if (s.length < 32 || (s.length === 32 && s.compare(HALF_ORDER) <= 0)) return signature;
  const negated = minus(ORDER, s.subarray(-32)); // above half, so it had 32 digits, mostly behind a zero for the sign
  const digits = negated.subarray(negated.findIndex((digit) => digit !== 0));
  const padding = (digits[0] ?? 0) >= 0x80 ? 1 : 0;
  const out = Buffer.alloc(tagOfS + 2 + padding + digits.length);
  signature.copy(out, 0, 0, tagOfS + 1);
  out[1] = out.length - 2;
  out[tagOfS + 1] = padding + digits.length;
  digits.copy(out, tagOfS + 2 + padding);
  return out;
}

/** The difference of two numbers of 32 big-endian digits. */
function minus(a: Buffer, b: Buffer): Buffer {
  const out = Buffer.allocUnsafe(32);
  let borrow = 0;
  for (let place = 31; place >= 0; place--) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0) - borrow;
    borrow = difference < 0 ? 1 : 0;
    out[place] = difference & 0xff;
  }
  return out;
}
