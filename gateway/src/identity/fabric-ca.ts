// SPDX-License-Identifier: Apache-2.0
import '../runtime/quiet-sdk.js';
import { randomBytes } from 'node:crypto';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import type FabricCaServices from 'fabric-ca-client';
import type { Member } from '../ledger/fabric/connection-file.js';
import { newSigningRequest } from './certificate.js';
import { say } from '../messages/index.js';
import { IdentityError } from './error.js';
import type { RevocationReason } from './person.js';
import type { Credentials, SigningIdentity } from './signing-identity.js';

/** Certificate attributes by name. */
export type Attributes = Readonly<Record<string, string>>;

/** One organisation's Fabric CA, over TLS that is checked against the connection file's root. */
export class FabricCa {
  readonly #member: Member;

  constructor(member: Member) {
    this.#member = member;
  }

  /**
   * Registers a name, or gives one that is registered already a new secret: its first may be lost with another data
   * folder. Returns the secret to enrol with. Throws IdentityError.
   */
  register(name: string, attributes: Attributes, registrar: SigningIdentity): Promise<string> {
    const enrollmentSecret = randomBytes(24).toString('hex');
    const attrs = Object.entries(attributes).map(([key, value]) => ({ name: key, value, ecert: true }));
    const known = { enrollmentID: name, enrollmentSecret, affiliation: '', attrs };
    return this.#ask(async (client) => {
      try {
        return await client.register({ ...known, role: 'client', maxEnrollments: -1 }, sender(registrar));
      } catch (error) {
        if (codeOf(error) !== ALREADY_REGISTERED) throw error;
        await client.newIdentityService().update(encodeURIComponent(name), known, sender(registrar));
        return enrollmentSecret;
      }
    });
  }

  /** The key is made here and stays here: the authority gets a signing request. Throws IdentityError. */
  async enrol(name: string, secret: string): Promise<Credentials> {
    const { request, privateKey } = await newSigningRequest(name);
    const enrolment = { enrollmentID: name, enrollmentSecret: secret, csr: request };
    const { certificate } = await this.#ask((client) => client.enroll(enrolment));
    return { mspId: this.#member.mspId, certificate, privateKey };
  }

  /** Takes back every certificate of a name, and enrols it never again. Throws IdentityError. */
  async revoke(name: string, reason: RevocationReason, registrar: SigningIdentity): Promise<void> {
    await this.#ask((client) => client.revoke({ enrollmentID: name, reason }, sender(registrar)));
  }

  async #ask<T>(work: (client: FabricCaServices) => Promise<T>): Promise<T> {
    const { mspId, authority } = this.#member;
    try {
      return await work(clientOf(authority));
    } catch (cause) {
      const code = codeOf(cause) === NOT_AUTHENTICATED ? 'authority-refused-registrar' : 'authority-failed';
      const details = say(code, { msp: mspId, url: authority.url, why: String(cause) });
      throw new IdentityError('AUTHORITY_FAILED', details, { cause });
    }
  }
}

/** Loads that archived package, so only where somebody is enrolled. */
function clientOf({ url, name, tlsRoot }: Member['authority']): FabricCaServices {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded late
  const Services = require('fabric-ca-client') as typeof FabricCaServices & Configurable;
  Services.setConfigSetting('connection-timeout', ANSWER_MS);
  const client = new Services(url, { trustedRoots: [tlsRoot], verify: true }, name) as FabricCaServices & Connecting;
  client._fabricCAClient._httpClient = { request: alone };
  return client;
}

/** Asks on a connection of its own: the package leaves a listener on it, and Node would use it again. */
function alone(options: RequestOptions, answered: (response: IncomingMessage) => void): ClientRequest {
  return request({ ...options, agent: false }, answered);
}

/** How long a busy authority may be silent, in milliseconds; the package's own 3 s are soon over. */
const ANSWER_MS = 15_000;

/** Members that the package has and its types lack. */
interface Configurable {
  setConfigSetting(name: string, value: unknown): void;
}
interface Connecting {
  readonly _fabricCAClient: { _httpClient: { readonly request: typeof alone } };
}

type Registrar = Parameters<FabricCaServices['register']>[1];

function sender(identity: SigningIdentity): Registrar {
  return new User(identity) as unknown as Registrar;
}

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

/** Fabric CA's code of an error, in the text of the package's: it gives none of its own. */
function codeOf(error: unknown): number | undefined {
  const [, code] = /\bcode"?: (\d+)\b/.exec(String(error)) ?? [];
  return code === undefined ? undefined : Number(code);
}

/** Codes of Fabric CA's. */
const NOT_AUTHENTICATED = 20;
const ALREADY_REGISTERED = 74;
