// SPDX-License-Identifier: Apache-2.0

/** Changes that come while others are being written share the next write. */
export class SharedWrites<Change> {
  readonly #write: (changes: Change[]) => Promise<void>;
  /** What the next write holds. */
  #changes: Change[] = [];
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(write: (changes: Change[]) => Promise<void>) {
    this.#write = write;
  }

  /** Has a change go with the next write. */
  add(change: Change): void {
    this.#changes.push(change);
  }

  /**
   * Resolves once all that was added is written.
   *
   * @throws what the write throws, to all whose changes it held; the next one is another attempt.
   */
  written(): Promise<void> {
    return (this.#next ??= this.#writing.then(() => this.#begin()));
  }

  #begin(): Promise<void> {
    const changes = this.#changes;
    [this.#changes, this.#next] = [[], undefined];
    const written = this.#write(changes);
    this.#writing = written.catch(() => undefined);
    return written;
  }
}
