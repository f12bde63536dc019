// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { killWriters } from './soak/kills.js';

const program = new Command('soak').description('Long runs that a test is too short for.');

program
  .command('kills')
  .description('Kills a process that writes to the embedded ledger, again and again, and checks what is left.')
  .argument('[rounds]', 'how often', count, 500)
  .option('--callers <count>', 'how many write at once', count, 8)
  .action(async (rounds: number, { callers }: { callers: number }) => {
    const directory = await mkdtemp(join(tmpdir(), 'yuanliu-soak-'));
    const log = (line: string): void => {
      console.log(line);
    };
    const result = await killWriters({ directory, rounds, callers, log });
    console.log(JSON.stringify(result));
    await rm(directory, { recursive: true, force: true }); // only after success: a failure is worth looking at
  });

void program.parseAsync();

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('give a whole number of 1 or more');
  return value;
}
