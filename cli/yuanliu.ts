#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { accountCommand } from './commands/account.js';
import { backupCommand } from './commands/backup.js';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { identityCommand } from './commands/identity.js';
import { importCommand } from './commands/import.js';
import { proceduresCommand } from './commands/procedures.js';
import { actCommand, getCommand, listCommand, traceCommand } from './commands/records.js';
import { logLevelCommand } from './commands/log-level.js';
import { reindexCommand } from './commands/reindex.js';
import { restoreCommand } from './commands/restore.js';
import { serveCommand } from './commands/serve.js';
import { tokenCommand } from './commands/token.js';
import { worklistCommand } from './commands/worklist.js';
import { EXIT_CODES, printFailure } from './exit.js';
import { UsageError } from './failures.js';

// What it writes holds keys, tokens and records: for its user alone.
process.umask(0o077);

const program = new Command('yuanliu')
  .description('源流 — where public data came from, where it went, under whose authority, who answers for it')
  .showHelpAfterError('(`yuanliu help COMMAND` tells more)')
  .configureHelp({ sortSubcommands: false })
  .addHelpText('after', `\n${EXIT_CODES}`);

for (const command of [
  demoCommand,
  serveCommand,
  actCommand,
  getCommand,
  listCommand,
  traceCommand,
  worklistCommand,
  proceduresCommand,
  accountCommand,
  importCommand,
  tokenCommand,
  identityCommand,
  logLevelCommand,
  backupCommand,
  restoreCommand,
  reindexCommand,
  doctorCommand,
]) {
  program.addCommand(command().exitOverride());
}

const asked = process.argv.slice(2);
const json = asked.includes('--json');

// A reader that has seen enough, such as `head`, ends the command quietly.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

program.exitOverride().helpCommand(false).addCommand(helpCommand().exitOverride());

run(asked).catch((error: unknown) => {
  process.exitCode = printFailure(error, json);
});

async function run(words: readonly string[]): Promise<void> {
  if (words.some((word) => word.includes('\ufffd'))) {
    throw new UsageError(
      'an argument is not UTF-8: use a terminal in UTF-8, or put the text into a file (@FILE) and name its --encoding',
    );
  }
  await program.parseAsync(words, { from: 'user' });
}

/** `yuanliu help COMMAND…` shows the same as `yuanliu COMMAND… --help`, at any depth. */
function helpCommand(): Command {
  return new Command('help')
    .description('show what a command does, such as `help identity register` or `help act resource:anchor`')
    .argument('[command...]')
    .action(async (words: readonly string[]) => {
      let command: Command | undefined = program;
      for (const word of words) {
        if (command.commands.length === 0) break; // the rest are arguments
        command = command.commands.find((one) => one.name() === word);
        if (!command) throw new UsageError(`there is no command ${words.join(' ')}: \`yuanliu help\` lists them`);
      }
      await program.parseAsync([...words, '--help'], { from: 'user' });
    });
}
