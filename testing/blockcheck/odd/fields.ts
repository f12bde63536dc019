// SPDX-License-Identifier: Apache-2.0
import { varint } from 'yuanliu-verifier/wire/encode';
import { Message } from 'yuanliu-verifier/wire/message';
import { skipValue, tagAt, Wire } from 'yuanliu-verifier/wire/wire';

/** One field of a serialized message, tag included. */
export interface RawField {
  readonly field: number;
  readonly type: number;
  readonly bytes: Buffer;
  /** Of a length-delimited field. */
  readonly content: Buffer;
}

/** The fields of a message, in order. Throws `VerificationError` for what is none. */
export function fieldsOf(message: Buffer): RawField[] {
  const found: RawField[] = [];
  for (let at = 0; at < message.length;) {
    const { field, type, end } = tagAt(message, at, message.length);
    const next = skipValue(message, end, message.length, { field, type });
    let start = end;
    while (type === Wire.lengthDelimited && (message[start] ?? 0) >= 0x80) start++;
    const content = type === Wire.lengthDelimited ? message.subarray(start + 1, next) : Buffer.alloc(0);
    found.push({ field, type, bytes: message.subarray(at, next), content });
    at = next;
  }
  return found;
}

/** A length-delimited field, written though it is empty. */
export function delimited(field: number, content: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from([...varint(field * 8 + Wire.lengthDelimited), ...varint(content.length)]),
    content,
  ]);
}

/** An envelope as an orderer writes it after it read it: payload, signature, then what it did not know. */
export function asOrdered(envelope: Buffer): Buffer | undefined {
  try {
    const fields = fieldsOf(new Message(envelope).buffer);
    const isKnown = ({ field, type }: RawField): boolean => type === Wire.lengthDelimited && field <= 2;
    const last = (field: number): Buffer[] => {
      const content = fields.findLast((one) => isKnown(one) && one.field === field)?.content;
      return content && content.length > 0 ? [delimited(field, content)] : [];
    };
    const unknown = fields.filter((one) => !isKnown(one)).map(({ bytes }) => bytes);
    return last(1).length === 0 ? undefined : Buffer.concat([...last(1), ...last(2), ...unknown]);
  } catch {
    return undefined;
  }
}
