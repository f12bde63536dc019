// SPDX-License-Identifier: Apache-2.0
import { ORGANIZATION_ATTRIBUTE } from 'yuanliu-chaincode/caller';
import type { Member } from '../ledger/fabric/connection-file.js';
import { IdentityError } from './error.js';
import { type Attributes, FabricCa } from './fabric-ca.js';
import { type Authority, People, renewalDue } from './people.js';
import type { Enrolment } from './person.js';
import { type Credentials, SigningIdentity } from './signing-identity.js';
import { IdentityStore } from './store.js';

export interface FabricAuthoritiesOptions {
  readonly clock?: () => Date;
  readonly logger?: { error(details: object, message: string): void };
}

/**
 * The Fabric CA of the gateway's own organisation, and whom it certified for this gateway: people, the gateway itself, and
 * the registrar by whom it asks. What they were given is kept in the sealed identity store.
 */
export class FabricAuthorities {
  readonly people: People;
  readonly #own: OwnAuthority;
  readonly #store: IdentityStore;

  private constructor(own: OwnAuthority, people: People, store: IdentityStore) {
    this.#own = own;
    this.people = people;
    this.#store = store;
  }

  /** Opens the identities kept in `directory`. One process at a time. */
  static async open(
    directory: string,
    member: Member,
    { clock = () => new Date(), logger }: FabricAuthoritiesOptions = {},
  ): Promise<FabricAuthorities> {
    const store = await IdentityStore.open(directory);
    const own = new OwnAuthority(member, store, clock);
    const notRenewed = (person: Enrolment, err: unknown): void => {
      logger?.error({ err, ...person }, 'a certificate that expires soon was not renewed: trying again');
    };
    return new FabricAuthorities(own, await People.open({ store, authority: own, clock, notRenewed }), store);
  }

  /** An identity for one user, durable; a repeat returns the same. Throws IdentityError. */
  enrol(person: Enrolment): Promise<SigningIdentity> {
    return this.people.enrol(person);
  }

  /** The identity that the gateway itself reads blocks as: it speaks for no organisation, so no act is open to it. */
  async reader(): Promise<SigningIdentity> {
    return new SigningIdentity(await this.#own.gateway());
  }

  async close(): Promise<void> {
    await this.#store.close();
  }
}

class OwnAuthority implements Authority {
  readonly mspIds: readonly string[];
  readonly #member: Member;
  readonly #ca: FabricCa;
  readonly #store: IdentityStore;
  readonly #clock: () => Date;
  #registrar: Promise<SigningIdentity> | undefined;

  constructor(member: Member, store: IdentityStore, clock: () => Date) {
    this.mspIds = [member.mspId];
    this.#member = member;
    this.#ca = new FabricCa(member);
    this.#store = store;
    this.#clock = clock;
  }

  async register(person: Enrolment): Promise<void> {
    await this.#ca.register(nameOf(person), attributesOf(person), await this.#asRegistrar());
  }

  certify(person: Enrolment): Promise<Credentials> {
    return this.#certified(nameOf(person), attributesOf(person));
  }

  async revoke(person: Enrolment, reason: Parameters<Authority['revoke']>[1]): Promise<void> {
    await this.#ca.revoke(nameOf(person), reason, await this.#asRegistrar());
  }

  gateway(): Promise<Credentials> {
    return this.#kept('gateway', () => this.#certified('gateway', {}));
  }

  async #certified(name: string, attributes: Attributes): Promise<Credentials> {
    const secret = await this.#ca.register(name, attributes, await this.#asRegistrar());
    return this.#ca.enrol(name, secret);
  }

  #asRegistrar(): Promise<SigningIdentity> {
    const { mspId, authority } = this.#member;
    const { registrar } = authority;
    if (!registrar) {
      const message = `this gateway may not register users of ${mspId}: its connection file names no registrar`;
      return Promise.reject(new IdentityError('NO_REGISTRAR', message, 'name one under ca.registrar in that file'));
    }
    const { user, secret } = registrar;
    const enrolled = (this.#registrar ??= this.#kept('registrar', () => this.#ca.enrol(user, secret)).then(
      (credentials) => new SigningIdentity(credentials),
    ));
    enrolled.catch(() => (this.#registrar = undefined));
    return enrolled;
  }

  /** Credentials of the gateway's own, got anew when they are not there or expire soon. */
  async #kept(name: string, issue: () => Promise<Credentials>): Promise<Credentials> {
    const label = `${this.#member.mspId}/${name}`;
    const known = await this.#store.get(label);
    if (known && this.#clock().getTime() < renewalDue(known.certificate)) return known;
    const issued = await issue();
    await this.#store.put(new Map([[label, issued]]));
    return issued;
  }
}

function nameOf({ user, organization }: Enrolment): string {
  return `${user}@${organization}`;
}

function attributesOf({ organization }: Enrolment): Attributes {
  return { [ORGANIZATION_ATTRIBUTE]: organization };
}
