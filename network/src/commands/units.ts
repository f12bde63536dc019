// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { Command } from 'commander';
import { writePrivate } from '../folder.js';
import { servicesOf } from '../nodes/services.js';
import type { Program } from '../process/processes.js';
import { spoken } from '../progress.js';
import { toolchainFor } from '../toolchain/toolchain.js';
import { networkIn, withData } from './options.js';

/** `network units` */
export function unitsCommand(): Command {
  return withData(new Command('units'))
    .description(
      'write a systemd unit for each process of this host, for who would have systemd run them; starts nothing',
    )
    .option('--user <name>', 'whom the processes run as', 'yuanliu')
    .action(async ({ data, user }: { data: string; user: string }) => {
      const network = networkIn(data);
      const toolchain = await toolchainFor(network.topology.fabric, spoken);
      const folder = join(network.folder.root, 'units');
      for (const service of servicesOf(network)) {
        const program = await service.program(toolchain);
        await writePrivate(join(folder, `yuanliu-${program.name}.service`), unitOf(program, user));
      }
      console.log(
        `units are in ${folder}. Bring the network down, make it the property of ${user}, and as root:\n` +
          `  cd '${folder}' && cp *.service /etc/systemd/system && systemctl daemon-reload && systemctl enable --now *.service`,
      );
    });
}

/** Of one process: started anew whenever it fails, however often. */
export function unitOf({ name, program, args, env, cwd }: Program, user: string): string {
  return [
    '[Unit]',
    `Description=Yuanliu network: ${name}`,
    'After=network-online.target',
    'Wants=network-online.target',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    `User=${user}`,
    'UMask=0077',
    `WorkingDirectory=${plain(cwd)}`,
    ...Object.entries(env).map(([key, value]) => `Environment=${quoted(`${key}=${value}`)}`),
    `ExecStart=${[quoted(program), ...args.map((word) => quoted(word).replaceAll('$', '$$$$'))].join(' ')}`,
    'Restart=on-failure',
    'RestartSec=2',
    'LimitNOFILE=65536',
    'NoNewPrivileges=true',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

/** As systemd unquotes it. A `$` means something to it in the arguments of a command only. */
function quoted(word: string): string {
  return `"${plain(word).replace(/[\\"]/g, '\\$&')}"`;
}

/** With `%` taken for what it is. */
function plain(word: string): string {
  return word.replaceAll('%', '%%');
}
