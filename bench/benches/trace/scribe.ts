// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { ActEntry, LedgerRecord } from 'yuanliu-chaincode/kind/record';

/** A record as one transaction left it. */
export interface Born {
  readonly record: LedgerRecord;
  readonly txId: string;
  readonly block: number;
}

/** What a made-up act writes. */
export interface Written {
  readonly ref: readonly [kind: string, id: string];
  readonly state: string;
  readonly body: object;
  readonly act: string;
  readonly nature?: ActEntry['nature'];
  readonly by: string;
}

const TRANSACTIONS_A_BLOCK = 500;
const BEGIN = Date.parse('2026-02-01T00:00:00Z');
const APART = 30_000;

/** Writes records in the order of history, each half a minute after the one before. */
export class Scribe {
  /** How many acts were written. */
  count = 0;
  #block = 0;
  #inBlock = 0;

  write({ ref: [kind, id], state, body, act, nature = 'decision', by }: Written, before?: LedgerRecord): Born {
    const number = this.count++;
    const time = new Date(BEGIN + number * APART).toISOString();
    const history = (before?.history ?? 0) + 1;
    const txId = createHash('sha256').update(`${kind}/${id} ${history}`).digest('hex');
    const entry: ActEntry = {
      ...{ name: act, nature, organization: by, user: '演示岗', role: 'developer', txId, time },
      ...(nature === 'report' ? { occurredAt: time } : {}),
      ...{ rulebook: 1, violations: [] },
    };
    const timeline = [...(before?.timeline ?? []), { at: time, state, version: 1 }];
    const record: LedgerRecord = { kind, id, version: 1, state, body, schema: 1, history, timeline, act: entry };
    if (++this.#inBlock > TRANSACTIONS_A_BLOCK) this.endBlock();
    return { record, txId, block: this.#block };
  }

  /** What is written from now on is in another block: on a ledger no act is valid in a block that changed what it rests on. */
  endBlock(): void {
    this.#block += 1;
    this.#inBlock = 1;
  }
}
