// SPDX-License-Identifier: Apache-2.0
import { say } from '../messages/index.js';
import { IdentityError } from './error.js';
import { type Held, heldOf, RETRY_MS } from './held.js';
import {
  type Enrolment,
  entryLabel,
  keyLabel,
  PEOPLE,
  type PersonEntry,
  personEntry,
  type RevocationReason,
  type Standing,
  standingOf,
} from './person.js';
import type { Credentials, SigningIdentity } from './signing-identity.js';
import type { IdentityStore } from './store.js';

/** What a certificate authority does for an organisation's people. */
export interface Authority {
  /** The MSPs whose people it certifies. */
  readonly mspIds: readonly string[];
  /** Makes the person known; a repeat is no error. */
  register(person: Enrolment): Promise<void>;
  /** A new key, made here, and a certificate for it. Registers who is not known yet. */
  certify(person: Enrolment): Promise<Credentials>;
  /** Takes back every certificate of the person, and gives no other. */
  revoke(person: Enrolment, reason: RevocationReason): Promise<void>;
}

export interface PeopleOptions {
  readonly store: IdentityStore;
  readonly authority: Authority;
  readonly clock: () => Date;
  /** Told when a certificate that is still good could not be renewed. */
  readonly notRenewed?: (person: Enrolment, error: unknown) => void;
}

/**
 * The people whom the gateway signs for, their keys and certificates: got from the authority, kept in the sealed store,
 * renewed before they expire, and gone with a revocation.
 */
export class People {
  readonly #options: PeopleOptions;
  readonly #entries = new Map<string, PersonEntry>();
  readonly #held = new Map<string, Held>();
  readonly #revoked = new Set<string>();
  readonly #turns = new Map<string, Promise<unknown>>();

  private constructor(options: PeopleOptions) {
    this.#options = options;
  }

  static async open(options: PeopleOptions): Promise<People> {
    const people = new People(options);
    for (const label of await options.store.labels()) {
      if (label.split('/')[1] !== PEOPLE) continue;
      const text = await options.store.getText(label);
      if (text !== undefined) people.#know(personEntry.parse(JSON.parse(text)));
    }
    return people;
  }

  get mspIds(): readonly string[] {
    return this.#options.authority.mspIds;
  }

