// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { BIT_STRING, element, elementAt, SEQUENCE } from '../wire/der.js';
import { malformed } from '../wire/error.js';
import { decodePem } from '../wire/pem.js';

/** A certificate as Go reads it, and what the bytes it came in add to it. */
export interface ReadCertificate {
  readonly certificate: X509Certificate;
  /** The bytes as given. Not the certificate's own where its holder changed what its CA did not sign. */
  readonly raw: Buffer;
  /** The CA's signature. */
  readonly signature: Buffer;
  /** The same certificate with another signature. */
  readonly withSignature: (signature: Buffer) => Buffer;
}

/**
 * Reads one certificate in PEM as Fabric's peers do. Its holder can change what its CA did not sign: the PEM around it,
 * bytes after the signature, unused bits in it. Go accepts those and OpenSSL does not, so OpenSSL gets the certificate as
 * its CA wrote it.
 *
 * @throws VerificationError `MALFORMED`.
 */
export function parseCertificate(pem: Buffer): ReadCertificate {
  const raw = decodePem(pem);
  if (!raw) throw malformed('not a PEM certificate');
  const whole = elementAt(raw, 0, SEQUENCE);
  const toBeSigned = whole && elementAt(whole.content, 0, SEQUENCE);
  const algorithm = toBeSigned && elementAt(whole.content, toBeSigned.end, SEQUENCE);
  const bits = algorithm && elementAt(whole.content, algorithm.end, BIT_STRING);
  const signature = bits && rightAligned(bits.content);
  if (!signature || whole.end !== raw.length) throw malformed('not an X.509 certificate');
  const withSignature = (other: Buffer): Buffer => {
    const parts = [toBeSigned.bytes, algorithm.bytes, element(BIT_STRING, Buffer.concat([Buffer.from([0]), other]))];
    return element(SEQUENCE, Buffer.concat(parts));
  };
  try {
    return { certificate: new X509Certificate(withSignature(signature)), raw, signature, withSignature };
  } catch {
    throw malformed('not an X.509 certificate');
  }
}

/** Reads one PEM certificate. Throws `MALFORMED`. */
export function readCertificate(pem: Buffer): X509Certificate {
  return parseCertificate(pem).certificate;
}

/** The bytes of a BIT STRING with its unused bits at the front; undefined if they are not zero. */
function rightAligned(content: Buffer): Buffer | undefined {
  const unused = content[0];
  const bits = content.subarray(1);
  const last = bits.at(-1) ?? 0;
  if (unused === undefined || unused > 7 || (bits.length === 0 && unused > 0) || last & ((1 << unused) - 1)) {
    return undefined;
  }
  return Buffer.from(bits.map((byte, place) => (((bits[place - 1] ?? 0) << (8 - unused)) | (byte >> unused)) & 0xff));
}
