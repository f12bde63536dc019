// SPDX-License-Identifier: Apache-2.0
import { writeSync } from 'node:fs';
import { FabricAuthorities } from 'yuanliu-gateway/identity/fabric-authorities';
import { readConnection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { GatewayPeer } from 'yuanliu-gateway/ledger/fabric/gateway-peer';
import { openLedgerThrough } from 'yuanliu-gateway/ledger/fabric/ledger';
import type { Endorsed } from 'yuanliu-gateway/ledger/fabric/peers';
import type { Call } from 'yuanliu-gateway/ledger/port';
import { decodeBlock } from 'yuanliu-verifier';
import { admission, AUTHORITY } from '../gateway/ledger/conformance';

/** Where in one write this process is killed: after the step. */
export type Step = 'endorsed' | 'kept' | 'sent' | 'committed' | 'answered';

/** A program that writes once, `CONNECTION DIRECTORY IDENTITIES ID STEP`, says the transaction's id, and dies at a step. */
async function write([file, directory, identities, id, step]: readonly string[]): Promise<void> {
  if (!file || !directory || !identities || !id || !step) throw new Error('CONNECTION DIRECTORY IDENTITIES ID STEP');
  let txId: string | undefined;
  const reached = (here: Step): void => {
    if (here === step) process.kill(process.pid, 'SIGKILL');
  };

  class Mortal extends GatewayPeer {
    override async endorse(call: Call): Promise<Endorsed> {
      const endorsed = await super.endorse(call);
      txId = endorsed.txId;
      writeSync(1, `${txId}\n`);
      reached('endorsed');
      return endorsed;
    }

    override async submit(transaction: Uint8Array): Promise<void> {
      reached('kept');
      await super.submit(transaction);
      reached('sent');
    }

    override async *deliver(from: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
      for await (const bytes of super.deliver(from, signal)) {
        if (decodeBlock(bytes).transactions.some((transaction) => transaction.txId === txId)) reached('committed');
        yield bytes;
      }
    }
  }

  const connection = await readConnection(file, 'AuthorityMSP');
  const authorities = await FabricAuthorities.open(identities, connection.own);
  const identity = await authorities.enrol({ mspId: 'AuthorityMSP', user: '测试员', organization: AUTHORITY });
  await authorities.close();
  const reader = (): Promise<typeof identity> => Promise.resolve(identity);
  const options = { connection, directory, reader };
  const ledger = await openLedgerThrough((address) => new Mortal(address, connection, reader), options);
  await ledger.submit({ identity, ...admission(id, '写一笔') });
  writeSync(1, 'answered\n');
  reached('answered');
}

void write(process.argv.slice(2));
