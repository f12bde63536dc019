#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { ConfigError } from 'yuanliu-gateway/config';
import { IdentityError } from 'yuanliu-gateway/identity/error';
import { ProblemError, UnreachableError, UsageError } from './client.js';
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

// What it writes holds keys, tokens and records: for its user alone.
process.umask(0o077);

const program = new Command('yuanliu')
  .description('源流 — where public data came from, where it went, under whose authority, who answers for it')
  .showHelpAfterError('(`yuanliu help COMMAND` tells more)')
  .configureHelp({ sortSubcommands: false })
  .addHelpText(
    'after',
    '\nExit codes: 0 done · 1 failed · 2 wrong usage · 3 refused by the gateway · 4 no gateway answers',
  );

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

program
  .exitOverride()
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = tell(error);
  });

/** Says what went wrong and what to do next; returns the exit code. */
function tell(error: unknown): number {
  if (error instanceof Error && 'exitCode' in error) return error.exitCode === 0 ? 0 : 2; // commander has said it
  if (error instanceof ProblemError) {
    const { code, rule, article, issues, violations } = error.problem;
    const remedy = code === 'UNAUTHENTICATED' ? WHO_ASKS : error.problem.remedy;
    console.error(error.message);
    if (rule !== undefined) console.error(`  rule ${rule}${article === undefined ? '' : ` (${article})`}`);
    for (const issue of issues ?? []) console.error(`  ${issue.path === '' ? '' : `${issue.path}: `}${issue.message}`);
    for (const broken of violations ?? []) console.error(`  ${broken.rule} (${broken.article}): ${broken.message}`);
    if (remedy !== undefined) console.error(`  → ${remedy}`);
    return 3;
  }
  if (error instanceof UnreachableError) {
    console.error(error.message);
    return 4;
  }
  console.error(isOfPath(error) ? `there is no ${error.path}: check its name` : messageOf(error));
  if (error instanceof IdentityError) console.error(`  → ${error.remedy}`);
  return error instanceof ConfigError || error instanceof UsageError ? 2 : 1;
}

/** The gateway speaks of a header, which no option is. */
const WHO_ASKS = 'say who asks: --as ACCOUNT in a demonstration, or --token JWT with a token of your organisation';

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A file or folder that is named and not there. */
function isOfPath(error: unknown): error is { readonly path: string } {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT' && 'path' in error;
}
