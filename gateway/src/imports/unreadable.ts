// SPDX-License-Identifier: Apache-2.0
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';

/** Why a file cannot be read as a whole, by its own line and column: nothing of it is imported. */
export function unreadable(line: number, column: number | undefined, problem: string, remedy: string): ContractError {
  const path = column === undefined ? `line ${line}` : `line ${line}, column ${column}`;
  return new ContractError('INPUT_INVALID', {
    message: `${path}: ${problem}; nothing was imported`,
    issues: [{ path, message: problem }],
    remedy,
  });
}
