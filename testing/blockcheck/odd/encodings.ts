// SPDX-License-Identifier: Apache-2.0
import { BIT_STRING, element, elementAt, integer, SEQUENCE } from 'yuanliu-verifier/wire/der';
import { parseCertificate } from 'yuanliu-verifier/identity/certificate';

/** Odd encodings of a signature in DER, by name: each over the same two numbers, or none at all. */
export const signatures: Readonly<Record<string, (der: Buffer) => Buffer>> = {
  'a byte after it': (der) => Buffer.concat([der, Buffer.from([0])]),
  'many bytes after it': (der) => Buffer.concat([der, Buffer.alloc(200, 7)]),
  'a number after both': (der) => element(SEQUENCE, Buffer.concat([body(der), integer(7n)])),
  'a byte after both': (der) => element(SEQUENCE, Buffer.concat([body(der), Buffer.from([0xff])])),
  'its length written long': (der) => Buffer.concat([Buffer.from([SEQUENCE, 0x81, body(der).length]), body(der)]),
  'its length written longer': (der) =>
    Buffer.concat([Buffer.from([SEQUENCE, 0x84, 0, 0, 0, body(der).length]), body(der)]),
  'no definite length': (der) => Buffer.concat([Buffer.from([SEQUENCE, 0x80]), body(der), Buffer.from([0, 0])]),
  'over 127 bytes of it': (der) => element(SEQUENCE, Buffer.concat([body(der), Buffer.alloc(90, 2)])),
  'a zero before its first number': (der) => padded(der, Buffer.from([0])),
  'zeros before its first number': (der) => padded(der, Buffer.alloc(4)),
  'as a set': (der) => Buffer.concat([Buffer.from([0x31]), der.subarray(1)]),
  'of a primitive tag': (der) => Buffer.concat([Buffer.from([0x10]), der.subarray(1)]),
  'a high S': (der) => withHighS(der),
  'no second number': (der) => element(SEQUENCE, elementAt(body(der), 0, 2)?.bytes ?? body(der)),
  'S of zero': (der) => element(SEQUENCE, Buffer.concat([first(der), integer(0n)])),
  'R plus the order': (der) => element(SEQUENCE, Buffer.concat([integer(number(first(der)) + ORDER), second(der)])),
  'a negative S': (der) => element(SEQUENCE, Buffer.concat([first(der), Buffer.from([2, 1, 0x81])])),
  'cut short': (der) => der.subarray(0, -1),
  nothing: () => Buffer.alloc(0),
  'of another message': (der) =>
    Buffer.concat([der.subarray(0, 12), Buffer.from([der[12] === 1 ? 2 : 1]), der.subarray(13)]),
};

