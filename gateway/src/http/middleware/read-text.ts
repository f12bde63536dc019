// SPDX-License-Identifier: Apache-2.0
import type { Request } from 'express';
import type { Group } from '../../runtime/fair-queue.js';
import { LARGE, offLoop } from '../../runtime/off-loop.js';
import decodeLarge, { type Encoded, type Undecodable } from '../../text/decode-large.js';
import { type DecodedText, encodingOf, encodings, nameOf, type Encoding } from '../../text/encoding.js';
import { Problem } from '../../errors/problem.js';
import type { Asked, RouteBody } from '../route.js';
import { say } from '../../messages/index.js';

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
    throw new Problem(
      'UNSUPPORTED_MEDIA',
      type === undefined ? say('no-media-type', { wanted: mediaType }) : say('media-type', { type, wanted: mediaType }),
    );
  }
  const file: Encoded = { bytes, stated: charsetOf(type), tried };
  if (body.isFile) return { text: '', file };
  const isLarge = bytes.length >= LARGE;
  const read = isLarge
    ? await offLoop<DecodedText | Undecodable>(group, require.resolve('../../text/decode-large.js'), file)
    : decodeLarge(file);
  if (!('problem' in read)) return { text: read.text, file: NO_FILE };
  throw new Problem('NOT_JSON', say('body-unreadable', { why: read.problem }));
}

/** @throws Problem for another media type, or a body that is compressed */
function demandStream(request: Request, { mediaType }: RouteBody): void {
  const encoding = request.get('Content-Encoding') ?? 'identity';
  if (request.is(mediaType) && encoding === 'identity') return;
  const type = request.get('Content-Type');
  if (encoding !== 'identity')
    throw new Problem('UNSUPPORTED_MEDIA', say('body-compressed', { encoding, wanted: mediaType }));
  throw new Problem(
    'UNSUPPORTED_MEDIA',
    type === undefined ? say('no-media-type', { wanted: mediaType }) : say('media-type', { type, wanted: mediaType }),
  );
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
  const known = encodings.map(nameOf).join(', ');
  throw new Problem(
    'UNSUPPORTED_MEDIA',
    label === '' ? say('charset-empty', { known }) : say('charset-unknown', { label, known }),
  );
}
