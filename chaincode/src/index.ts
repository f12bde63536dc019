// SPDX-License-Identifier: Apache-2.0
import { contractOf } from './contract.js';
import { kinds } from './kinds.js';

export { kinds } from './kinds.js';

/** What fabric-chaincode-node loads: one contract per kind of record. */
export const contracts = kinds.map(contractOf);
