// SPDX-License-Identifier: Apache-2.0

/** One ASN.1 element. */
export interface DerElement {
  /** Tag, length and content. */
  readonly bytes: Buffer;
  readonly content: Buffer;
  /** Where the next one begins. */
  readonly end: number;
}

/**
 * The element of this tag at `at`, its length written as DER demands; undefined for anything else. Go's two readers of
 * ASN.1 agree on this much, and so does this one.
 */
export function elementAt(bytes: Buffer, at: number, tag: number): DerElement | undefined {
  const first = bytes[at + 1];
  if (bytes[at] !== tag || first === undefined || first === 0x80) return undefined;
  const digits = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + digits;
  if (digits > 4 || start > bytes.length) return undefined;
  const length = digits === 0 ? first : bytes.readUIntBE(at + 2, digits);
  const isShortest = digits === 0 || (length >= 0x80 && bytes[at + 2] !== 0);
  if (!isShortest || start + length > bytes.length) return undefined;
  const end = start + length;
  return { bytes: bytes.subarray(at, end), content: bytes.subarray(start, end), end };
}

/** The value of a positive INTEGER's content in its shortest form; undefined for any other. */
export function positiveInteger(content: Buffer): bigint | undefined {
  const [first, second = 0] = content;
  if (first === undefined || first >= 0x80 || (first === 0 && (content.length === 1 || second < 0x80)))
    return undefined;
  return BigInt(`0x${content.toString('hex')}`);
}

/** An element of this tag and content. */
export function element(tag: number, content: Uint8Array): Buffer {
  const digits = content.length < 0x80 ? [] : bigEndian(content.length);
  const length = digits.length === 0 ? [content.length] : [0x80 | digits.length, ...digits];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

/** An INTEGER from 0 on. It is signed: a leading zero keeps a high first bit from making it negative. */
export function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const digits = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return element(INTEGER, (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const SEQUENCE = 0x30;

function bigEndian(value: number): number[] {
  const digits: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return digits;
}
