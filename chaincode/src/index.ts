// SPDX-License-Identifier: Apache-2.0
import { AboutContract } from './about.js';
import { BatchContract } from './engine/batch.js';
import { contractOf } from './contract.js';
import { kinds } from './kinds.js';

export { kinds } from './kinds.js';

/** What fabric-chaincode-node loads: one contract per kind of record, one for many acts at once, and one that tells which code it is. */
export const contracts = [...kinds.map(contractOf), BatchContract, AboutContract];
