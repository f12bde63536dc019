// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import type { Config } from 'yuanliu-gateway';
import { issuerFile, openIssuer } from 'yuanliu-gateway/identity/issuer';
import { readRunFile } from '../run-file.js';
import { dataFolder, type KeepingOptions, organizationOf, withConfig } from './options.js';
import { configOf } from './serve.js';

/** `yuanliu token ORGANIZATION USER` */
export function tokenCommand(): Command {
  return withConfig(new Command('token'))
    .description('issue a token of the built-in issuer (demonstration and development only)')
    .argument('<organization>', 'its credit code, or as --as takes it')
    .argument('<user>', 'name of the user')
    .option('--lifetime <time>', 'such as 12h or 30d', '12h')
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
    throw new Error(
      `the gateway of ${directory} takes tokens of its OpenID provider only: get one there; its claims sub and org name user and organisation`,
    );
  }
  if (existsSync(issuerFile(directory))) return;
  throw new Error(
    `no gateway with the built-in issuer was started in ${directory}: run \`yuanliu serve\` first, or name its folder with --data`,
  );
}