/** Odd encodings of one PEM certificate, by name. */
export const pems: Readonly<Record<string, (pem: string, other: string) => string>> = {
  'of another type': (pem) => pem.replaceAll('CERTIFICATE', 'ODD THING'),
  'of the old type': (pem) => pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'),
  'of no type': (pem) => pem.replaceAll('CERTIFICATE', ''),
  'of a private key’s type': (pem) => pem.replaceAll('CERTIFICATE', 'PRIVATE KEY'),
  'of two types': (pem) => pem.replace('BEGIN CERTIFICATE', 'BEGIN ODD'),
  'with a header': (pem) => pem.replace('-----\n', '-----\nProc-Type: 4,NONE\n\n'),
  'with headers and no blank line': (pem) => pem.replace('-----\n', '-----\nA: 1\nB : 2\n'),
  'with a colon alone': (pem) => pem.replace('-----\n', '-----\n:\n'),
  'with text before it': (pem) => `subject: somebody\n${pem}`,
  'with text right before it': (pem) => `x${pem}`,
  'with text after it': (pem) => `${pem}and more`,
  'with a certificate after it': (pem, other) => pem + other,
  'with a certificate before it': (pem, other) => other + pem,
  'with a begin before it': (pem) => `-----BEGIN CERTIFICATE-----\n${pem}`,
  'with an end before it': (pem) => `-----END CERTIFICATE-----\n${pem}`,
  'with an end line before it': (pem) => `\n-----END ODD-----\n${pem}`,
  'with a broken block before it': (pem) => `-----BEGIN A-----\n!!!!\n-----END A-----\n${pem}`,
  'with an empty block before it': (pem) => `-----BEGIN A-----\n-----END A-----\n${pem}`,
  'with CRLF': (pem) => pem.replaceAll('\n', '\r\n'),
  'with CR': (pem) => pem.replaceAll('\n', '\r'),
  'with blanks in its lines': (pem) => pem.replace(/\n(?=[A-Za-z0-9+/])/g, '\n \t'),
  'with blanks at its line ends': (pem) => pem.replaceAll('\n', ' \t\n'),
  'with blank lines': (pem) => pem.replaceAll('\n', '\n\n'),
  'in one line': (pem) => pem.replace(/(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, ''),
  'with no line end at its end': (pem) => pem.trimEnd(),
  'with a blank after its end': (pem) => `${pem.trimEnd()} `,
  'with text after its end': (pem) => `${pem.trimEnd()}x\n`,
  'without its padding': (pem) => pem.replace(/=+\n/, '\n'),
  'with padding too much': (pem) => pem.replace(/\n-----END/, '====\n-----END'),
  'with a form feed': (pem) => pem.replace('-----\n', '-----\n\f'),
  'with a byte that is not UTF-8': (pem) => `\xff\xfe\n${pem}`,
  'with a NUL before it': (pem) => `\0\n${pem}`,
  'without an end': (pem) => pem.replace(/-----END.*/, ''),
  'of nothing': () => '',
};

/** Odd encodings of a certificate in DER, by name: what its CA signed stays. */
export const certificates: Readonly<Record<string, (der: Buffer, pem: string) => Buffer>> = {
  'a byte after it': (der) => Buffer.concat([der, Buffer.from([0])]),
  'a byte after its signature': (der) => element(SEQUENCE, Buffer.concat([inside(der), Buffer.from([5])])),
  'an element after its signature': (der) => element(SEQUENCE, Buffer.concat([inside(der), integer(1n)])),
  'its length written long': (der) => {
    const content = inside(der);
    return Buffer.concat([Buffer.from([SEQUENCE, 0x83, 0, content.length >> 8, content.length & 0xff]), content]);
  },
  'no definite length': (der) => Buffer.concat([Buffer.from([SEQUENCE, 0x80]), inside(der), Buffer.from([0, 0])]),
  'its signature shifted by unused bits': (_, pem) => shifted(pem, 3),
  'its signature shifted by 7 bits': (_, pem) => shifted(pem, 7),
  'unused bits that are not zero': (_, pem) => {
    const bent = shifted(pem, 3);
    bent[bent.length - 1] = (bent[bent.length - 1] ?? 0) | 1;
    return bent;
  },
  'a high S in its signature': (_, pem) => resigned(pem, withHighS),
  'a low S in its signature': (_, pem) => resigned(pem, withLowS),
  'a byte after the numbers of its signature': (_, pem) =>
    resigned(pem, (der) => Buffer.concat([der, Buffer.from([0])])),
  'zeros in its signature': (_, pem) => resigned(pem, (der) => padded(der, Buffer.from([0]))),
  'another signature algorithm outside': (_, pem) => {
    const { raw } = parseCertificate(Buffer.from(pem));
    const bent = Buffer.from(raw);
    const oid = Buffer.from('2a8648ce3d040302', 'hex');
    bent[bent.lastIndexOf(oid) + oid.length - 1] = 3;
    return bent;
  },
};

/** A certificate in PEM whose DER was changed. */
export function bentCertificate(pem: string, bend: (der: Buffer, pem: string) => Buffer): string {
  const { raw } = parseCertificate(Buffer.from(pem));
  return pemOf(bend(Buffer.from(raw), pem));
}

export function pemOf(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`;
}

function resigned(pem: string, bend: (signature: Buffer) => Buffer): Buffer {
  const { signature, withSignature } = parseCertificate(Buffer.from(pem));
  return withSignature(bend(signature));
}

/** The signature moved to the front of its last byte's bits. */
function shifted(pem: string, unused: number): Buffer {
  const { raw, signature } = parseCertificate(Buffer.from(pem));
  const value = (BigInt(`0x${signature.toString('hex')}`) << BigInt(unused)).toString(16);
  const bits = Buffer.from(value.padStart(value.length + (value.length % 2), '0'), 'hex');
  const whole = inside(Buffer.from(raw));
  const toBeSigned = elementAt(whole, 0, SEQUENCE);
  const algorithm = elementAt(whole, toBeSigned?.end ?? 0, SEQUENCE);
  const signed = element(BIT_STRING, Buffer.concat([Buffer.from([unused]), bits]));
  return element(SEQUENCE, Buffer.concat([toBeSigned?.bytes ?? whole, algorithm?.bytes ?? whole, signed]));
}

function inside(der: Buffer): Buffer {
  return elementAt(der, 0, SEQUENCE)?.content ?? der;
}

const body = inside;

function first(der: Buffer): Buffer {
  return elementAt(body(der), 0, 2)?.bytes ?? der;
}

function second(der: Buffer): Buffer {
  return body(der).subarray(first(der).length);
}

function number(bytes: Buffer): bigint {
  return BigInt(`0x${(elementAt(bytes, 0, 2)?.content ?? bytes).toString('hex')}`);
}

/** Zeros before the first number, more than DER allows. */
function padded(der: Buffer, zeros: Buffer): Buffer {
  const content = elementAt(first(der), 0, 2)?.content ?? der;
  const long = (content[0] ?? 0) === 0 ? content : Buffer.concat([Buffer.from([0]), content]);
  return element(SEQUENCE, Buffer.concat([element(2, Buffer.concat([zeros, long])), second(der)]));
}

function withHighS(der: Buffer): Buffer {
  const s = number(second(der));
  return element(SEQUENCE, Buffer.concat([first(der), integer(s > ORDER / 2n ? s : ORDER - s)]));
}

function withLowS(der: Buffer): Buffer {
  const s = number(second(der));
  return element(SEQUENCE, Buffer.concat([first(der), integer(s > ORDER / 2n ? ORDER - s : s)]));
}

/** Of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
