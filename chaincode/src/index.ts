// SPDX-License-Identifier: Apache-2.0
import { contractOf } from './contract';
import { kinds } from './kinds';

export { kinds } from './kinds';

/** What fabric-chaincode-node loads: one contract per kind of record. */
export const contracts = kinds.map(contractOf);
