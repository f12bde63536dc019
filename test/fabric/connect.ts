// SPDX-License-Identifier: Apache-2.0
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActResult } from 'yuanliu-chaincode/engine/perform';
import { FabricAuthorities } from 'yuanliu-gateway/identity/fabric-authorities';
import { readConnection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';
import type { Ledger, Receipt } from 'yuanliu-gateway/ledger/port';
import type { Member } from 'yuanliu-demo/cast';
import type { Step } from 'yuanliu-demo/story';
import { wholeResult } from '../builders';
import type { RaisedNetwork } from './raise';

/** A client of a raised network that can act as anybody of the cast. */
export interface Connected {
  readonly ledger: Ledger;
  /** Performs an act and returns what it left. Throws ContractError when it is refused. */
  act(by: Member, act: string, id: string, input?: object): Promise<ActResult & { receipt: Receipt }>;
  run(steps: readonly Step[]): Promise<void>;
  close(): Promise<void>;
}

/** Connects as one organisation, whose peers are asked first, through one of the adapters. */
export async function connectTo(
  { connection: file, home }: RaisedNetwork,
  mspId: string,
  openLedger = openFabricLedger,
): Promise<Connected> {
  const directory = await mkdtemp(join(home, `${mspId}-`));
  const authorities = new Map<string, Promise<FabricAuthorities>>();
  const authorityOf = (msp: string): Promise<FabricAuthorities> => {
    const opened =
      authorities.get(msp) ??
      readConnection(file, msp).then(({ own }) => FabricAuthorities.open(join(directory, msp), own));
    authorities.set(msp, opened);
    return opened;
  };
  const connection = await readConnection(file, mspId);
  const own = await authorityOf(mspId);
  const ledger = await openLedger({ connection, directory, reader: () => own.reader() });
  const act: Connected['act'] = async ({ msp, user, code: organization }, transaction, id, input = {}) => {
    const identity = await (await authorityOf(msp)).enrol({ mspId: msp, user, organization });
    const { result, receipt } = await ledger.submit({ identity, transaction, args: [id, JSON.stringify(input)] });
    return { ...(await wholeResult(ledger, result, receipt)), receipt };
  };
  return {
    ledger,
    act,
    run: async (steps) => {
      for (const { by, act: name, id, input } of steps) await act(by, name, id, input);
    },
    close: async () => {
      await ledger.close();
      for (const each of authorities.values()) await (await each).close();
    },
  };
}
