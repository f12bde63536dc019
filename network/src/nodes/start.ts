// SPDX-License-Identifier: Apache-2.0
import type { Processes } from '../process/processes.js';
import type { Progress } from '../progress.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import { waitFor } from '../wait.js';
import type { Service } from './services.js';

/** Starts what does not run and waits until all of them are well. */
export async function startServices(
  services: readonly Service[],
  toolchain: Toolchain,
  processes: Processes,
  progress: Progress,
): Promise<void> {
  const running = await processes.running();
  for (const { name, program } of services) {
    if (!running.has(name)) await processes.start(await program(toolchain));
  }
  await Promise.all(services.map((service) => waitUntilWell(service, processes, progress)));
}

async function waitUntilWell({ name, unhealthy }: Service, processes: Processes, progress: Progress): Promise<void> {
  const missing = async (): Promise<string | undefined> => {
    await processes.demandAlive(name);
    return unhealthy();
  };
  await waitFor({ what: `${name} to be healthy`, missing, seconds: 60 }, progress);
}
