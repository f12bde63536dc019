// SPDX-License-Identifier: Apache-2.0
import { randomInt } from 'node:crypto';
import { ContractError } from 'yuanliu-chaincode/error';
import { creditCodeCheck } from 'yuanliu-chaincode/vocabulary';
import type { Call, Identity, Ledger } from 'yuanliu-gateway/ledger/port';

/** The founding data-authority and its user. */
export const AUTHORITY = {
  mspId: 'AuthorityMSP',
  user: '管理员',
  organization: creditCode('11310000MB2F3021X'),
} as const;

/** A credit code that nobody has used. */
export function newCode(): string {
  return creditCode(`99${Array.from({ length: 15 }, () => randomInt(10)).join('')}`);
}

/** Admits an organisation: the cheapest write of the contract, and none conflicts with another. */
export function admission(id: string, role = 'department', msp = 'DepartmentMSP'): Omit<Call, 'identity'> {
  const input = { name: '某单位', msp, roles: [{ role, region: '310000' }] };
  return { transaction: 'organization:admit', args: [id, JSON.stringify(input)] };
}

/** Founds the channel, unless it was founded before. */
export async function startUp(ledger: Ledger, identity: Identity): Promise<void> {
  try {
    await ledger.submit({ identity, ...admission(AUTHORITY.organization, 'data-authority', AUTHORITY.mspId) });
  } catch (error) {
    if (!(error instanceof ContractError && error.code === 'EXISTS')) throw error;
  }
}

function creditCode(body: string): string {
  return body + creditCodeCheck(body);
}
