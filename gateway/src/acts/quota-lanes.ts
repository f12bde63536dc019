// SPDX-License-Identifier: Apache-2.0
import type { Act } from 'yuanliu-chaincode/kind/act';
import { request as permit, usage } from 'yuanliu-chaincode/records/usage/usage';
import type { TokenSubject } from '../identity/issuer.js';
import type { LedgerIndex } from '../index/ledger-index.js';
import type { ReadCall } from './read-call.js';

/** How an act that counts on quotas is sent. */
export interface Sendings<T> {
  /** Counted by itself: it conflicts with whatever counts on the same quota meanwhile; how often it is tried, unless as usual. */
  readonly now: (attempts?: number) => Promise<T>;
  /** Left to be metered: it conflicts with nothing. */
  readonly later: () => Promise<T>;
  /** Whether an error says that another was faster. */
  readonly isConflict: (error: unknown) => boolean;
}

/**
 * Keeps writers under one quota from conflicting with each other. One at a time counts on a quota by itself, as permits have
 * to; a report that comes meanwhile leaves its uses to be metered, and one act meters many of them, once no report is on its
 * way, 200 wait, or a permit is asked for.
 */
export interface QuotaLanes {
  /** Sends an act; as it is, if it counts on no quota. */
  send<T>(asked: { act: Act; call: ReadCall; subject: TokenSubject }, sendings: Sendings<T>): Promise<T>;
  /** Sends many acts of one user together: what was left before their permits is metered first, what they leave afterwards. */
  sendAll<T>(
    asked: readonly { readonly act: Act; readonly call: ReadCall }[],
    subject: TokenSubject,
    run: () => Promise<T>,
  ): Promise<T>;
  /** Resolves once no metering is under way. */
  idle(): Promise<void>;
}

export interface QuotaLanesOptions {
  readonly index: Pick<LedgerIndex, 'topOf' | 'unmetered'>;
  /** Performs `usage:meter` on a report, for its user; resolves once it is indexed. */
  readonly meter: (id: string, reports: readonly string[], subject: TokenSubject) => Promise<unknown>;
  /** Told of a metering that failed; it is tried again with the next report or permit. */
  readonly failed?: (error: unknown) => void;
}

/** What one act meters. */
const MOST = 200;

interface Under {
  readonly user: string;
  readonly authority: string;
}

/** Reports of one user under one authority that may be left to meter, and who reported the last of them. */
interface Unmetered extends Under {
  readonly subject: TokenSubject;
  readonly count: number;
}

/** All that counts on what rests on one top of an authority chain. */
interface Lane {
  busy: boolean;
  /** Reports on their way. */
  flying: number;
  readonly waiting: (() => void)[];
  readonly unmetered: Map<string, Unmetered>;
  /** Looks for reports to meter that are under way. */
  settling: number;
}

