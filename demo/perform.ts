// SPDX-License-Identifier: Apache-2.0
import type { EmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import type { Identity, Ledger } from 'yuanliu-gateway/ledger/port';
import type { Member } from './cast.js';
import type { Step } from './story.js';

/** The certificate and key of a member's user on an embedded ledger, enrolled if there are none. */
export function identityOf(
  ledger: EmbeddedLedger,
  { msp: mspId, user, code: organization }: Member,
): Promise<Identity> {
  return ledger.pki.enrol({ mspId, user, organization });
}

/** Performs a step on an embedded ledger. */
export async function perform(ledger: EmbeddedLedger, { by, act, id, input }: Step): ReturnType<Ledger['submit']> {
  const identity = await identityOf(ledger, by);
  return ledger.submit({ identity, transaction: act, args: [id, JSON.stringify(input)] });
}
