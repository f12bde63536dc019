// SPDX-License-Identifier: Apache-2.0
import type { Request } from 'express';
import type { Group } from '../../runtime/fair-queue.js';
import { LARGE, offLoop } from '../../runtime/off-loop.js';
import decodeLarge, { type Encoded, type Undecodable } from '../../text/decode-large.js';
import { type DecodedText, encodingOf, encodings, nameOf, type Encoding } from '../../text/encoding.js';
import { Problem } from '../../errors/problem.js';
import type { Asked, RouteBody } from '../route.js';

type Body = Pick<Asked, 'text' | 'file'>;
const NO_FILE: Encoded = { bytes: new Uint8Array(), stated: undefined, tried: [] };

/**
 * The body of a request as text, read strictly: as the charset of its Content-Type says, else in an encoding of the route. A
 * large one is decoded in a thread; a file is left to its route.
 *
 * @throws Problem for another media type, a charset that is not read here, or bytes that are no such text.
 */
export async function readText(group: Group, request: Request, body: RouteBody | undefined): Promise<Body> {
  const bytes: unknown = request.body;
  const tried = body?.encodings ?? ['utf-8'];
  if (body?.isStream) demandStream(request, body);
  if (!body || !Buffer.isBuffer(bytes) || bytes.length === 0) return { text: '', file: { ...NO_FILE, tried } };
  const { mediaType } = body;
  const type = request.get('Content-Type');
  if (!request.is(mediaType)) {
    throw new Problem('UNSUPPORTED_MEDIA', {
      message: `the body is ${type ?? 'of no media type'}`,
      remedy: `send it as Content-Type: ${mediaType}`,
    });
  }
  const file: Encoded = { bytes, stated: charsetOf(type), tried };
  if (body.isFile) return { text: '', file };
  const isLarge = bytes.length >= LARGE;
  const read = isLarge
    ? await offLoop<DecodedText | Undecodable>(group, require.resolve('../../text/decode-large.js'), file)
    : decodeLarge(file);
  if (!('problem' in read)) return { text: read.text, file: NO_FILE };
  const { message, remedy } = read.problem;
  throw new Problem('NOT_JSON', { message: `the body cannot be read: ${message}`, remedy });
}

/** @throws Problem for another media type, or a body that is compressed */
function demandStream(request: Request, { mediaType }: RouteBody): void {
  const encoding = request.get('Content-Encoding') ?? 'identity';
  if (request.is(mediaType) && encoding === 'identity') return;
  const type = request.get('Content-Type') ?? 'no media type';
  const message = `the body is ${encoding === 'identity' ? `of ${type}` : `compressed (${encoding})`}`;
  throw new Problem('UNSUPPORTED_MEDIA', { message, remedy: `send it as Content-Type: ${mediaType}, not compressed` });
}

/** The encoding that a Content-Type states; undefined without one. @throws Problem for one that is not read here. */
function charsetOf(type = ''): Encoding | undefined {
  const [, ...parameters] = type.split(';').map((part) => part.trim());
  const stated = parameters.find((one) => /^charset\s*=/i.test(one));
  if (stated === undefined) return undefined;
  const label = stated
    .slice(stated.indexOf('=') + 1)
    .trim()
    .replace(/^"(.*)"$/, '$1');
  const encoding = encodingOf(label);
  if (encoding) return encoding;
  throw new Problem('UNSUPPORTED_MEDIA', {
    message: `the charset ${label === '' ? 'is empty' : `${label} is not read here`}`,
    remedy: `send the body as UTF-8, or in one of ${encodings.map(nameOf).join(', ')}, GBK, and state that charset`,
  });
}
