// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { isCreditCode } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { says } from '../messages/issues.js';

/** Somebody who acts for an organisation. */
export interface Enrolment {
  readonly mspId: string;
  /** The user's name, any script; unique in its organization. */
  readonly user: string;
  /** The organisation the user speaks for: its 18-character credit code. */
  readonly organization: string;
}

/**
 * What may be a user's name, for either authority and in a token. It becomes the certificate's common name, where `/`, `=`,
 * `+` and `,` have a meaning of their own; and of who enrols, a Fabric CA takes what is before a `:` for the name. The contract
 * takes an organisation's code at the end of a common name for the organisation, and not for a part of the name.
 */
export const userName = z
  .string()
  .regex(/^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._@·-]{0,62}[\p{L}\p{N}])?$/u, {
    error: says('user-name-form'),
  })
  .refine((name) => !isCreditCode(/@([^@]*)$/.exec(name)?.[1] ?? ''), {
    error: says('user-name-organization'),
  });

/** Why certificates are revoked: those of RFC 5280, section 5.3.1, that fit a person, as Fabric CA writes them. */
export const REVOCATION_REASONS = [
  'unspecified',
  'keycompromise',
  'affiliationchange',
  'superseded',
  'cessationofoperation',
  'privilegewithdrawn',
] as const;

export type RevocationReason = (typeof REVOCATION_REASONS)[number];

/** `registered`: without a certificate yet. `expired`: the last certificate is, and no newer one could be had. */
export const PERSON_STATES = ['registered', 'enrolled', 'expired', 'revoked'] as const;

/** How a person stands with the authority. */
export interface Standing extends Enrolment {
  readonly state: (typeof PERSON_STATES)[number];
  /** When this gateway first knew of the person, RFC 3339. */
  readonly registered: string;
  /** Of the latest certificate, hexadecimal. */
  readonly serial?: string;
  /** Until when the latest certificate is good, RFC 3339. */
  readonly expires?: string;
  readonly revoked?: { readonly at: string; readonly reason: RevocationReason };
}

/** What is kept of a person, beside the current key and certificate. */
export const personEntry = z.strictObject({
  mspId: z.string(),
  user: z.string(),
  organization: z.string(),
  registered: z.string(),
  /** Every one that was issued, oldest first. */
  certificates: z.array(z.strictObject({ serial: z.string(), expires: z.string() })),
  revoked: z.strictObject({ at: z.string(), reason: z.enum(REVOCATION_REASONS) }).optional(),
});

export type PersonEntry = z.infer<typeof personEntry>;

export function standingOf({ certificates, ...entry }: PersonEntry, now: Date): Standing {
  const { mspId, user, organization, registered, revoked } = entry;
  const latest = certificates.at(-1);
  const expired = latest !== undefined && new Date(latest.expires) <= now;
  const state = revoked ? 'revoked' : expired ? 'expired' : latest ? 'enrolled' : 'registered';
  return { mspId, user, organization, registered, state, ...latest, ...(revoked ? { revoked } : {}) };
}

/** The second part of the labels under which the store keeps what is known of people. */
export const PEOPLE = 'people';

/** Where the store keeps what is known of a person. */
export function entryLabel({ mspId, user, organization }: Enrolment): string {
  return `${mspId}/${PEOPLE}/${organization}/${user}`;
}

/** Where the store keeps a person's key and certificate, in the wallet's format. */
export function keyLabel({ mspId, user, organization }: Enrolment): string {
  return `${mspId}/users/${organization}/${user}`;
}
