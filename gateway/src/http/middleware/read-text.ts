// SPDX-License-Identifier: Apache-2.0
import type { Request } from 'express';
import { decodeText, EncodingError, encodingOf, encodings, nameOf, type Encoding } from '../../text/encoding.js';
import { Problem } from '../../errors/problem.js';
import type { Asked, RouteBody } from '../route.js';

type Text = Pick<Asked, 'text' | 'encoding'>;
const NO_TEXT: Text = { text: '', encoding: 'utf-8' };

/**
 * The body of a request as text, read strictly: as the charset of its Content-Type says, else in an encoding of the route.
 *
 * @throws Problem for another media type, a charset that is not read here, or bytes that are no such text.
 */
export function readText(request: Request, body: RouteBody | undefined): Text {
  const bytes: unknown = request.body;
  if (!body || !Buffer.isBuffer(bytes) || bytes.length === 0) return NO_TEXT;
  const { mediaType, encodings: tried = ['utf-8'] } = body;
  const type = request.get('Content-Type');
  if (!request.is(mediaType)) {
    throw new Problem('UNSUPPORTED_MEDIA', {
      message: `the body is ${type ?? 'of no media type'}`,
      remedy: `send it as Content-Type: ${mediaType}`,
    });
  }
  try {
    return decodeText(bytes, { stated: charsetOf(type), tried });
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    const code = mediaType === 'application/json' ? 'NOT_JSON' : 'INPUT_INVALID';
    throw new Problem(code, { message: `the body cannot be read: ${error.message}`, remedy: error.remedy });
  }
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
