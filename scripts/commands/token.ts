// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { openIssuer } from 'yuanliu-gateway/identity/issuer';
import { withData } from './options.js';

/** `yuanliu token ORGANIZATION USER` */
export function tokenCommand(): Command {
  return withData(new Command('token'))
    .description('issue a token of the built-in issuer (demonstration and development only)')
    .argument('<organization>', 'credit code')
    .argument('<user>', 'name of the user')
    .option('--lifetime <time>', 'such as 12h or 30d', '12h')
    .action(async (organization: string, user: string, { data, lifetime }: { data: string; lifetime: string }) => {
      const issuer = await openIssuer(data);
      console.log(await issuer.issue({ user, organization }, lifetime));
    });
}
