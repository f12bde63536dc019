// SPDX-License-Identifier: Apache-2.0
import { Argument, Command } from 'commander';
import { logLevels } from 'yuanliu-gateway/config/settings';
import { administratorOf, type AdminOptions, withAdmin } from './admin.js';
import { said } from '../words/index.js';
import { print } from './options.js';

/** `yuanliu log-level [LEVEL]` */
export function logLevelCommand(): Command {
  return withAdmin(new Command('log-level'))
    .description(said('about-log-level'))
    .addArgument(new Argument('[level]', said('arg-level')).choices(logLevels))
    .action(async (level: string | undefined, options: AdminOptions) => {
      const admin = await administratorOf(options);
      const change = level === undefined ? {} : ({ method: 'PUT', body: JSON.stringify({ level }) } as const);
      const now = await admin.ask<{ level: string }>('/admin/v1/log-level', change);
      if (options.json) print(now);
      else console.log(now.level);
    });
}
