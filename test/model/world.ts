// SPDX-License-Identifier: Apache-2.0

/** What a link of the authority chain allows. */
export interface Terms {
  readonly catalogue: string;
  readonly domains?: readonly string[];
  readonly resources?: readonly string[];
  readonly purposes?: readonly string[];
  readonly actions?: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly quota?: number;
}

/** What a record says, as far as the model cares. Grades are ranks: 1 to 4 general, 5 important, 6 core. */
export interface Facts {
  readonly title?: string;
  readonly role?: string;
  readonly suspendedBy?: string | undefined;
  readonly qualifiedBy?: readonly string[];
  readonly provider?: string;
  readonly domain?: string;
  readonly digest?: string;
  readonly personal?: boolean;
  readonly sharing?: string;
  /** Who approved that sharing. */
  readonly approver?: string | undefined;
  readonly grade?: number | undefined;
  readonly entries?: readonly string[];
  readonly providers?: readonly string[];
  readonly confirmed?: readonly string[];
  readonly terms?: Terms;
  readonly parts?: Readonly<Record<string, unknown>> | undefined;
  readonly guided?: readonly string[] | undefined;
  readonly supersededUntil?: string | undefined;
  readonly plan?: string;
  readonly agency?: string;
  readonly operator?: string;
  readonly developer?: string;
  readonly signed?: readonly string[];
  readonly signedAt?: string;
  readonly filed?: string;
  readonly agreement?: string;
  readonly holder?: string;
  readonly derived?: boolean;
  readonly authority?: string;
  readonly purpose?: string;
  readonly inputs?: readonly string[];
  readonly sources?: readonly Source[];
  readonly form?: string;
  readonly inherited?: number | undefined;
  readonly gradings?: readonly Grading[];
  readonly cleared?: string;
  readonly anonymized?: boolean;
  readonly product?: string;
  readonly sender?: string;
  readonly recipient?: string;
  readonly user?: string;
  readonly subject?: string;
  readonly action?: string;
  readonly quantity?: number;
  /** When it was done last. */
  readonly signings?: Readonly<Record<string, string>>;
  readonly suspended?: string;
  readonly revoked?: string;
  readonly checked?: string;
  readonly released?: string;
  readonly withdrawn?: string;
}

/** A resource that a product comes from, as it was graded and flagged when the product was made. */
export interface Source {
  readonly id: string;
  readonly grade: number;
  readonly personal: boolean;
}

/** A grade given to a product; over what its sources demanded, if that was decided. */
export interface Grading {
  readonly grade: number;
  readonly decided: boolean;
  readonly demanded: number;
  readonly at: string;
}

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

/** Everything on the ledger of the model: each record's whole life, what was delivered, how much of a quota is used. */
export class World {
  readonly #lives = new Map<string, Moment[]>();
  /** `PRODUCT` and `PRODUCT/ORGANIZATION` → by which deliveries. */
  readonly delivered = new Map<string, readonly Delivered[]>();
  /** `CATALOGUE/RESOURCE` → since when it is published. */
  readonly listed = new Map<string, string>();
  readonly taken = new Map<string, number>();

  /** The record as it is; undefined if there is none. */
  now(ref: string): Moment | undefined {
    return this.#lives.get(ref)?.at(-1);
  }

  /** The record as it was at a time: its state and version then, and all that this version came to say. */
  then(ref: string, at: string): Moment | undefined {
    const life = this.#lives.get(ref) ?? [];
    const moment = life.findLast((one) => one.at <= at);
    return moment && { ...moment, facts: life.findLast(({ version }) => version === moment.version)?.facts ?? {} };
  }

  /** One exact version, `kind/ID@2`: when it came to be, what it says, and its last state; withdrawn ends them all. */
  version(exact: string, at?: string): (Moment & { readonly since: string }) | undefined {
    const [ref = '', number] = exact.split('@');
    const life = this.#lives.get(ref) ?? [];
    const own = life.filter(({ version }) => version === Number(number));
    const [first, last] = [own[0], own.at(-1)];
    if (!first || !last) return undefined;
    const ends = life.filter(({ version, state }) => version > last.version && state === 'withdrawn');
    const seen = [...own, ...ends].findLast((one) => at === undefined || one.at <= at);
    return { ...last, since: first.at, state: seen?.state ?? '' };
  }

  /** The record comes into a state and says this from now on: a new version if it unsays anything. */
  put(ref: string, state: string, facts: Facts, at: string): Moment {
    const before = this.now(ref);
    const version = before ? before.version + (onlyAdds(facts, before.facts) ? 0 : 1) : 1;
    const moment = { at, state, version, facts };
    this.#lives.set(ref, [...(this.#lives.get(ref) ?? []), moment]);
    return moment;
  }
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
