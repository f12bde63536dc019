// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { networkIn, serviceNamed, withData } from './options.js';

interface LogsOptions {
  readonly data: string;
  readonly lines: number;
  readonly follow: boolean;
}

/** `network logs NAME` */
export function logsCommand(): Command {
  return withData(new Command('logs'))
    .description('show the end of a process’s log')
    .argument('<name>', 'as `status` names it, such as peer.authority; chaincode is the one in force')
    .option('--lines <count>', 'how many lines', lineCount, 40)
    .option('--follow', 'go on until Ctrl-C', false)
    .action(async (asked: string, { data, lines, follow }: LogsOptions) => {
      const network = networkIn(data);
      const { name } = serviceNamed(network, asked);
      const file = network.folder.log(name);
      if (!existsSync(file)) throw new Error(`${name} has no log: it was never started`);
      const text = await readFile(file, 'utf8');
      process.stdout.write(`${text.trimEnd().split('\n').slice(-lines).join('\n')}\n`);
      if (follow) await tail(file, Buffer.byteLength(text));
    });
}

function lineCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number from 1');
}

async function tail(file: string, from: number): Promise<never> {
  const handle = await open(file, 'r');
  const buffer = Buffer.alloc(64 * 1024);
  for (let position = from; ;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    position += bytesRead;
    if (bytesRead > 0) process.stdout.write(buffer.subarray(0, bytesRead));
    else await pause(200);
  }
}
