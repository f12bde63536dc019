// SPDX-License-Identifier: Apache-2.0
import { ContractError } from 'yuanliu-chaincode/error';
import type { OrganizationBody } from 'yuanliu-chaincode/records/organization';
import type { LedgerIndex } from '../index/ledger-index.js';
import { anyone } from '../index/visibility.js';
import type { Identity } from '../ledger/port.js';
import type { Enrolment } from './embedded-pki.js';
import type { TokenSubject } from './issuer.js';

/** Finds the certificates that the gateway signs with for its users. */
export interface Signers {
  /**
   * The identity of one user, enrolled when first needed. Its MSP is the one that the ledger admitted the organisation
   * under, or before that the one {@link Signers.vouch} named.
   *
   * @throws ContractError `FORBIDDEN` for an organisation that is not admitted.
   */
  signerFor(subject: TokenSubject): Promise<Identity>;
  /** Says under which MSP an organisation is that is not admitted yet: the founding data-authority. */
  vouch(enrolment: Enrolment): Promise<void>;
}

/** The certificate authorities that a gateway may have certificates from. */
export interface Authorities {
  /** The MSPs whose users they enrol. */
  readonly mspIds: readonly string[];
  /** An identity for one user, durable; a repeat returns the same. */
  enrol(enrolment: Enrolment): Promise<Identity>;
}

/** Signers that these authorities enrol. */
export function newSigners(authorities: Authorities, index: LedgerIndex): Signers {
  const vouched = new Map<string, string>();
  return {
    signerFor: async ({ user, organization }) => {
      const admitted = index.record(`organization/${organization}`, anyone)?.record.body as
        OrganizationBody | undefined;
      const mspId = admitted?.msp ?? vouched.get(organization);
      if (mspId === undefined) {
        throw forbidden(`${organization} is not an admitted organisation`, 'ask the data-authority to admit it');
      }
      if (!authorities.mspIds.includes(mspId)) {
        throw forbidden(
          `${organization} is admitted under ${mspId}, which this gateway does not sign for`,
          `act at the gateway of ${mspId}`,
        );
      }
      return authorities.enrol({ mspId, user, organization });
    },
    vouch: async (enrolment) => {
      await authorities.enrol(enrolment);
      vouched.set(enrolment.organization, enrolment.mspId);
    },
  };
}

function forbidden(message: string, remedy: string): ContractError {
  return new ContractError('FORBIDDEN', { message, remedy }, 'acts-for-itself');
}
