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
        `units are in ${folder}. Bring the network down, copy them to /etc/systemd/system, ` +
          `then: systemctl daemon-reload && systemctl enable --now 'yuanliu-*.service'`,
      );
    });
}

function unitOf({ name, program, args, env, cwd }: Program, user: string): string {
  return [
    '[Unit]',
    `Description=Yuanliu network: ${name}`,
    'After=network-online.target',
    'Wants=network-online.target',
    '',
    '[Service]',
    `User=${user}`,
    'UMask=0077',
    `WorkingDirectory=${cwd}`,
    ...Object.entries(env).map(([key, value]) => `Environment=${quoted(`${key}=${value}`)}`),
    `ExecStart=${[program, ...args].map(quoted).join(' ')}`,
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

/** As systemd unquotes it, with its own `%` and `$` taken for what they are. */
function quoted(word: string): string {
  return `"${word.replace(/[\\"]/g, '\\$&').replace(/%/g, '%%').replace(/\$/g, '$$$$')}"`;
}
