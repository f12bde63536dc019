// SPDX-License-Identifier: Apache-2.0
import { openEmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { cast } from 'yuanliu-demo/cast';
import { identityOf } from 'yuanliu-demo/perform';
import { admission, found, newCode } from './admissions.js';

/**
 * The process that gets killed: `writer.js DIRECTORY CALLERS` writes to the ledger without a pause and prints
 * `TXID BLOCK` for each transaction once it is acknowledged, until its end.
 */
async function write(directory: string, callers: number): Promise<never> {
  const ledger = await openEmbeddedLedger({ directory });
  const identity = await identityOf(ledger, cast.authority);
  await found(ledger, identity);
  const call = async (): Promise<never> => {
    for (;;) {
      const { receipt } = await ledger.submit({ identity, ...admission(newCode(), '某单位') });
      process.stdout.write(`${receipt.txId} ${receipt.blockNumber}\n`); // pipes are written at once on Linux
    }
  };
  return Promise.race(Array.from({ length: callers }, call));
}

const [, , directory = '', callers = '8'] = process.argv;
void write(directory, Number(callers));
