// SPDX-License-Identifier: Apache-2.0
import { ORGANIZATION_ATTRIBUTE } from 'yuanliu-chaincode/kind/caller';
import type { Member } from '../ledger/fabric/connection-file.js';
import { say } from '../messages/index.js';
import { IdentityError } from './error.js';
import { type Attributes, FabricCa } from './fabric-ca.js';
import { OwnIdentity } from './own-identity.js';
import { type Authority, People } from './people.js';
import type { Enrolment } from './person.js';
import type { Credentials, SigningIdentity } from './signing-identity.js';
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
    const notRenewed = (of: Enrolment | { readonly own: string }, err: unknown): void => {
      logger?.error({ err, ...of }, 'a certificate that expires soon was not renewed: trying again');
    };
    const own = new OwnAuthority(member, (name, issue) => {
      const label = `${member.mspId}/${name}`;
      return new OwnIdentity({
        store,
        label,
        issue,
        clock,
        notRenewed: (err) => {
          notRenewed({ own: label }, err);
        },
      });
    });
    return new FabricAuthorities(own, await People.open({ store, authority: own, clock, notRenewed }), store);
  }

  /** An identity for one user, durable; a repeat returns the same. Throws IdentityError. */
  enrol(person: Enrolment): Promise<SigningIdentity> {
    return this.people.enrol(person);
  }

  /**
   * The identity that the gateway itself reads blocks as, to be asked for at each use: it is renewed in time. It speaks for
   * no organisation, so no act is open to it.
   */
  reader(): Promise<SigningIdentity> {
    return this.#own.gateway.present();
  }

  async close(): Promise<void> {
    await this.#store.close();
  }
}

class OwnAuthority implements Authority {
  readonly mspIds: readonly string[];
  readonly gateway: OwnIdentity;
  readonly #ca: FabricCa;
  readonly #registrar: OwnIdentity | undefined;

  constructor(member: Member, own: (name: string, issue: () => Promise<Credentials>) => OwnIdentity) {
    this.mspIds = [member.mspId];
    this.#ca = new FabricCa(member);
    this.gateway = own('gateway', () => this.#certified('gateway', {}));
    const { registrar } = member.authority;
    this.#registrar = registrar && own('registrar', () => this.#ca.enrol(registrar.user, registrar.secret));
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

  async #certified(name: string, attributes: Attributes): Promise<Credentials> {
    const secret = await this.#ca.register(name, attributes, await this.#asRegistrar());
    return this.#ca.enrol(name, secret);
  }

  #asRegistrar(): Promise<SigningIdentity> {
    if (this.#registrar) return this.#registrar.present();
    return Promise.reject(new IdentityError('NO_REGISTRAR', say('no-registrar', { msp: this.mspIds.join() })));
  }
}

function nameOf({ user, organization }: Enrolment): string {
  return `${user}@${organization}`;
}

function attributesOf({ organization }: Enrolment): Attributes {
  return { [ORGANIZATION_ATTRIBUTE]: organization };
}
