// SPDX-License-Identifier: Apache-2.0
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import type { OrganizationBody } from 'yuanliu-chaincode/records/organization/organization';
import type { LedgerIndex } from '../index/ledger-index.js';
import { anyone } from '../index/read/visibility.js';
import type { Identity } from '../ledger/port.js';
import { IdentityError } from '../identity/error.js';
import type { People } from '../identity/people.js';
import type { Enrolment } from '../identity/person.js';
import type { TokenSubject } from '../identity/issuer.js';

/** Finds the certificates that the gateway signs with for its users. */
export interface Signers {
  /**
   * The identity of one user, enrolled when first needed. Its MSP is the one that the ledger admitted the organisation
   * under, or before that the one {@link Signers.vouch} named.
   *
   * @throws ContractError `FORBIDDEN` for an organisation that is not admitted; IdentityError for who has no certificate.
   */
  signerFor(subject: TokenSubject): Promise<Identity>;
  /** The MSP of an organisation, as the ledger or a voucher says; undefined if neither does. */
  mspOf(organization: string): string | undefined;
  /** Says under which MSP an organisation is that is not admitted yet: the founding data-authority. */
  vouch(enrolment: Enrolment): Promise<void>;
}

/** Signers that these people's authority enrols. Why it did not is logged: users are told nothing of how it is reached. */
export function newSigners(
  people: People,
  index: LedgerIndex,
  logger?: { error(details: object, message: string): void },
): Signers {
  const vouched = new Map<string, string>();
  const mspOf = (organization: string): string | undefined => {
    const admitted = index.record(`organization/${organization}`, anyone)?.record.body as OrganizationBody | undefined;
    return admitted?.msp ?? vouched.get(organization);
  };
  return {
    mspOf,
    signerFor: async ({ user, organization }) => {
      const mspId = mspOf(organization);
      if (mspId === undefined) {
        throw forbidden(`${organization} is not an admitted organisation`, 'ask the data-authority to admit it');
      }
      if (!people.mspIds.includes(mspId)) {
        throw forbidden(
          `${organization} is admitted under ${mspId}, which this gateway does not sign for`,
          `act at the gateway of ${mspId}`,
        );
      }
      return people.enrol({ mspId, user, organization }).catch((error: unknown) => {
        if (!(error instanceof IdentityError && error.code === 'AUTHORITY_FAILED')) throw error;
        logger?.error({ err: error, mspId, user, organization }, 'somebody could not be enrolled');
        throw new IdentityError(
          'AUTHORITY_FAILED',
          'your certificate cannot be had now; nothing was done',
          'try again shortly; if it lasts, tell the administrator of this gateway',
          { cause: error },
        );
      });
    },
    vouch: async (enrolment) => {
      await people.enrol(enrolment);
      vouched.set(enrolment.organization, enrolment.mspId);
    },
  };
}

function forbidden(message: string, remedy: string): ContractError {
  return new ContractError('FORBIDDEN', { message, remedy }, 'acts-for-itself');
}