export function newQuotaLanes({ index, meter, failed }: QuotaLanesOptions): QuotaLanes {
  const lanes = new Map<string, Lane>();
  const metering = new Set<Promise<void>>();

  return {
    send: async ({ act, call, subject }, sendings) => {
      const { authority, metering: manner } = call;
      if (authority === undefined || !countsOnQuota(act)) return sendings.now();
      const { top, lane } = laneOf(authority);
      const under = { user: subject.organization, authority };
      try {
        if (isPermit(act))
          return await inTurn(lane, () => meterAll(lane, { ...under, subject }).then(() => sendings.now()));
        lane.flying++;
        try {
          if (manner === 'later' || lane.busy) return await sendings.later();
          return await inTurn(lane, () => reported(sendings));
        } finally {
          lane.flying--;
          note(lane, { ...under, subject });
        }
      } finally {
        settle(top, lane);
        leave(top, lane);
      }
    },
    sendAll: async (asked, subject, run) => {
      const counting = asked.filter(({ act }) => countsOnQuota(act));
      const authorities = [...new Set(counting.flatMap(({ call }) => call.authority ?? []))];
      const permits = new Set(counting.flatMap(({ act, call }) => (isPermit(act) ? (call.authority ?? []) : [])));
      const groups = authorities.map((authority) => {
        return { ...laneOf(authority), group: { user: subject.organization, authority, subject } };
      });
      for (const { lane } of groups) lane.flying++;
      try {
        for (const { lane, group } of groups) {
          if (permits.has(group.authority))
            await inTurn(lane, () => meterAll(lane, group)).catch((error: unknown) => failed?.(error));
        }
        return await run();
      } finally {
        for (const { top, lane, group } of groups) {
          lane.flying--;
          note(lane, group);
          settle(top, lane);
          leave(top, lane);
        }
      }
    },
    idle: async () => {
      while (metering.size > 0) await Promise.all(metering);
    },
  };

  function laneOf(authority: string): { readonly top: string; readonly lane: Lane } {
    const top = index.topOf(authority);
    const lane = lanes.get(top) ?? newLane();
    lanes.set(top, lane);
    return { top, lane };
  }

  /** A report that was counted by itself leaves nothing: the lane is taken only where the index holds something to meter. */
  function settle(top: string, lane: Lane): void {
    const due = [...lane.unmetered.values()].filter(({ count }) => lane.flying === 0 || count >= MOST);
    if (lane.busy || due.length === 0) return;
    for (const group of due) lane.unmetered.delete(keyOf(group));
    lane.settling++;
    const run = meterDue(lane, due)
      .catch((error: unknown) => failed?.(error))
      .finally(() => {
        metering.delete(run);
        lane.settling--;
        leave(top, lane);
      });
    metering.add(run);
  }

  async function meterDue(lane: Lane, due: readonly Unmetered[]): Promise<void> {
    for (const group of due) {
      const [any] = await index.unmetered(group, 1);
      if (any !== undefined) await inTurn(lane, () => meterAll(lane, group));
    }
  }

  async function meterAll(lane: Lane, { user, authority, subject }: Omit<Unmetered, 'count'>): Promise<void> {
    lane.unmetered.delete(keyOf({ user, authority }));
    let before: string | undefined;
    for (;;) {
      const ids = await index.unmetered({ user, authority }, MOST);
      const [first, ...others] = ids;
      if (first === undefined || first === before) return; // metered, and the index has not come to it
      await meter(first, others, subject);
      if (ids.length < MOST) return;
      before = first;
    }
  }

  function leave(top: string, lane: Lane): void {
    if (isIdle(lane) && lanes.get(top) === lane) lanes.delete(top);
  }
}

const newLane = (): Lane => ({ busy: false, flying: 0, waiting: [], unmetered: new Map(), settling: 0 });

function note(lane: Lane, { user, authority, subject }: Omit<Unmetered, 'count'>): void {
  const key = keyOf({ user, authority });
  lane.unmetered.set(key, { user, authority, subject, count: (lane.unmetered.get(key)?.count ?? 0) + 1 });
}

const keyOf = ({ user, authority }: Under): string => `${user} ${authority}`;

const isPermit = ({ kind, name }: Act): boolean => kind.name === usage.name && name === permit.name;

/** A permit, or a report of uses. */
const countsOnQuota = (act: Act): boolean =>
  isPermit(act) || (act.kind.name === usage.name && act.manner?.includes('metering') === true);

const isIdle = ({ busy, flying, waiting, unmetered, settling }: Lane): boolean =>
  !busy && flying === 0 && waiting.length === 0 && unmetered.size === 0 && settling === 0;

/** A report by itself; one that another was faster than does not try again to be counted at once. */
async function reported<T>({ now, later, isConflict }: Sendings<T>): Promise<T> {
  try {
    return await now(1);
  } catch (error) {
    if (!isConflict(error)) throw error;
    return later();
  }
}

async function inTurn<T>(lane: Lane, run: () => Promise<T>): Promise<T> {
  if (lane.busy) await new Promise<void>((resolve) => lane.waiting.push(resolve));
  lane.busy = true;
  try {
    return await run();
  } finally {
    const next = lane.waiting.shift();
    if (next) next();
    else lane.busy = false;
  }
}
