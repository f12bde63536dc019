// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { examine } from '../examine.js';
import { findingLine } from '../finding.js';
import { Processes } from '../process/processes.js';
import { silent } from '../progress.js';
import { toolchainAtHand } from '../toolchain/toolchain.js';
import { networkIn, withData } from './options.js';

/** `network doctor` */
export function doctorCommand(): Command {
  return withData(new Command('doctor'))
    .description(
      'look for what is wrong or soon will be, and say what to do; changes nothing; exit code 1 if anything is wrong',
    )
    .option('--json', 'print JSON', false)
    .action(async ({ data, json }: { data: string; json: boolean }) => {
      const network = networkIn(data);
      const toolchain = await toolchainAtHand(network.topology.fabric);
      const findings = await examine(network, toolchain, new Processes(network.folder, silent));
      console.log(json ? JSON.stringify(findings, null, 2) : findings.map(findingLine).join('\n'));
      if (findings.some(({ verdict }) => verdict === 'wrong')) process.exitCode = 1;
    });
}
