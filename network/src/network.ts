#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { addOrgCommand } from './commands/add-org.js';
import { crlCommand } from './commands/crl.js';
import { destroyCommand } from './commands/destroy.js';
import { doctorCommand } from './commands/doctor.js';
import { downCommand } from './commands/down.js';
import { logsCommand } from './commands/logs.js';
import { renewCommand } from './commands/renew.js';
import { restartCommand } from './commands/restart.js';
import { statusCommand } from './commands/status.js';
import { unitsCommand } from './commands/units.js';
import { upCommand } from './commands/up.js';
import { upgradeCommand } from './commands/upgrade.js';
import { WaitsForOthers } from './host.js';

// The network's folder holds every organisation's keys, and the programs we start write some of them world-readable.
process.umask(0o077);

const program = new Command('network')
  .description('a Hyperledger Fabric network for the Yuanliu contract, on this machine, as native processes')
  .showHelpAfterError('(`npm run network -- help COMMAND` tells more)')
  .configureHelp({ sortSubcommands: false })
  .addHelpText(
    'after',
    '\nExit codes: 0 done and well · 1 failed or not well · 2 wrong usage · 3 waits for another host',
  );

for (const command of [
  upCommand,
  downCommand,
  unitsCommand,
  statusCommand,
  logsCommand,
  restartCommand,
  renewCommand,
  addOrgCommand,
  crlCommand,
  doctorCommand,
  upgradeCommand,
  destroyCommand,
]) {
  program.addCommand(command().exitOverride());
}

program
  .exitOverride()
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof Error && 'exitCode' in error) {
      process.exitCode = error.exitCode === 0 ? 0 : 2; // commander has said it
      return;
    }
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof WaitsForOthers ? 3 : 1;
  });
