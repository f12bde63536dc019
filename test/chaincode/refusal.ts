// SPDX-License-Identifier: Apache-2.0
import { ContractError } from 'yuanliu-chaincode/error';
import type { ActResult } from 'yuanliu-chaincode/engine';

/** The contract's refusal of an attempt. Throws if it was accepted, or failed otherwise. */
export async function refusal(attempt: Promise<unknown>): Promise<ContractError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ContractError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

/** Ids of the rules that an accepted act broke. */
export function brokenBy({ record }: Pick<ActResult, 'record'>): string[] {
  return record.act.violations.map(({ rule }) => rule);
}
