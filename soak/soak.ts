// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { count } from 'yuanliu-cli/commands/options';
import { killWriters } from './kills.js';
import { soakMixed } from './mixed.js';

const program = new Command('soak').description('Long runs that a test is too short for.');

program
  .command('mixed', { isDefault: true })
  .description('Acts and questions at saturation while the gateway is killed and stopped; then everything is checked.')
  .option('--minutes <n>', 'how long the load lasts', count, 30)
  .option('--callers <n>', 'how many act and ask at once', count, 24)
  .action(({ minutes, callers }: { minutes: number; callers: number }) =>
    inFolder((directory, log) => soakMixed({ directory, minutes, callers, log })),
  );

program
  .command('kills')
  .description('Kills a process that writes to the embedded ledger, again and again, and checks what is left.')
  .argument('[rounds]', 'how often', count, 500)
  .option('--callers <count>', 'how many write at once', count, 8)
  .action((rounds: number, { callers }: { callers: number }) =>
    inFolder((directory, log) => killWriters({ directory, rounds, callers, log })),
  );

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

/** Runs in a folder that is deleted only after success: a failure is worth looking at. */
async function inFolder(run: (directory: string, log: (line: string) => void) => Promise<object>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-soak-'));
  console.log(`in ${directory}`);
  const result = await run(directory, (line) => {
    console.log(`${new Date().toISOString()} ${line}`);
  });
  console.log(JSON.stringify(result));
  await rm(directory, { recursive: true, force: true });
}
