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
    return lowSDer(sign('sha256', message, { key: this.#key, dsaEncoding: 'ieee-p1363' }));
  }
}

/** The order of P-256, and half of it: Fabric refuses signatures whose s lies above. */
const ORDER = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
const HALF_ORDER = Buffer.from('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8', 'hex');

/** From r ‖ s (64 bytes) to DER `SEQUENCE { INTEGER r, INTEGER s }` with s in the lower half. */
function lowSDer(signature: Buffer): Buffer {
  const s = signature.subarray(32);
  if (s.compare(HALF_ORDER) > 0) negate(s);
  const out = Buffer.alloc(72);
  const afterR = writeInteger(out, 2, signature.subarray(0, 32));
  const end = writeInteger(out, afterR, s);
  out[0] = 0x30;
  out[1] = end - 2;
  return out.subarray(0, end);
}

/** s := n − s, in place. */
function negate(s: Buffer): void {
  let borrow = 0;
  for (let place = 31; place >= 0; place--) {
    const difference = (ORDER[place] ?? 0) - (s[place] ?? 0) - borrow;
    borrow = difference < 0 ? 1 : 0;
    s[place] = difference & 0xff;
  }
}

/** Writes a positive DER INTEGER at `at`; returns where it ends. */
function writeInteger(out: Buffer, at: number, digits: Buffer): number {
  let from = 0;
  while (from < 31 && digits[from] === 0) from++;
  const padding = (digits[from] ?? 0) >= 0x80 ? 1 : 0;
  out[at] = 0x02;
  out[at + 1] = 32 - from + padding;
  digits.copy(out, at + 2 + padding, from);
  return at + 2 + padding + 32 - from;
}
