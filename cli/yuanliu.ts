#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { printFailure } from './exit.js';
import { UsageError } from './failures.js';
import { prepared } from './usage.js';
import { said } from './words/index.js';

// What it writes holds keys, tokens and records: for its user alone.
process.umask(0o077);

const program = new Command('yuanliu')
  .description(said('about-yuanliu'))
  .showHelpAfterError(said('help-more'))
  .configureHelp({ sortSubcommands: false })
  .addHelpText('after', `\n${said('exit-codes')}`);

/** Every command, in the order of the help. Each is loaded when it is needed: most need no ledger, and start at once. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./commands/demo.js')).demoCommand(),
  init: async () => (await import('./commands/init.js')).initCommand(),
  serve: async () => (await import('./commands/serve.js')).serveCommand(),
  act: async () => (await import('./commands/records.js')).actCommand(),
  get: async () => (await import('./commands/records.js')).getCommand(),
  list: async () => (await import('./commands/records.js')).listCommand(),
  trace: async () => (await import('./commands/records.js')).traceCommand(),
  worklist: async () => (await import('./commands/worklist.js')).worklistCommand(),
  rulebook: async () => (await import('./commands/rulebook.js')).rulebookCommand(),
  procedures: async () => (await import('./commands/procedures.js')).proceduresCommand(),
  account: async () => (await import('./commands/account.js')).accountCommand(),
  import: async () => (await import('./commands/import.js')).importCommand(),
  token: async () => (await import('./commands/token.js')).tokenCommand(),
  identity: async () => (await import('./commands/identity.js')).identityCommand(),
  'log-level': async () => (await import('./commands/log-level.js')).logLevelCommand(),
  backup: async () => (await import('./commands/backup.js')).backupCommand(),
  restore: async () => (await import('./commands/restore.js')).restoreCommand(),
  reindex: async () => (await import('./commands/reindex.js')).reindexCommand(),
  doctor: async () => (await import('./commands/doctor.js')).doctorCommand(),
};

const asked = process.argv.slice(2);
const json = asked.includes('--json');

// A reader that has seen enough, such as `head`, ends the command quietly.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

run(asked).catch((error: unknown) => {
  process.exitCode = printFailure(error, json);
});

async function run(words: readonly string[]): Promise<void> {
  if (words.some((word) => word.includes('\ufffd'))) {
    throw new UsageError(said('not-utf8'));
  }
  const [first = ''] = words;
  const needed = Object.hasOwn(commands, first) ? [first] : Object.keys(commands);
  for (const name of needed) {
    const command = await commands[name]?.();
    if (command) program.addCommand(command);
  }
  program.helpCommand(false).addCommand(helpCommand());
  prepared(program);
  await program.parseAsync(words, { from: 'user' });
}

/** `yuanliu help COMMAND…` shows the same as `yuanliu COMMAND… --help`, at any depth. */
function helpCommand(): Command {
  return new Command('help')
    .description(said('about-help'))
    .argument('[command...]')
    .action(async (words: readonly string[]) => {
      let command: Command | undefined = program;
      for (const word of words) {
        if (command.commands.length === 0) break; // the rest are arguments
        command = command.commands.find((one) => one.name() === word);
        if (!command) throw new UsageError(said('no-command', { words: words.join(' ') }));
      }
      await program.parseAsync([...words, '--help'], { from: 'user' });
    });
}
