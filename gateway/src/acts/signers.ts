// SPDX-License-Identifier: Apache-2.0
import { ContractError, saying, type ErrorDetails } from 'yuanliu-chaincode/vocabulary/error';
import type { OrganizationBody } from 'yuanliu-chaincode/records/organization/organization';
import type { LedgerIndex } from '../index/ledger-index.js';
import { anyone } from '../index/read/visibility.js';
import type { Identity } from '../ledger/port.js';
import { IdentityError } from '../identity/error.js';
import type { People } from '../identity/people.js';
import type { Enrolment } from '../identity/person.js';
import type { TokenSubject } from '../identity/issuer.js';
import { say } from '../messages/index.js';

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
        throw forbidden(saying('not-admitted', { organization }));
      }
      if (!people.mspIds.includes(mspId)) {
        throw forbidden(say('other-gateway', { organization, msp: mspId }));
      }
      return people.enrol({ mspId, user, organization }).catch((error: unknown) => {
        if (!(error instanceof IdentityError && error.code === 'AUTHORITY_FAILED')) throw error;
        logger?.error({ err: error, mspId, user, organization }, 'somebody could not be enrolled');
        throw new IdentityError('AUTHORITY_FAILED', say('no-certificate-now'), { cause: error });
      });
    },
    vouch: async (enrolment) => {
      await people.enrol(enrolment);
      vouched.set(enrolment.organization, enrolment.mspId);
    },
  };
}

function forbidden(details: ErrorDetails): ContractError {
  return new ContractError('FORBIDDEN', details, 'acts-for-itself');
}
