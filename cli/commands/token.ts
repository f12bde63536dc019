// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import type { Config } from 'yuanliu-gateway';
import { issuerFile, openIssuer } from 'yuanliu-gateway/identity/issuer';
import { readRunFile } from '../run-file.js';
import { dataFolder, type KeepingOptions, organizationOf, withConfig } from './options.js';
import { said } from '../words/index.js';
import { configOf } from './serve.js';

/** `yuanliu token ORGANIZATION USER` */
export function tokenCommand(): Command {
  return withConfig(new Command('token'))
    .description(said('about-token'))
    .argument('<organization>', said('arg-organization'))
    .argument('<user>', said('arg-user-name'))
    .option('--lifetime <time>', said('option-lifetime'), '12h')
    .action(async (organization: string, user: string, { lifetime, ...options }: TokenOptions) => {
      const config = configOf(options, { YUANLIU_DATA: dataFolder() });
      const code = await organizationOf(organization, config.directory);
      await demandBuiltinIssuer(config);
      const issuer = await openIssuer(config.directory);
      console.log(await issuer.issue({ user, organization: code }, lifetime));
    });
}

interface TokenOptions extends KeepingOptions {
  readonly lifetime: string;
}

/** Throws where no gateway would take the token; nothing is made. */
async function demandBuiltinIssuer({ directory, auth }: Config): Promise<void> {
  const run = await readRunFile(directory);
  if (auth.mode === 'oidc' || run?.auth === 'oidc') {
    throw new Error(said('oidc-only', { directory }));
  }
  if (existsSync(issuerFile(directory))) return;
  throw new Error(said('no-issuer', { directory }));
}
