// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { ActEvent, EventId } from '../index/ledger-index.js';
import { actEntry, place } from './shapes.js';

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
}) satisfies z.ZodType<Omit<ActEvent, 'id'>>;

/** Why a stream ends. Each may be resumed, but for an expired token only with a new one. */
export type Ending = 'stopping' | 'slow' | 'expired';

const endings: Readonly<Record<Ending, string>> = {
  stopping: 'the gateway stops: connect again, and go on after the last id',
  slow: 'events were not read in time: connect again, and go on after the last id',
  expired: 'the token has expired: connect with a new one, and go on after the last id',
};

/** The id of everything up to the end of a block. */
export function endOf(block: number): string {
  return String(block);
}

export function idText({ block, transaction, event }: EventId): string {
  return `${block}:${transaction}:${event}`;
}

/** Reads `block`, or `block:tx:event`; undefined for text that is no id. A block alone stands for all that is in it. */
export function parseId(text: string): EventId | undefined {
  const match = /^(\d{1,9})(?::(\d{1,9}):(\d{1,9}))?$/.exec(text);
  if (!match) return undefined;
  const [, block, transaction = Infinity, event = Infinity] = match;
  return { block: Number(block), transaction: Number(transaction), event: Number(event) };
}

export function isAfter(id: EventId, other: EventId): boolean {
  return (id.block - other.block || compared(id.transaction, other.transaction) || compared(id.event, other.event)) > 0;
}

function compared(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The first event: from where the stream goes on, so that nothing is lost if it ends before another. */
export function openText(id: string, height: number): string {
  return written('open', { height }, id);
}

export function actText({ id, ...event }: ActEvent): string {
  return written('act', event, idText(id));
}

export function closeText(reason: Ending): string {
  return written('close', { reason, remedy: endings[reason] });
}

/** A comment: says nothing, but that the stream lives. */
export const HEARTBEAT = ': alive\n\n';

function written(event: string, data: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
