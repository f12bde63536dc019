// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { openIssuer } from 'yuanliu-gateway/identity/issuer';
import { cast, type Member } from 'yuanliu-demo/cast';
import { readRunFile } from 'yuanliu-cli/run-file';
import { withLedger } from '../embedded/ground.js';
import { Worker } from '../process/worker.js';
import { answered, type Answered, type Asking, drained, type Drained, type Draining } from './asking.js';
import { type Assignment, type Load, outcome, type Outcome } from './messages.js';

/** A gateway on an embedded ledger with a product whose use can be recorded, in a process of its own. */
export interface Served {
  readonly url: string;
  /** A client of it in another process, that speaks as the developer. It is closed with the gateway. */
  client(): Promise<Worker<Load, Outcome>>;
  /**
   * Callers of it in another process, that speak as a member, or without a token. They are closed with the gateway.
   *
   * @param yields their process runs when nothing else does
   */
  asker(member: Member | undefined, yields?: boolean): Promise<Worker<Asking, Answered>>;
  /** Readers of its events in another process that yields, as a member, or without a token. They are closed with the gateway. */
  drainer(member: Member | undefined): Promise<Worker<Draining, Drained>>;
  tokenOf(member: Member): Promise<string>;
  /** What its metrics say, by name. */
  metric(name: string): Promise<number>;
  /** Microseconds of CPU that it took for `work`, what it does afterwards included. */
  cpuOf(work: () => Promise<unknown>): Promise<number>;
}

/** Serves a folder for as long as `work` takes, as `yuanliu serve` does, its log thrown away. */
export async function withGateway<T>(directory: string, work: (served: Served) => Promise<T>): Promise<T> {
  await withLedger(directory, () => Promise.resolve());
  const child = fork(require.resolve('yuanliu-cli/yuanliu'), ['serve', '--data', directory, ...ANY_PORTS], {
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    env: { ...process.env, YUANLIU_REQUESTS_PER_MINUTE: '10000000' },
  });
  const clients: Pick<Worker<object, unknown>, 'close'>[] = [];
  try {
    await said(child);
    const run = await readRunFile(directory);
    if (!run) throw new Error('the gateway did not say where it is');
    return await work(served(directory, run, clients));
  } finally {
    for (const client of clients) client.close();
    if (child.exitCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
  }
}

const ANY_PORTS = ['--port', '0', '--admin-port', '0'];

/** Resolves with the first that a gateway says: that it is up. */
async function said({ stdout }: ChildProcess): Promise<void> {
  if (!stdout) throw new Error('the gateway has no output');
  for await (const _ of stdout) return;
  throw new Error('the gateway did not start');
}

function served(
  directory: string,
  { gateway: url, admin }: { readonly gateway: string; readonly admin: string },
  clients: Pick<Worker<object, unknown>, 'close'>[],
): Served {
  const tokenOf: Served['tokenOf'] = async ({ user, code: organization }) =>
    (await openIssuer(directory)).issue({ user, organization });
  const metric: Served['metric'] = async (name) => {
    const text = await (await fetch(`${admin}/metrics`)).text();
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
  };
  const cpu = () => metric('process_cpu_seconds_total');
  const started = async <Load extends object, Outcome>(
    script: string,
    member: Member | undefined,
    shape: z.ZodType<Outcome>,
    yields = false,
  ): Promise<Worker<Load, Outcome>> => {
    const assigned: Assignment = { gateway: url, ...(member ? { token: await tokenOf(member) } : {}) };
    const client = new Worker<Load, Outcome>(join(__dirname, script), assigned, shape, yields);
    clients.push(client);
    return client;
  };
  return {
    url,
    tokenOf,
    metric,
    client: () => started('worker.js', cast.developer, outcome),
    asker: (member, yields) => started('asker.js', member, answered, yields),
    drainer: (member) => started('drainer.js', member, drained, true),
    cpuOf: async (work) => {
      const start = await cpu();
      await work();
      let taken = await cpu();
      for (let before = start; taken - before > 0.01;) {
        before = taken;
        await delay(100);
        taken = await cpu();
      }
      return (taken - start) * 1e6;
    },
  };
}
