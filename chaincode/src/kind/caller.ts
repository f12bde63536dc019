// SPDX-License-Identifier: Apache-2.0
import type { ClientIdentity } from 'fabric-shim-api';
import { isCreditCode, type RoleName } from '../vocabulary/vocabulary.js';
import { refusal } from '../vocabulary/error.js';

/** Certificate attribute that names the organisation a certificate speaks for: its credit code, set by its MSP's CA. */
export const ORGANIZATION_ATTRIBUTE = 'yuanliu.org';

/** Who speaks: taken from the certificate alone, never from arguments. */
export interface Speaker {
  readonly organization: string;
  readonly msp: string;
  /** Common name of the certificate's subject, without the organisation that it may end in: `name@code`. */
  readonly user: string;
}

/** A speaker whose organisation is admitted, in the role it acts in. */
export interface Caller extends Speaker {
  readonly role: RoleName;
}

/** Reads the speaker off the transaction's certificate. Throws FORBIDDEN if it names no organisation. */
export function speakerOf(identity: ClientIdentity): Speaker {
  const organization = identity.getAttributeValue(ORGANIZATION_ATTRIBUTE);
  if (organization === null || !isCreditCode(organization)) {
    throw refusal('FORBIDDEN', 'no-organization', { attribute: ORGANIZATION_ATTRIBUTE });
  }
  const user = userOf(commonName(identity.getID()), organization);
  return { organization, msp: identity.getMSPID(), user };
}

/** The user in a common name: a CA that many organisations share tells their users apart by `@` and the code. */
export function userOf(name: string, organization: string): string {
  const suffix = `@${organization}`;
  return name.endsWith(suffix) && name !== suffix ? name.slice(0, -suffix.length) : name;
}

/** `x509::/…/CN=name::/issuer…` → name */
function commonName(id: string): string {
  const subject = id.split('::')[1] ?? '';
  return /\/CN=((?:[^/\\]|\\.)*)/.exec(subject)?.[1] ?? subject;
}
