// SPDX-License-Identifier: Apache-2.0
import type { Language, Worded } from 'yuanliu-chaincode/messages';
import { z } from 'zod';
import type { ActEvent, EventId } from '../../index/ledger-index.js';
import { type ChainPosition, parsePosition, positionText, shortHash } from '../middleware/chain-position.js';
import { inWords } from '../language.js';
import { actEntry, place } from './shapes.js';
import { gatewayMessages, textOf } from '../../messages/index.js';

/** Server-sent events as text, and their ids. */

/** What an event of an act holds. */
export const actEvent = z.strictObject({
  ref: z.string(),
  kind: z.string(),
  title: z.string().meta({ description: 'The act in the words of the regulation.' }),
  act: actEntry,
  version: z.int().positive(),
  state: z.string(),
  transaction: place,
  causedBy: z.string().optional().meta({ description: 'The record whose act brought this about.' }),
}) satisfies z.ZodType<Worded<Omit<ActEvent, 'id'>>>;

/** Why a stream ends. Each may be resumed, but for an expired token only with a new one. */
export type Ending = 'stopping' | 'slow' | 'expired' | 'ahead' | 'other-chain';

const { message } = gatewayMessages;

/** Where a stream begins: after everything in a block, or after one event of it. */
export interface StreamPosition extends ChainPosition {
  readonly transaction: number;
  readonly event: number;
}

function idText({ block, transaction, event, headerHash }: EventId): string {
  return `${block}:${transaction}:${event}:${shortHash(headerHash)}`;
}

/**
 * Reads `block:tx:event:hash`, `block:hash` or `block`; undefined for any other text, such as an event id of a version that
 * did not bind them to their chain. Without an event it stands for all that is in the block.
 */
export function parseId(text: string): StreamPosition | undefined {
  const [, block, transaction, event, hash] = /^(\d{1,9}):(\d{1,9}):(\d{1,9}):([0-9a-f]{16})$/.exec(text) ?? [];
  if (block !== undefined) {
    return { block: Number(block), transaction: Number(transaction), event: Number(event), hash };
  }
  const position = parsePosition(text);
  return position && endOf(position);
}

/** Everything up to the end of a block. */
export function endOf(position: ChainPosition): StreamPosition {
  return { ...position, transaction: Infinity, event: Infinity };
}

export function isAfter(id: Omit<EventId, 'headerHash'>, other: StreamPosition): boolean {
  return (id.block - other.block || compared(id.transaction, other.transaction) || compared(id.event, other.event)) > 0;
}

function compared(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The first event: from where the stream goes on, so that nothing is lost if it ends before another. */
export function openText(after: StreamPosition, height: number): string {
  const { block, transaction, event, hash } = after;
  const id = Number.isFinite(event) ? `${block}:${transaction}:${event}:${hash ?? ''}` : positionText(after);
  return GREETING + written('open', { height }, hash === undefined ? undefined : id);
}

export function actText({ id, ...event }: ActEvent, language: Language): string {
  return written('act', inWords(language, event), idText(id));
}

export function closeText(reason: Ending, language: Language): string {
  return written('close', { reason, remedy: textOf(language, message(`stream-${reason}`)).message });
}

/** A comment: says nothing, but that the stream lives. */
export const HEARTBEAT = ': alive\n\n';

/** The first line of a stream: goes out with the headers, whatever comes after. */
const GREETING = ': events of the ledger\n\n';

/** Headers of every stream: a proxy that collects an answer before it passes it on would hold a stream for ever. */
export const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
} as const;

function written(event: string, data: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
