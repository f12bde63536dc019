// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { kinds } from 'yuanliu-chaincode/kinds';
import type { StreamLimits } from '../../config/config.js';
import type { Speaker } from '../../identity/tokens.js';
import { IndexError } from '../../index/error.js';
import type { ActEvent, LedgerIndex } from '../../index/ledger-index.js';
import { anyone, type Viewer } from '../../index/read/visibility.js';
import { slices } from '../../runtime/slices.js';
import { demandThisChain, isOfThisChain, positionOf } from '../middleware/chain-position.js';
import {
  actText,
  closeText,
  endOf,
  HEARTBEAT,
  isAfter,
  openText,
  parseId,
  STREAM_HEADERS,
  type StreamPosition,
} from './event-text.js';
import { inPieces, Pouring } from '../streaming/pour.js';
import { newPlaces } from '../middleware/places.js';
import { Problem } from '../../errors/problem.js';
import { route, type Asked, type Route } from '../route.js';
import { say, sayOf } from '../../messages/index.js';
import { says } from '../../messages/issues.js';

/** The streams that are open. */
export interface Streams {
  readonly route: Route;
  /** Tells every client that the gateway stops, and opens no more. */
  close(): void;
}

export interface StreamServices {
  readonly index: LedgerIndex;
  readonly limits: StreamLimits;
}

const query = z.strictObject({
  after: z
    .string()
    .refine((text) => parseId(text) !== undefined, { error: says('not-event-or-block') })
    .optional()
    .meta({
      description:
        'Begin after this event (`block:tx:event:hash`), or after this block (`block:hash`, or its number alone); only what is new without it.',
    }),
  kind: z
    .enum(kinds.map(({ name }) => name))
    .optional()
    .meta({ description: 'Only acts on records of this kind.' }),
  act: z
    .string()
    .regex(/^[a-z][a-z-]{0,39}$/, says('not-an-act-name'))
    .optional()
    .meta({ description: 'Only acts of this name.' }),
  record: z
    .string()
    .regex(/^[a-z][a-z-]{0,30}\/[0-9A-Za-z._-]{1,64}$/, says('not-a-plain-ref'))
    .optional()
    .meta({ description: 'Only acts on this record.' }),
});
type Query = z.output<typeof query>;

/** `GET /api/v1/events`: one event for every act committed, from the past on if asked to, then as they come. */
export function openStreams({ index, limits }: StreamServices): Streams {
  const stopping = new AbortController();
  const places = newPlaces({
    each: limits.each,
    inAll: MOST,
    strangers: { each: limits.each, inAll: MOST_STRANGERS },
    none: () => tooMany(limits.each),
  });
  return {
    close: () => {
      stopping.abort();
    },
    route: route({
      method: 'get',
      path: '/api/v1/events',
      operationId: 'streamEvents',
      tag: 'events',
      summary: 'Every act as it is committed: server-sent events',
      description: DESCRIPTION,
      access: 'anyone',
      query,
      headers: { 'Last-Event-ID': 'The last id that came: begin after it. Goes before `after`.' },
      answers: { 200: { description: 'A stream that does not end by itself.', text: 'text/event-stream' } },
      handle: (asked) => {
        const after = startOf(asked, index);
        if (stopping.signal.aborted) throw stopped();
        return places.hold(asked, () => ({
          headers: STREAM_HEADERS,
          body: new Pouring({
            pieces: piecesOf({ index, limits, after, asked, signal: AbortSignal.any([stopping.signal, asked.signal]) }),
            patienceMs: limits.patienceMs,
            tooSlow: closeText('slow', asked.language),
          }),
        }));
      },
    }),
  };
}

/** Streams open to all organisations, and to all without a token, at most. */
const MOST = 10_000;
const MOST_STRANGERS = 1000;

const DESCRIPTION = `\`event: open\` tells from where it goes on; \`event: act\` is one act on one record that the caller may see,
its data an \`ActEvent\`, its id \`block:tx:event:hash\` in the order of the ledger; \`event: close\` says why the stream ends. Comments
keep it alive. After a loss, connect again with the last id: each act comes once. An id is bound to its chain by the hash of its
block: after a restore to an earlier backup an id that is not in this chain is 410 \`GONE\`, or ends the stream with the reason
\`other-chain\` once the ledger comes to its block (\`ahead\` until then). An act is sent when it is in the index, so
its record can be read at once. What the caller may see is judged when an event is sent: an act that becomes visible later is
not sent late, it is in the history.`;

