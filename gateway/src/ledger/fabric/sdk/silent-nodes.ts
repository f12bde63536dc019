// SPDX-License-Identifier: Apache-2.0

/** Nodes that did not answer: left out for a while, and then tried by one caller at a time. */
export class SilentNodes {
  readonly #until = new Map<string, number>();

  /** Whether to do without the node for now. */
  skips(name: string): boolean {
    const until = this.#until.get(name);
    if (until === undefined) return false;
    if (Date.now() < until) return true;
    this.silent(name); // who asks now finds out; the others wait
    return false;
  }

  silent(name: string): void {
    this.#until.set(name, Date.now() + WHILE_MS);
  }

  answered(name: string): void {
    this.#until.delete(name);
  }
}

const WHILE_MS = 10_000;
