// SPDX-License-Identifier: Apache-2.0
import { randomInt } from 'node:crypto';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import { creditCodeCheck } from 'yuanliu-chaincode/vocabulary/vocabulary';
import type { Call, Identity, Ledger } from 'yuanliu-gateway/ledger/port';
import { cast, CITY } from 'yuanliu-demo/cast';

/** Admits an organisation: the cheapest write that the contract has, and none conflicts with another. */
export function admission(
  id: string,
  name: string,
  msp = 'DepartmentMSP',
  role = 'department',
): Omit<Call, 'identity'> {
  const input = { name, msp, roles: [{ role, region: CITY }] };
  return { transaction: 'organization:admit', args: [id, JSON.stringify(input)] };
}

/** A credit code that nobody has used. */
export function newCode(): string {
  const body = `99${Array.from({ length: 15 }, () => randomInt(10)).join('')}`;
  return body + creditCodeCheck(body);
}

/** Has the data-authority found the channel, unless it did before. */
export async function found(ledger: Ledger, identity: Identity): Promise<void> {
  const { code, name, msp, role } = cast.authority;
  try {
    await ledger.submit({ identity, ...admission(code, name, msp, role) });
  } catch (error) {
    if (!(error instanceof ContractError && error.code === 'EXISTS')) throw error;
  }
}
