// SPDX-License-Identifier: Apache-2.0
import type { Control, Facts } from './facts';

/** A record at one moment of its life. */
export interface Moment {
  readonly at: string;
  readonly state: string;
  readonly version: number;
  readonly facts: Facts;
}

/** A delivery that was not refused, and when it happened. */
interface Delivered {
  readonly by: string;
  readonly at: string;
}

/** A relation of control, on whose word, and what became of it. */
export interface Claim extends Control {
  readonly by: string;
  readonly isContested?: true;
  readonly result?: string | undefined;
}

/** Everything on the ledger of the model: each record's whole life, what was delivered, how much of a quota is used. */
export class World {
  readonly #lives = new Map<string, Moment[]>();
  readonly #kinds = new Map<string, Map<string, { readonly ref: string; readonly now: Moment }>>();
  /** When anything was done, begins or ends: where a rule is most easily wrong by one; in order. */
  readonly instants: string[] = [];
  /** `PRODUCT` and `PRODUCT/ORGANIZATION` → by which deliveries. */
  readonly delivered = new Map<string, readonly Delivered[]>();
  /** `CATALOGUE/RESOURCE` → from when until when it was listed in what was published. */
  readonly #listed = new Map<string, { readonly from: string; until?: string }[]>();
  /** `ORGANIZATION/LOG` → what the next batch of that log goes on from. */
  readonly logs = new Map<string, { readonly next: number; readonly root: string }>();
  readonly taken = new Map<string, number>();
  /** `ORGANIZATION/AUTHORITY/RULE/DAY/PLACE`: the breaches for which a finding was opened; none is closed in the model. */
  readonly found = new Set<string>();
  /** Who controls whom, as anyone declared or an office determined it. */
  claims: readonly Claim[] = [];
  /** `PRODUCT/ORGANIZATION`: what an organisation has used, or developed further. */
  readonly used = new Set<string>();
  /** `PRODUCT` → its operator and affiliates that developed it further, and when last. */
  readonly redeveloped = new Map<string, ReadonlyMap<string, string>>();
  /** `ORGANIZATION/AGENCY/ROLE` → when the organisation last acted under the agency in that role. */
  readonly accepted = new Map<string, string>();
  /** `LINK/ORGANIZATION` → the incident for which it halted the link last. */
  readonly haltedBy = new Map<string, string>();

  /** The record as it is; undefined if there is none. */
  now(ref: string): Moment | undefined {
    return this.#lives.get(ref)?.at(-1);
  }

  /** A catalogue is published with these entries, and no others from now on. */
  list(catalogue: string, entries: readonly string[], at: string): void {
    for (const [key, spans] of this.#listed) {
      const last = spans.at(-1);
      if (!key.startsWith(`${catalogue}/`) || entries.includes(key.slice(catalogue.length + 1))) continue;
      if (last && last.until === undefined) last.until = at;
    }
    for (const id of entries) {
      const spans = this.#listed.get(`${catalogue}/${id}`) ?? [];
      if (spans.length === 0 || spans.at(-1)?.until !== undefined) spans.push({ from: at });
      this.#listed.set(`${catalogue}/${id}`, spans);
    }
  }

  /** Whether a catalogue lists a resource, or did at a time. */
  lists(catalogue: string, id: string, at?: string): boolean {
    const spans = this.#listed.get(`catalogue/${catalogue}/${id}`) ?? [];
    return spans.some(({ from, until }) =>
      at === undefined ? until === undefined : from <= at && (until === undefined || at < until),
    );
  }

  /** Every record of a kind as it is. */
  all(kind: string): readonly { readonly ref: string; readonly now: Moment }[] {
    return [...(this.#kinds.get(kind)?.values() ?? [])];
  }

  /** The record as it was at a time: its state and version then, and all that this version came to say. */
  then(ref: string, at: string): Moment | undefined {
    const life = this.#lives.get(ref) ?? [];
    const moment = life.findLast((one) => one.at <= at);
    return moment && { ...moment, facts: life.findLast(({ version }) => version === moment.version)?.facts ?? {} };
  }

  /** One exact version, `kind/ID@2`: when it came to be, what it says, its last state — withdrawn ends them all — and its `own`. */
  version(exact: string, at?: string): (Moment & { readonly since: string; readonly own: string }) | undefined {
    const [ref = '', number] = exact.split('@');
    const life = this.#lives.get(ref) ?? [];
    const moments = life.filter(({ version }) => version === Number(number));
    const [first, last] = [moments[0], moments.at(-1)];
    if (!first || !last) return undefined;
    const ends = life.filter(({ version, state }) => version > last.version && state === 'withdrawn');
    const isBy = (one: Moment): boolean => at === undefined || one.at <= at;
    const seen = [...moments, ...ends].findLast(isBy);
    return { ...last, since: first.at, state: seen?.state ?? '', own: moments.findLast(isBy)?.state ?? '' };
  }

  /** The record comes into a state and says this from now on: a new version if it unsays anything. */
  put(ref: string, state: string, facts: Facts, at: string): Moment {
    const before = this.now(ref);
    const version = before ? before.version + (onlyAdds(facts, before.facts) ? 0 : 1) : 1;
    const moment = { at, state, version, facts };
    const kind = ref.split('/')[0] ?? '';
    const records = this.#kinds.get(kind) ?? new Map<string, { ref: string; now: Moment }>();
    this.#kinds.set(kind, records.set(ref, { ref, now: moment }));
    for (const instant of instantsOf(moment)) this.#note(instant);
    this.#lives.set(ref, [...(this.#lives.get(ref) ?? []), moment]);
    return moment;
  }

  #note(instant: string): void {
    const place = this.instants.findLastIndex((one) => one <= instant);
    if (this.instants[place] !== instant) this.instants.splice(place + 1, 0, instant);
  }
}

/** Every instant that a moment of a record tells of, in order. */
export function instantsOf(moment: Moment): readonly string[] {
  return [...(JSON.stringify(moment).match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g) ?? [])].sort();
}

/** A version is completed, not changed, by what only adds: new facts, longer lists. */
function onlyAdds(after: unknown, before: unknown): boolean {
  if (before === undefined) return true;
  if (Array.isArray(before)) {
    return Array.isArray(after) && before.every((item, i) => JSON.stringify(after[i]) === JSON.stringify(item));
  }
  if (typeof before !== 'object' || before === null) return after === before;
  const is = (after ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(before).every(([fact, was]) => onlyAdds(is[fact], was));
}
