// SPDX-License-Identifier: Apache-2.0

/** Who waits for their turn: first come, first served, each until their patience ends. */
export class Line {
  readonly #waiting = new Set<() => void>();
  readonly #patience: number;

  /** @param patience in milliseconds */
  constructor(patience: number) {
    this.#patience = patience;
  }

  get length(): number {
    return this.#waiting.size;
  }

  /** Resolves true when it is their turn, false when their patience ended or `signal` aborted. */
  wait(signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const leave = (served: boolean): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        this.#waiting.delete(serve);
        resolve(served);
      };
      const serve = (): void => {
        leave(true);
      };
      const giveUp = (): void => {
        leave(false);
      };
      const timer = setTimeout(giveUp, this.#patience);
      this.#waiting.add(serve);
      signal?.addEventListener('abort', giveUp);
    });
  }

  /** Serves the first; false if nobody waits. */
  next(): boolean {
    const [first] = this.#waiting;
    first?.();
    return first !== undefined;
  }
}
