// SPDX-License-Identifier: Apache-2.0
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { Problem } from '../../errors/problem.js';
import { say } from '../../messages/index.js';

/** A line of a body, by its number from 1. */
export interface Line {
  readonly line: number;
  readonly text: string;
}

export interface Bounds {
  /** Lines of a group, and about how many bytes. */
  readonly lines: number;
  readonly groupBytes: number;
  /** Bytes of one line, and of the body. */
  readonly lineBytes: number;
  readonly bytes: number;
}

/**
 * The lines of a body as they come, without empty ones, in groups: of the bounds, or what has come where no more waits. No
 * more than a group is held: the body is read on when the next one is asked for.
 *
 * @throws Problem for what is no UTF-8, or beyond the bounds; the lines before it came.
 */
export async function* lineGroups(body: Readable, bounds: Bounds): AsyncGenerator<readonly Line[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [rest, number, bytes, size] = ['', 0, 0, 0];
  let group: Line[] = [];
  const take = (): readonly Line[] => {
    const taken = group;
    [group, size] = [[], 0];
    return taken;
  };
  const add = (text: string): void => {
    number += 1;
    if (text.trim() === '') return;
    group.push({ line: number, text });
    size += text.length;
  };
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > bounds.bytes) {
      if (group.length > 0) yield take();
      throw new Problem('TOO_LARGE', say('body-over-limit', { limit: bounds.bytes }));
    }
    const decoded = decodedBy(decoder, piece);
    if (decoded === undefined) {
      if (group.length > 0) yield take();
      throw notText(number + 1);
    }
    const lines = (rest + decoded).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      add(text);
      if (group.length >= bounds.lines || size >= bounds.groupBytes) yield take();
    }
    if (rest.length > bounds.lineBytes) {
      if (group.length > 0) yield take();
      throw new Problem('TOO_LARGE', say('line-too-long', { line: number + 1, most: bounds.lineBytes }));
    }
    if (group.length > 0 && body.readableLength === 0) yield take();
  }
  if (decodedBy(decoder) === undefined) throw notText(number + 1);
  add(rest);
  if (group.length > 0) yield take();
}

/** Undefined for what is no UTF-8. */
function decodedBy(decoder: TextDecoder, piece?: Uint8Array): string | undefined {
  try {
    return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
  } catch {
    return undefined;
  }
}

function notText(line: number): Problem {
  return new Problem('NOT_JSON', say('not-utf8-from', { line }));
}
