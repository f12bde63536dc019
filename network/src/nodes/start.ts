// SPDX-License-Identifier: Apache-2.0
import { demandFree } from '../process/port-owner.js';
import type { Processes } from '../process/processes.js';
import type { Progress } from '../progress.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import { waitFor } from '../wait.js';
import { unreachable } from './health.js';
import type { Service } from './services.js';

/** @throws Error when others hold the ports of services that do not run. */
export async function demandPorts(services: readonly Service[], processes: Processes): Promise<void> {
  const running = await processes.running();
  await demandFree(services.filter(({ name }) => !running.has(name)));
}

/**
 * Starts what does not run and waits until all of them are well, and listen where others look for them.
 *
 * @throws Error after so many seconds, with the command for a process that runs and does not answer.
 */
export async function startServices(
  services: readonly Service[],
  toolchain: Toolchain,
  processes: Processes,
  progress: Progress,
  seconds = 60,
): Promise<void> {
  const running = await processes.running();
  for (const { name, program } of services) {
    if (!running.has(name)) await processes.start(await program(toolchain));
  }
  await Promise.all(services.map((service) => waitUntilWell(service, processes, progress, seconds)));
}

/** @throws Error that names which of the services are not well, and why. */
export async function demandWell(services: readonly Service[]): Promise<void> {
  const reasons = await Promise.all(services.map(async ({ name, unhealthy }) => ({ name, reason: await unhealthy() })));
  const amiss = reasons.flatMap(({ name, reason }) => (reason === undefined ? [] : [`${name} (${reason})`]));
  if (amiss.length === 0) return;
  throw new Error(
    `not well: ${amiss.join(', ')}. ${startsOrRestarts(reasons.filter(({ reason }) => reason !== undefined))}, then this again`,
  );
}

async function waitUntilWell(
  service: Service,
  processes: Processes,
  progress: Progress,
  seconds: number,
): Promise<void> {
  const { name, ports, unhealthy } = service;
  const missing = async (): Promise<string | undefined> => {
    await processes.demandAlive(name);
    const reason = await unhealthy();
    if (reason !== undefined) return reason;
    // Orderers and peers say that they are well some moments before they listen on all of their ports.
    return (await Promise.all(ports.map((port) => unreachable(port)))).find((closed) => closed !== undefined);
  };
  await waitFor({ what: `${name} to be healthy`, missing, seconds }, progress).catch(async (cause: unknown) => {
    await processes.demandAlive(name);
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${message}. It runs and does not answer: npm run network -- restart ${name}`, { cause });
  });
}

/** What to do about processes that are not well: `up` starts what does not run, and leaves what runs as it is. */
function startsOrRestarts(amiss: readonly { readonly name: string }[]): string {
  const [one] = amiss;
  return `Start what is stopped (npm run network -- up), restart what hangs (npm run network -- restart ${one?.name ?? 'NAME'})`;
}