  /** Makes somebody known to the authority; a repeat changes nothing. Throws IdentityError. */
  register(person: Enrolment): Promise<Standing> {
    return this.#inTurn(person, async () => {
      const { authority } = this.#options;
      const known = this.#inGoodStanding(person);
      if (!known) await authority.register(person);
      await this.#keep(known ?? this.#newEntry(person));
      return this.#standing(person);
    });
  }

  /**
   * The identity that a person signs with, enrolled when first needed, and registered for that. Renewed in time: while a
   * certificate in its last third is renewed, and if that fails, the present one is given.
   *
   * @throws IdentityError for who was revoked, is another authority's, or cannot be certified now.
   */
  async enrol(person: Enrolment): Promise<SigningIdentity> {
    const held = this.#held.get(keyOf(person));
    const now = this.#now();
    if (held && now < held.to) {
      if (now >= held.renewal) {
        held.renewal = now + RETRY_MS;
        void this.#inTurn(person, () => this.#issue(person)).catch((error: unknown) => {
          this.#options.notRenewed?.(person, error);
        });
      }
      return held.identity;
    }
    return this.#inTurn(person, async () => {
      this.#inGoodStanding(person);
      const kept = this.#held.get(keyOf(person)) ?? (await this.#load(person));
      return kept && this.#now() < kept.to ? kept.identity : (await this.#issue(person)).identity;
    });
  }

  /** A new key and certificate for somebody who has one. The one before stays good until it expires. */
  renew(person: Enrolment): Promise<Standing> {
    return this.#inTurn(person, async () => {
      if (!this.#inGoodStanding(person)) throw stranger(person);
      await this.#issue(person);
      return this.#standing(person);
    });
  }

  /**
   * Has the authority take back every certificate of a person, for good, and destroys the key. From then on the gateway
   * does not sign for the person; the channel's peers refuse the certificates once its list reaches the channel. A repeat
   * gives the first answer.
   */
  revoke(person: Enrolment, reason: RevocationReason): Promise<Standing> {
    return this.#inTurn(person, async () => {
      this.#demandOurs(person);
      const known = this.#entries.get(keyOf(person));
      if (!known) throw stranger(person);
      if (known.revoked) return this.#standing(person);
      await this.#options.authority.revoke(person, reason);
      const at = this.#options.clock().toISOString();
      await this.#keep({ ...known, revoked: { at, reason } }, { remove: keyLabel(person) });
      this.#held.delete(keyOf(person));
      return this.#standing(person);
    });
  }

  /** How everybody stands whom this gateway knows, by organisation and user. */
  list(): Standing[] {
    const now = this.#options.clock();
    const keys = [...this.#entries.keys()].sort();
    return keys.flatMap((key) => this.#entries.get(key) ?? []).map((entry) => standingOf(entry, now));
  }

  /** Whether a certificate, by its serial number, was revoked. */
  isRevoked(mspId: string, serial: string): boolean {
    return this.#revoked.has(`${mspId}/${serial}`);
  }

  async #issue(person: Enrolment): Promise<Held> {
    this.#demandOurs(person);
    const entry = this.#inGoodStanding(person) ?? this.#newEntry(person);
    const credentials = await this.#options.authority.certify(person);
    return this.#hold(entry, credentials);
  }

  /** What an earlier process kept. */
  async #load(person: Enrolment): Promise<Held | undefined> {
    const credentials = await this.#options.store.get(keyLabel(person));
    return credentials && this.#hold(this.#entries.get(keyOf(person)) ?? this.#newEntry(person), credentials);
  }

  async #hold(entry: PersonEntry, credentials: Credentials): Promise<Held> {
    const held = heldOf(credentials);
    const { serial, to } = held;
    if (entry.certificates.at(-1)?.serial !== serial) {
      const certificates = [...entry.certificates, { serial, expires: new Date(to).toISOString() }];
      await this.#keep({ ...entry, certificates }, { credentials });
    }
    this.#held.set(keyOf(entry), held);
    return held;
  }

  /** Writes what is known of a person together with a new key, or without one. */
  async #keep(
    entry: PersonEntry,
    { credentials, remove }: { credentials?: Credentials; remove?: string } = {},
  ): Promise<void> {
    await this.#options.store.change({
      credentials: credentials ? [[keyLabel(entry), credentials]] : [],
      texts: [[entryLabel(entry), JSON.stringify(entry)]],
      remove: remove === undefined ? [] : [remove],
    });
    this.#know(entry);
  }

  #know(entry: PersonEntry): void {
    this.#entries.set(keyOf(entry), entry);
    if (entry.revoked) for (const { serial } of entry.certificates) this.#revoked.add(`${entry.mspId}/${serial}`);
  }

  #newEntry({ mspId, user, organization }: Enrolment): PersonEntry {
    return { mspId, user, organization, registered: this.#options.clock().toISOString(), certificates: [] };
  }

  /** What is known of a person who was not revoked. */
  #inGoodStanding(person: Enrolment): PersonEntry | undefined {
    this.#demandOurs(person);
    const entry = this.#entries.get(keyOf(person));
    if (!entry?.revoked) return entry;
    const { at, reason } = entry.revoked;
    throw new IdentityError(
      'REVOKED',
      say('certificates-revoked', { user: person.user, organization: person.organization, at, reason }),
    );
  }

  #demandOurs({ mspId }: Enrolment): void {
    if (this.mspIds.includes(mspId)) return;
    throw new IdentityError('NOT_OURS', say('msp-not-ours', { msp: mspId, ours: this.mspIds }));
  }

  #standing(person: Enrolment): Standing {
    const entry = this.#entries.get(keyOf(person));
    if (!entry) throw stranger(person);
    return standingOf(entry, this.#options.clock());
  }

  #now(): number {
    return this.#options.clock().getTime();
  }

  /** One thing at a time for each person. */
  #inTurn<T>(person: Enrolment, work: () => Promise<T>): Promise<T> {
    const key = keyOf(person);
    const done = (this.#turns.get(key) ?? Promise.resolve()).then(work);
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(key, settled);
    void settled.then(() => {
      if (this.#turns.get(key) === settled) this.#turns.delete(key);
    });
    return done;
  }
}

function stranger({ user, organization }: Enrolment): IdentityError {
  return new IdentityError('NOT_REGISTERED', say('person-unknown', { user, organization }));
}

function keyOf({ mspId, user, organization }: Enrolment): string {
  return `${organization}/${user}/${mspId}`;
}
