// SPDX-License-Identifier: Apache-2.0
import type { BatchAnswer } from 'yuanliu-chaincode/engine/batch';
import type { EmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import type { Receipt } from 'yuanliu-gateway/ledger/port';
import type { Member } from 'yuanliu-demo/cast';
import { identityOf } from 'yuanliu-demo/perform';

/** One act of a batch, as the contract takes it. */
export interface Asked {
  readonly act: string;
  readonly id: string;
  readonly input?: unknown;
}

/** What became of a batch, act by act. */
export interface Together {
  readonly answers: readonly BatchAnswer[];
  readonly receipt: Receipt;
}

interface Caller {
  readonly ledger: EmbeddedLedger;
  readonly by: Member;
}

/** Performs acts of one caller in one transaction. Throws ContractError when the whole is refused. */
export function together({ ledger, by }: Caller, acts: readonly unknown[], more: object = {}): Promise<Together> {
  return sendBatch({ ledger, by }, JSON.stringify({ acts, ...more }));
}

/** {@link together} of any text. */
export async function sendBatch({ ledger, by }: Caller, text: string): Promise<Together> {
  const identity = await identityOf(ledger, by);
  const { result, receipt } = await ledger.submit({ identity, transaction: 'batch:perform', args: [text] });
  return { answers: JSON.parse(result) as BatchAnswer[], receipt };
}
