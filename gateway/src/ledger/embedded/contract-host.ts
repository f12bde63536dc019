// SPDX-License-Identifier: Apache-2.0
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Chaincode, type ContractModule, newChaincode } from './shim.js';

/** A contract ready to run in this process. */
export interface ContractHost {
  readonly chaincode: Chaincode;
  /** Of the package: what transactions say they were endorsed by. */
  readonly version: string;
}

/** A built contract: the folder of its package, or what its main module exports. */
export type ContractSource = string | (ContractModule & { readonly version?: string });

/** Loads a contract as fabric-chaincode-node does. Without a source, the yuanliu-chaincode package. */
export function loadContract(source: ContractSource = yuanliuChaincode()): ContractHost {
  if (typeof source !== 'string') {
    const version = source.version ?? '0';
    return { chaincode: newChaincode(source, 'chaincode', version), version };
  }
  const load = createRequire(join(source, 'package.json'));
  const { name, version, main } = load('./package.json') as { name: string; version: string; main: string };
  return { chaincode: newChaincode(load(`./${main}`) as ContractModule, name, version), version };
}

function yuanliuChaincode(): string {
  return join(require.resolve('yuanliu-chaincode/package.json'), '..');
}
