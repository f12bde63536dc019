// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type FabricCaServices from 'fabric-ca-client';
import { LedgerError } from '../ledger/error.js';
import type { Member } from '../ledger/fabric/connection-file.js';
import { newSigningRequest } from './certificate.js';
import { type Enrolment, ORGANIZATION_ATTRIBUTE } from './embedded-pki.js';
import { type Credentials, SigningIdentity } from './signing-identity.js';
import { IdentityStore } from './store.js';

/**
 * The Fabric CAs of the members whose registrars this gateway knows: registers and enrols their users, once each, and
 * keeps what they gave in the sealed identity store.
 */
export class FabricAuthorities {
  readonly #members: ReadonlyMap<string, Member>;
  readonly #store: IdentityStore;
  readonly #enrolled = new Map<string, Promise<SigningIdentity>>();

  private constructor(members: readonly Member[], store: IdentityStore) {
    this.#members = new Map(members.map((member) => [member.mspId, member]));
    this.#store = store;
  }

  /** Opens the identities kept in `directory`. One process at a time. */
  static async open(directory: string, members: readonly Member[]): Promise<FabricAuthorities> {
    return new FabricAuthorities(members, await IdentityStore.open(directory));
  }

  get mspIds(): readonly string[] {
    return [...this.#members.keys()];
  }

  /**
   * An identity for one user, durable; a repeat returns the same.
   *
   * @throws LedgerError `UNAVAILABLE` when the MSP's authority is not known here, cannot be reached, or refuses.
   */
  enrol({ mspId, user, organization }: Enrolment): Promise<SigningIdentity> {
    const name = `${user}@${organization}`;
    return this.#once(`${mspId}/users/${organization}/${user}`, mspId, async (member) => {
      const registrar = await this.#registrar(member);
      const secret = await register(member, registrar, name, organization);
      return enrolAs(member, name, secret);
    });
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  #registrar(member: Member): Promise<SigningIdentity> {
    const { mspId, authority } = member;
    return this.#once(`${mspId}/registrar`, mspId, () => {
      if (authority.registrar) return enrolAs(member, authority.registrar.user, authority.registrar.secret);
      const message = `this gateway may not register users of ${mspId}: its connection file names no registrar`;
      throw new LedgerError('UNAVAILABLE', message);
    });
  }

  #once(label: string, mspId: string, issue: (member: Member) => Promise<Credentials>): Promise<SigningIdentity> {
    const made = async (): Promise<SigningIdentity> => {
      const known = await this.#store.get(label);
      if (known) return new SigningIdentity(known);
      const member = this.#members.get(mspId);
      if (!member) throw new LedgerError('UNAVAILABLE', `${mspId} is no member in the connection file`);
      const issued = await issue(member);
      await this.#store.put(new Map([[label, issued]]));
      return new SigningIdentity(issued);
    };
    const enrolled = this.#enrolled.get(label) ?? made();
    this.#enrolled.set(label, enrolled);
    enrolled.catch(() => this.#enrolled.delete(label));
    return enrolled;
  }
}

/** Registers a user, or gives one that is known already a new secret: its first may be lost with another data folder. */
async function register(
  member: Member,
  registrar: SigningIdentity,
  name: string,
  organization: string,
): Promise<string> {
  const client = clientOf(member);
  const enrollmentSecret = randomBytes(24).toString('hex');
  const attrs = [{ name: ORGANIZATION_ATTRIBUTE, value: organization, ecert: true }];
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
