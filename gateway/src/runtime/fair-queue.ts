// SPDX-License-Identifier: Apache-2.0

/** Whose turn it is: an organisation by its credit code, or all who come without a token together. */
export type Group = string;

/** The group of all who come without a token. */
export const STRANGERS: Group = '';

export function groupOf(organization: string | undefined): Group {
  return organization ?? STRANGERS;
}

/** The rows of an organisation's imports are a group of their own: they yield to its people too. */
export const importsOf = (organization: string): Group => `${IMPORTS}${organization}`;
export const isImports = (group: Group): boolean => group.startsWith(IMPORTS);
const IMPORTS = 'import ';

/** The group that pays for a group: an organisation pays for its imports. */
export function payerOf(group: Group): Group {
  return isImports(group) ? group.slice(IMPORTS.length) : group;
}

/** How many times as much a group pays for the same. */
export function priceFor(group: Group): number {
  return group === STRANGERS ? STRANGERS_PAY : 1;
}

/**
 * A queue that is fair between groups, however many each has waiting: next comes the one that was charged least. Within a
 * group, first come, first served. What a turn costs may be known only after it: {@link FairQueue.charge}.
 */
export class FairQueue<Item> {
  readonly #groups = new Map<Group, { spent: number; readonly waiting: Set<Item> }>();
  readonly #credit: number;
  #length = 0;
  /** What the group served last had spent: the present, as the queue counts it. */
  #present = 0;

  /** @param credit how much a group that asked for little lately may cost before the others' turn comes */
  constructor(credit = CREDIT) {
    this.#credit = credit;
  }

  get length(): number {
    return this.#length;
  }

  lengthOf(group: Group): number {
    return this.#groups.get(group)?.waiting.size ?? 0;
  }

  add(group: Group, item: Item): void {
    this.#groupNamed(group).waiting.add(item);
    this.#length += 1;
  }

  /** Takes an item out before its turn. */
  delete(group: Group, item: Item): void {
    if (this.#groups.get(group)?.waiting.delete(item)) this.#length -= 1;
  }

  /** Takes out the item whose turn it is, among the groups that may be served; undefined if none waits. */
  next(mayServe: (group: Group) => boolean = () => true): { readonly group: Group; readonly item: Item } | undefined {
    let least: { group: Group; spent: number; waiting: Set<Item> } | undefined;
    for (const [group, { spent, waiting }] of this.#groups) {
      if (waiting.size > 0 && (!least || spent < least.spent) && mayServe(group)) least = { group, spent, waiting };
    }
    if (!least) return undefined;
    const { group, spent, waiting } = least;
    this.#present = Math.max(this.#present, spent);
    for (const item of waiting) {
      this.delete(group, item);
      return { group, item };
    }
    return undefined;
  }

  /** Has a group pay for what it was served. */
  charge(group: Group, cost: number): void {
    this.#groupNamed(group).spent += cost * priceFor(group);
  }

  #groupNamed(group: Group): { spent: number; readonly waiting: Set<Item> } {
    let known = this.#groups.get(group);
    if (!known) {
      if (this.#groups.size >= MOST_REMEMBERED) this.#forget();
      this.#groups.set(group, (known = { spent: 0, waiting: new Set() }));
    }
    if (known.waiting.size === 0) known.spent = Math.max(known.spent, this.#present - this.#credit);
    return known;
  }

  /** Forgets the groups that would have the full credit anyway. */
  #forget(): void {
    for (const [group, { spent, waiting }] of this.#groups) {
      if (waiting.size === 0 && spent <= this.#present - this.#credit) this.#groups.delete(group);
    }
  }
}

/** How many turns of cost 1 a group that was idle may have before the others: a walk or a page takes less. */
const CREDIT = 50;
const STRANGERS_PAY = 4;
const MOST_REMEMBERED = 1000;
