// SPDX-License-Identifier: Apache-2.0
import { type Held, heldOf, RETRY_MS } from './held.js';
import type { Credentials, SigningIdentity } from './signing-identity.js';
import type { IdentityStore } from './store.js';

export interface OwnIdentityOptions {
  readonly store: IdentityStore;
  /** Under which it is kept there. */
  readonly label: string;
  /** A new key, and a certificate for it. */
  readonly issue: () => Promise<Credentials>;
  readonly clock: () => Date;
  /** Told when a certificate that is still good could not be renewed. */
  readonly notRenewed: (error: unknown) => void;
}

/** An identity that the gateway has for itself, to be asked for at each use: so it is renewed however long the gateway runs. */
export class OwnIdentity {
  readonly #options: OwnIdentityOptions;
  #held: Held | undefined;
  #issuing: Promise<Held> | undefined;

  constructor(options: OwnIdentityOptions) {
    this.#options = options;
  }

  /** The present one, while that is good; renewed meanwhile in the last third of its life. Throws IdentityError. */
  async present(): Promise<SigningIdentity> {
    const { store, label, clock, notRenewed } = this.#options;
    if (!this.#held) {
      const kept = await store.get(label);
      if (kept) this.#held ??= heldOf(kept);
    }
    const [held, now] = [this.#held, clock().getTime()];
    if (!held || now >= held.to) return (await this.#issue()).identity;
    if (now >= held.renewal) {
      held.renewal = now + RETRY_MS;
      this.#issue().catch(notRenewed);
    }
    return held.identity;
  }

  /** One at a time: for another the authority would take the secret of the first back. */
  #issue(): Promise<Held> {
    const { store, label, issue } = this.#options;
    return (this.#issuing ??= issue()
      .then(async (credentials) => {
        await store.put(new Map([[label, credentials]]));
        return (this.#held = heldOf(credentials));
      })
      .finally(() => (this.#issuing = undefined)));
  }
}
