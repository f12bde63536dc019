// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { GoBuild } from 'yuanliu-network/toolchain/go';

/** Fabric's own peer code, as a program that judges blocks; and its configtxlator. */
export const BLOCKCHECK: GoBuild = {
  source: resolve(__dirname, '../../../network/blockcheck'),
  name: 'blockcheck',
  packages: ['.', 'github.com/hyperledger/fabric/cmd/configtxlator'],
};
