// SPDX-License-Identifier: Apache-2.0
import { INTEGER, SEQUENCE } from '../wire/der.js';
import { malformed } from '../wire/error.js';

/** Certificates an organisation's CAs have revoked, by issuer and serial number. */
export class Revocations {
  private readonly names = new Set<string>();

  /** Issuer and serial number of each, as their DER in hexadecimal. */
  get listed(): ReadonlySet<string> {
    return this.names;
  }

  /**
   * Takes the lists an organisation's configuration carries, PEM or DER. Their signatures are not checked: the
   * configuration that carries them was signed by those who may change it.
   *
   * @throws VerificationError `MALFORMED`.
   */
  constructor(lists: readonly Buffer[]) {
    for (const list of lists) {
      const [toBeSigned] = children(whole(derOf(list)));
      const parts = toBeSigned ? children(toBeSigned) : [];
      // version?, signature algorithm, issuer, this update, next update?, revoked certificates?
      const [issuer, , ...rest] = parts.slice(parts[0]?.tag === INTEGER ? 2 : 1);
      const entries = rest.find(({ tag }) => tag === SEQUENCE);
      if (issuer?.tag !== SEQUENCE) throw malformed('not a certificate revocation list');
      for (const entry of entries ? children(entries) : []) {
        const [serial] = children(entry);
        if (serial?.tag !== INTEGER) throw malformed('a revoked certificate without a serial number');
        this.names.add(nameOf(issuer, serial));
      }
    }
  }

  /** Whether a certificate, given as DER, is on one of the lists. Throws `MALFORMED`. */
  has(certificate: Buffer): boolean {
    if (this.names.size === 0) return false;
    const [toBeSigned] = children(whole(certificate));
    const parts = toBeSigned ? children(toBeSigned) : [];
    // version?, serial number, signature algorithm, issuer
    const [serial, , issuer] = parts.slice(parts[0]?.tag === VERSION ? 1 : 0);
    if (serial?.tag !== INTEGER || issuer?.tag !== SEQUENCE) throw malformed('not an X.509 certificate');
    return this.names.has(nameOf(issuer, serial));
  }
}

const VERSION = 0xa0;

/** One ASN.1 element in DER. */
interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

function nameOf(issuer: Element, serial: Element): string {
  return `${issuer.content.toString('hex')}/${serial.content.toString('hex')}`;
}

function derOf(list: Buffer): Buffer {
  const pem = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/.exec(list.toString('latin1'));
  return pem?.[1] === undefined ? list : Buffer.from(pem[1], 'base64');
}

function whole(bytes: Buffer): Element {
  const [element] = elements(bytes);
  if (element?.tag !== SEQUENCE) throw malformed('not a DER sequence');
  return element;
}

function children({ content }: Element): Element[] {
  return elements(content);
}

/** The elements one after the other. Nothing recurses, and every length is checked against what holds it. */
function elements(bytes: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const [tag = 0, first = 0] = bytes.subarray(at, at + 2);
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    if (lengthBytes > 4 || first === 0x80) throw malformed('an ASN.1 length out of range');
    const start = at + 2 + lengthBytes;
    const length = lengthBytes === 0 ? first : Number(`0x${bytes.subarray(at + 2, start).toString('hex') || '0'}`);
    if (start + length > bytes.length) throw malformed('an ASN.1 element runs past its end');
    found.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}
