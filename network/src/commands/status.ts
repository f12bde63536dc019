// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { pinnedGenesis } from '../channel/genesis.js';
import { NOT_NAMED } from '../nodes/health.js';
import { overviewOf, type ServiceState } from '../overview.js';
import { Processes } from '../process/processes.js';
import { silent } from '../progress.js';
import { columns } from '../terminal.js';
import { networkIn, withData } from './options.js';

/** `network status` */
export function statusCommand(): Command {
  return withData(new Command('status'))
    .description('say what runs where and whether it is well; exit code 1 if anything is not')
    .option('--json', 'print JSON', false)
    .action(async ({ data, json }: { data: string; json: boolean }) => {
      const network = networkIn(data);
      const { folder, topology } = network;
      const states = await overviewOf(network, new Processes(folder, silent));
      const genesis = pinnedGenesis(folder);
      if (json) console.log(JSON.stringify({ folder: folder.root, genesis, topology, services: states }, null, 2));
      else {
        const { fabric, consensus, channel, chaincode } = topology;
        console.log(`Fabric ${fabric}, ${consensus}, channel ${channel}, chaincode ${chaincode}, in ${folder.root}`);
        console.log(`genesis block ${genesis ?? 'not pinned: `npm run network -- up` pins it'}\n`);
        console.log(table(states));
        console.log(`\n${verdict(states)}`);
      }
      if (states.some(({ state }) => state !== 'well')) process.exitCode = 1;
    });
}

function table(states: readonly ServiceState[]): string {
  const rows = states.map(({ name, state, pid, memory, height, ports, remark }) => [
    name,
    state,
    pid === undefined ? '' : String(pid),
    memory === undefined ? '' : `${Math.round(memory / 1024 / 1024)} MB`,
    height === undefined ? '' : String(height),
    ports.join(' '),
    remark ?? '',
  ]);
  return columns([['name', 'state', 'process', 'memory', 'blocks', 'ports on 127.0.0.1', ''], ...rows]);
}

function verdict(states: readonly ServiceState[]): string {
  const amiss = states.filter(({ state }) => state !== 'well');
  if (amiss.length === 0) return 'all well';
  if (amiss.every(({ state }) => state === 'stopped') && amiss.length === states.length)
    return 'nothing runs: `npm run network -- up` goes on with what is there';
  const ill = amiss.filter(({ state }) => state === 'ill');
  const steps = [
    ...(ill.length < amiss.length ? ['`npm run network -- up` starts what is stopped'] : []),
    ...ill.map(({ name, remark }) => remedyFor(name, remark)),
  ];
  return `not well: ${amiss.map(({ name, state }) => `${name} (${state})`).join(', ')}; ${steps.join('; ')}`;
}

/** What to do about a process that runs and is not well. */
function remedyFor(name: string, remark = ''): string {
  if (remark.includes(NOT_NAMED)) return `\`npm run network -- renew ${name}\``;
  return `\`npm run network -- restart ${name}\` ends and starts it, \`logs ${name}\` tells more`;
}
