// SPDX-License-Identifier: Apache-2.0
import type { ErrorDetails } from 'yuanliu-chaincode/vocabulary/error';

/** Why somebody has no certificate, or did not get one. */
export type IdentityErrorCode =
  | 'REVOKED' // the authority took the certificates of this person back
  | 'NOT_REGISTERED' // the authority knows nobody of this name
  | 'NOT_OURS' // another organisation's authority certifies this person
  | 'NO_REGISTRAR' // this gateway may not register or revoke anybody
  | 'AUTHORITY_FAILED'; // the authority cannot be reached, or refused

export class IdentityError extends Error {
  constructor(
    readonly code: IdentityErrorCode,
    readonly details: ErrorDetails,
    options?: ErrorOptions,
  ) {
    super(details.message, options);
    this.name = 'IdentityError';
  }
}