interface Stream {
  readonly index: LedgerIndex;
  readonly limits: StreamLimits;
  readonly after: StreamPosition;
  readonly asked: Asked<Query>;
  readonly signal: AbortSignal;
}

async function* piecesOf({ index, limits, after, asked, signal }: Stream): AsyncGenerator<string> {
  const { subject, query: filter } = asked;
  yield openText(after, index.height());
  const refusal = await refusalOf(index, after, limits.heartbeatMs, signal);
  if (refusal) {
    yield closeText(refusal, asked.language);
    return;
  }
  let block = Number.isFinite(after.event) ? after.block : after.block + 1;
  let silentSince = performance.now();
  const othersDue = slices(subject?.organization);
  while (!signal.aborted && !isExpired(subject)) {
    await othersDue(); // a new block wakes every stream: those of an organisation go on in its turns
    const fitting = block < index.height() ? eventsOf(index, block, subject, filter, after) : undefined;
    for (const piece of inPieces(fitting ?? [], (event) => actText(event, asked.language))) {
      yield piece;
      silentSince = performance.now();
    }
    if (fitting) block += 1;
    else await comes(index, block, Math.min(limits.heartbeatMs, lifeOf(subject)), signal);
    if (performance.now() - silentSince >= limits.heartbeatMs) {
      yield HEARTBEAT;
      silentSince = performance.now();
    }
  }
  yield closeText(isExpired(subject) ? 'expired' : 'stopping', asked.language);
}

/** Why a stream cannot begin where it is asked to; a block that is not indexed gets some time to come. */
async function refusalOf(
  index: LedgerIndex,
  after: StreamPosition,
  ms: number,
  signal: AbortSignal,
): Promise<'ahead' | 'other-chain' | undefined> {
  await comes(index, after.block, ms, signal);
  const isHere = isOfThisChain(index, after);
  if (isHere === undefined) return signal.aborted ? undefined : 'ahead';
  return isHere ? undefined : 'other-chain';
}

function eventsOf(
  index: LedgerIndex,
  block: number,
  subject: Speaker | undefined,
  { kind, act, record }: Query,
  after: StreamPosition,
): readonly ActEvent[] {
  const viewer: Viewer = subject ? index.viewer(subject.organization) : anyone; // as it is now: a stream outlives a role
  return index
    .events(block, viewer)
    .filter(
      (event) =>
        isAfter(event.id, after) &&
        (kind === undefined || event.kind === kind) &&
        (act === undefined || event.act.name === act) &&
        (record === undefined || event.ref === record),
    );
}

/** Waits for a block, for a time, or until the signal: which of them it was is looked at after. */
async function comes(index: LedgerIndex, block: number, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await index.waitFor(block, ms, signal);
  } catch (error) {
    if (!(error instanceof IndexError && error.code === 'NOT_INDEXED')) throw error;
  }
}

function isExpired(subject: Speaker | undefined): boolean {
  return lifeOf(subject) <= 0;
}

/** How long the token holds, in milliseconds. */
function lifeOf(subject: Speaker | undefined): number {
  return subject ? subject.until - Date.now() : Infinity;
}

/** After the last id that the client had, the one it asks for, or the last block. */
function startOf({ header, query: { after } }: Asked<Query>, index: LedgerIndex): StreamPosition {
  const last = header('Last-Event-ID') ?? '';
  const [name, text] = last === '' ? ['after', after] : ['Last-Event-ID', last];
  if (text === undefined) return endOf(positionOf(index, index.height() - 1));
  const id = parseId(text);
  if (!id || (last !== '' && id.hash === undefined)) throw noEventId();
  demandThisChain(index, id, name);
  return id.hash === undefined ? { ...id, ...positionOf(index, id.block) } : id;
}

function noEventId(): Problem {
  const issues = [sayOf('Last-Event-ID', 'no-event-id')];
  return new Problem('INPUT_INVALID', { ...say('no-event-id'), issues });
}

function tooMany(each: number): Problem {
  return new Problem('RATE_LIMITED', say('too-many-streams', { each }), { 'Retry-After': '30' });
}

function stopped(): Problem {
  return new Problem('UNAVAILABLE', say('gateway-stopping'), { 'Retry-After': '2' });
}
