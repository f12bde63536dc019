// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type FabricCaServices from 'fabric-ca-client';
import { ORGANIZATION_ATTRIBUTE } from 'yuanliu-chaincode/caller';
import { LedgerError } from '../ledger/error.js';
import type { Member } from '../ledger/fabric/connection-file.js';
import { newSigningRequest } from './certificate.js';
import type { Enrolment } from './embedded-pki.js';
import { type Credentials, SigningIdentity } from './signing-identity.js';
import { IdentityStore } from './store.js';

/**
 * The Fabric CA of the gateway's own organisation: registers and enrols its users, once each, and keeps what they were
 * given in the sealed identity store.
 */
export class FabricAuthorities {
  readonly #own: Member;
  readonly #store: IdentityStore;
  readonly #enrolled = new Map<string, Promise<SigningIdentity>>();

  private constructor(own: Member, store: IdentityStore) {
    this.#own = own;
    this.#store = store;
  }

  /** Opens the identities kept in `directory`. One process at a time. */
  static async open(directory: string, own: Member): Promise<FabricAuthorities> {
    return new FabricAuthorities(own, await IdentityStore.open(directory));
  }

  get mspIds(): readonly string[] {
    return [this.#own.mspId];
  }

  /**
   * An identity for one user, durable; a repeat returns the same.
   *
   * @throws LedgerError `UNAVAILABLE` when the MSP is not the gateway's own, or its authority cannot be reached or refuses.
   */
  enrol({ mspId, user, organization }: Enrolment): Promise<SigningIdentity> {
    if (mspId !== this.#own.mspId) {
      const message = `this gateway has no certificates from ${mspId}: it is the gateway of ${this.#own.mspId}`;
      return Promise.reject(new LedgerError('UNAVAILABLE', message));
    }
    return this.#registered(`users/${organization}/${user}`, `${user}@${organization}`, {
      [ORGANIZATION_ATTRIBUTE]: organization,
    });
  }

  /** The identity that the gateway itself reads blocks as: it speaks for no organisation, so no act is open to it. */
  reader(): Promise<SigningIdentity> {
    return this.#registered('gateway', 'gateway', {});
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  #registered(label: string, name: string, attributes: Attributes): Promise<SigningIdentity> {
    return this.#once(label, async () => {
      const secret = await register(this.#own, await this.#registrar(), name, attributes);
      return enrolAs(this.#own, name, secret);
    });
  }

  #registrar(): Promise<SigningIdentity> {
    const { mspId, authority } = this.#own;
    return this.#once('registrar', () => {
      if (authority.registrar) return enrolAs(this.#own, authority.registrar.user, authority.registrar.secret);
      const message = `this gateway may not register users of ${mspId}: its connection file names no registrar`;
      throw new LedgerError('UNAVAILABLE', message);
    });
  }

  #once(name: string, issue: () => Promise<Credentials>): Promise<SigningIdentity> {
    const label = `${this.#own.mspId}/${name}`;
    const made = async (): Promise<SigningIdentity> => {
      const known = await this.#store.get(label);
      if (known) return new SigningIdentity(known);
      const issued = await issue();
      await this.#store.put(new Map([[label, issued]]));
      return new SigningIdentity(issued);
    };
    const enrolled = this.#enrolled.get(label) ?? made();
    this.#enrolled.set(label, enrolled);
    enrolled.catch(() => this.#enrolled.delete(label));
    return enrolled;
  }
}

/** Certificate attributes by name. */
type Attributes = Readonly<Record<string, string>>;

/** Registers a user, or gives one that is known already a new secret: its first may be lost with another data folder. */
async function register(
  member: Member,
  registrar: SigningIdentity,
  name: string,
  attributes: Attributes,
): Promise<string> {
  const client = clientOf(member);
  const enrollmentSecret = randomBytes(24).toString('hex');
  const attrs = Object.entries(attributes).map(([key, value]) => ({ name: key, value, ecert: true }));
  const request = { enrollmentID: name, enrollmentSecret, affiliation: '', role: 'client', attrs, maxEnrollments: -1 };
  const asRegistrar = new User(registrar) as unknown as Registrar;
  return told(member, async () => {
    try {
      return await client.register(request, asRegistrar);
    } catch (error) {
      if (!ALREADY_REGISTERED.test(String(error))) throw error;
      const path = encodeURIComponent(name);
      await client
        .newIdentityService()
        .update(path, { enrollmentID: name, enrollmentSecret, affiliation: '', attrs }, asRegistrar);
      return enrollmentSecret;
    }
  });
}

/** Fabric CA's code 74, in the text of the package's error: it gives no code of its own. */
const ALREADY_REGISTERED = /\bcode"?: 74\b/;

/** The key is made here and stays here: the authority gets a signing request. */
async function enrolAs(member: Member, name: string, secret: string): Promise<Credentials> {
  const { request, privateKey } = await newSigningRequest(name);
  const enrolment = { enrollmentID: name, enrollmentSecret: secret, csr: request };
  const { certificate } = await told(member, () => clientOf(member).enroll(enrolment));
  return { mspId: member.mspId, certificate, privateKey };
}

/** Loads that archived package, so only where somebody is enrolled. */
function clientOf({ authority: { url, name, tlsRoot } }: Member): FabricCaServices {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded late
  const Services = require('fabric-ca-client') as typeof FabricCaServices;
  return new Services(url, { trustedRoots: [tlsRoot], verify: true }, name);
}

type Registrar = Parameters<FabricCaServices['register']>[1];

/**
 * A registrar as that package wants it. It asks for certificate and signature only, and goes by the name of the class:
 * its own would sign with a JavaScript library.
 */
class User {
  readonly #identity: SigningIdentity;

  constructor(identity: SigningIdentity) {
    this.#identity = identity;
  }

  getSigningIdentity(): { readonly _certificate: string; sign(message: string): Buffer } {
    const { certificate } = this.#identity;
    return { _certificate: certificate, sign: (message) => this.#identity.sign(Buffer.from(message)) };
  }
}

async function told<T>({ mspId, authority }: Member, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    const message = `the certificate authority of ${mspId} at ${authority.url} did not do it: ${String(cause)}`;
    throw new LedgerError('UNAVAILABLE', message, { cause });
  }
}
