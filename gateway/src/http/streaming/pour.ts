// SPDX-License-Identifier: Apache-2.0
import type { Response } from 'express';

/** An answer that comes piece by piece, for as long as its source has any. */
export class Pouring {
  readonly pieces: AsyncIterable<string | Uint8Array>;
  /** How long a client may take to make room for a piece, in milliseconds. */
  readonly patienceMs: number;
  /** The last piece for a client that does not; without one it is cut off at once. */
  readonly tooSlow: string | undefined;

  constructor({ pieces, patienceMs, tooSlow }: Pick<Pouring, 'pieces' | 'patienceMs'> & { readonly tooSlow?: string }) {
    this.pieces = pieces;
    this.patienceMs = patienceMs;
    this.tooSlow = tooSlow;
  }
}

/**
 * Writes pieces as fast as the client takes them: the next one is asked for when there is room for it, so that no more than
 * one piece and what the socket holds is ever buffered. A client that makes no room in time gets a last piece and, unless it
 * reads that in the same time, is cut off.
 */
export async function pour(response: Response, { pieces, patienceMs, tooSlow }: Pouring): Promise<void> {
  response.flushHeaders();
  for await (const piece of pieces) {
    if (response.closed) return;
    if (response.write(piece) || (await hasRoom(response, patienceMs))) continue;
    if (tooSlow === undefined) {
      response.destroy();
      return;
    }
    response.end(tooSlow);
    setTimeout(() => response.destroy(), patienceMs).unref();
    return;
  }
  response.end();
}

/** The texts of some items, joined to pieces of some size. */
export function* inPieces<Item>(items: Iterable<Item>, textOf: (item: Item) => string): Generator<string> {
  let piece = '';
  for (const item of items) {
    piece += textOf(item);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

const PIECE = 16_384;

/** Whether the client makes room within a time; also when the connection is lost, for there is nobody left to wait for. */
function hasRoom(response: Response, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (room: boolean) => (): void => {
      clearTimeout(timer);
      response.off('drain', drained).off('close', drained);
      resolve(room);
    };
    const drained = end(true);
    const timer = setTimeout(end(false), ms);
    response.once('drain', drained).once('close', drained);
    if (response.closed) drained();
  });
}
