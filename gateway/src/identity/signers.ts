// SPDX-License-Identifier: Apache-2.0
import { ContractError } from 'yuanliu-chaincode/error';
import type { OrganizationBody } from 'yuanliu-chaincode/records/organization';
import type { LedgerIndex } from '../index/ledger-index.js';
import { anyone } from '../index/visibility.js';
import type { Identity } from '../ledger/port.js';
import type { EmbeddedPki, Enrolment } from './embedded-pki.js';
import type { FabricAuthorities } from './fabric-authorities.js';
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

/** Signers that the embedded ledger's own certificate authorities enrol. */
export function embeddedSigners(pki: EmbeddedPki, index: LedgerIndex): Signers {
  const mspIds = pki.members.map(({ mspId }) => mspId);
  return newSigners({ mspIds, enrol: (enrolment) => pki.enrol(enrolment) }, index);
}

/** Signers that the organisations' Fabric CAs enrol. */
export function fabricSigners(authorities: FabricAuthorities, index: LedgerIndex): Signers {
  return newSigners(authorities, index);
}

/** Who issues certificates, and for which MSPs. */
interface Enroller {
  readonly mspIds: readonly string[];
  enrol(enrolment: Enrolment): Promise<Identity>;
}

function newSigners(enroller: Enroller, index: LedgerIndex): Signers {
  const vouched = new Map<string, string>();
  return {
    signerFor: async ({ user, organization }) => {
      const admitted = index.record(`organization/${organization}`, anyone)?.record.body as
        OrganizationBody | undefined;
      const mspId = admitted?.msp ?? vouched.get(organization);
      if (mspId === undefined) {
        throw forbidden(`${organization} is not an admitted organisation`, 'ask the data-authority to admit it');
      }
      if (!enroller.mspIds.includes(mspId)) {
        throw forbidden(
          `${organization} is admitted under ${mspId}, which is no member here`,
          'act at its own gateway',
        );
      }
      return enroller.enrol({ mspId, user, organization });
    },
    vouch: async (enrolment) => {
      await enroller.enrol(enrolment);
      vouched.set(enrolment.organization, enrolment.mspId);
    },
  };
}

function forbidden(message: string, remedy: string): ContractError {
  return new ContractError('FORBIDDEN', { message, remedy }, 'acts-for-itself');
}
