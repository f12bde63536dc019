// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { GatewayClient, ProblemError } from 'yuanliu-cli/client';
import { CITY } from 'yuanliu-demo/cast';
import { use } from 'yuanliu-demo/story';
import type { Account } from 'yuanliu-cli/run-file';
import { sendImport, rowsAmiss } from 'yuanliu-cli/send-import';
import type { Served } from './served.js';

/** What callers saw. */
export interface Seen {
  /** By transaction id, the block that its acknowledgement named. */
  readonly acknowledged: Map<string, number>;
  /** What was asked and answered beside. */
  reads: number;
  rows: number;
  /** Answers that said: later. */
  refused: number;
  /** Requests whose answer was lost with the gateway; each was sent again. */
  lost: number;
}

export interface Callers {
  readonly served: Served;
  readonly accounts: readonly Account[];
  readonly seen: Seen;
  /** Whether to begin nothing new. */
  readonly over: () => boolean;
}

/** Acts and asks without a pause, one thing after the other, as different people do. */
export async function call(callers: Callers): Promise<void> {
  const department = accountOf(callers, 'department');
  const [developer, supervisor] = [accountOf(callers, 'developer'), accountOf(callers, 'supervisor')];
  const domain = department.name.slice(0, 4);
  for (let turn = 0; !callers.over(); turn++) {
    const id = randomUUID().slice(0, 18);
    const resource = { title: `资源 ${id}`, domain, region: CITY };
    await act(callers, department, 'resource:anchor', `S-${id}`, resource);
    await act(callers, developer, 'usage:record', `S-${id}`, use());
    await act(callers, department, 'resource:revise', `S-${id}`, { title: `资源 ${id} 二` });
    await act(callers, developer, 'usage:record', `T-${id}`, use());
    if (turn % 10 === 0)
      await act(callers, supervisor, 'finding:raise', `S-${id}`, { about: 'product/P-score', summary: '抽查' });
    for (const path of [`/api/v1/resources/S-${id}/history`, ...QUESTIONS]) {
      await insist(callers, supervisor, (client) => client.ask(path));
      callers.seen.reads += 1;
    }
  }
}

/** Sends files of resources, one after the other; a file that was broken off is sent again until every row is there. */
export async function importFiles(callers: Callers): Promise<void> {
  const department = accountOf(callers, 'department');
  const domain = department.name.slice(0, 4);
  while (!callers.over()) {
    const batch = randomUUID().slice(0, 8);
    const rows = Array.from({ length: ROWS }, (_, row) => `${domain},批次${batch},第${row}项`);
    const csv = new TextEncoder().encode(['domain,category,item', ...rows, ''].join('\n'));
    const whole = async (client: GatewayClient): Promise<void> => {
      const state = await sendImport(client, csv, { dryRun: false, progress: () => undefined });
      if (state.state === 'interrupted') throw new Error('broken off');
      if (rowsAmiss(state) > 0) throw new ImportAmiss(JSON.stringify(state.counts));
    };
    await insist(callers, department, whole);
    callers.seen.rows += ROWS;
  }
}

const QUESTIONS = ['/api/v1/products/P-score/origins?limit=50', '/api/v1/usages?limit=20', '/api/v1/worklist?limit=20'];
const ROWS = 300;

class ImportAmiss extends Error {}

/** One act under a key of its own, until it is acknowledged. */
async function act(callers: Callers, by: Account, name: string, id: string, input: object): Promise<void> {
  const key = randomUUID();
  const { receipt } = await insist(callers, by, async (client) => {
    const done = await client.act(name, id, input, { key });
    return done.receipt ? { receipt: done.receipt } : Promise.reject(new Error('not yet'));
  });
  callers.seen.acknowledged.set(receipt.txId, receipt.blockNumber);
}

/** Asks until there is an answer: "later" and a lost answer are followed by the same again. Anything else is thrown. */
async function insist<Answer>(
  { served, seen }: Callers,
  { token }: Account,
  ask: (client: GatewayClient) => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 0; attempt < PATIENCE; attempt++) {
    try {
      const { url } = await served.up;
      return await ask(new GatewayClient(url, token));
    } catch (error) {
      if (error instanceof ImportAmiss) throw error;
      if (!(error instanceof ProblemError)) seen.lost += 1;
      else if (LATER.includes(error.problem.status)) seen.refused += 1;
      else throw error;
      await delay(Math.random() * 200);
    }
  }
  throw new Error(`no answer after ${PATIENCE} attempts`);
}

/** Too many, unavailable, not known yet; a conflict with others. */
const LATER = [429, 503, 504, 409];
const PATIENCE = 600;

function accountOf({ accounts }: Callers, role: string): Account {
  const found = accounts.find((account) => account.role === role);
  if (!found) throw new Error(`the demonstration has no ${role}`);
  return found;
}
