// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { readConfig, startGateway, type Config, type Gateway } from 'yuanliu-gateway';
import { FILE_VARIABLE } from 'yuanliu-gateway/config/config';
import { readRunFile, writeRunFile, type Account, type RunFile } from '../run-file.js';
import { said } from '../words/index.js';
import { demandCreditCode, type KeepingOptions, port, withConfig } from './options.js';

export interface ServeOptions extends KeepingOptions {
  readonly port?: number;
  readonly adminPort?: number;
}

/** `yuanliu serve` */
export function serveCommand(): Command {
  return withListening(withConfig(new Command('serve')))
    .description(said('about-serve'))
    .option('--found <credit-code>', said('option-found'))
    .option('--user <name>', said('option-found-user'), '系统管理岗')
    .addHelpText('after', `\n${said('help-serve')}\n\n${said('example')}\n  yuanliu serve --data data --port 8080`)
    .action(async ({ found, user, ...options }: ServeOptions & { found?: string; user: string }) => {
      if (found !== undefined) demandCreditCode('--found', found);
      const config = configOf(options, { YUANLIU_DATA: 'data' });
      const before = await readRunFile(config.directory);
      const gateway = await startGateway(config);
      try {
        const accounts = (before?.accounts ?? []).map(({ token: _, ...account }): Account => account);
        await announce(gateway, config.directory, { ledger: config.ledger.kind, auth: config.auth.mode, accounts });
        for (const notice of gateway.notices) console.log(`! ${notice}`);
        console.log(said('gateway-at', { url: gateway.url, adminUrl: gateway.adminUrl }));
        if (found !== undefined) console.log(await founding(gateway, user, found));
      } catch (error) {
        await gateway.close(); // a gateway that is not what was asked for does not go on serving
        throw error;
      }
      await untilStopped(gateway);
    });
}

/** Vouches for who founds the ledger; says how they come by a token. */
async function founding(gateway: Gateway, user: string, organization: string): Promise<string> {
  const { token } = await gateway.account({ mspId: gateway.founder, user, organization });
  return token === undefined
    ? said('founder-oidc', { organization })
    : `${said('founder-token', { user, organization })}\n${token}`;
}

export function withListening(command: Command): Command {
  return command
    .option('--port <n>', said('option-port'), port)
    .option('--admin-port <n>', said('option-admin-port'), port);
}

/** The configuration of environment and file, with the command's options over it and `defaults` under it. */
export function configOf(
  { data, config, port: api, adminPort }: ServeOptions,
  defaults: Readonly<Record<string, string>>,
): Config {
  const given = {
    [FILE_VARIABLE]: config,
    YUANLIU_DATA: data,
    YUANLIU_PORT: api,
    YUANLIU_ADMIN_PORT: adminPort,
  };
  const set = Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  return readConfig({ ...process.env, ...(Object.fromEntries(set) as Record<string, string>) }, defaults);
}

/** Writes `run.json`, so that scripts find the gateway. */
export async function announce(
  { url, adminUrl }: Pick<Gateway, 'url' | 'adminUrl'>,
  directory: string,
  { ledger, auth, accounts }: Pick<RunFile, 'ledger' | 'auth' | 'accounts'>,
): Promise<void> {
  await writeRunFile(directory, { gateway: url, admin: adminUrl, pid: process.pid, ledger, auth, accounts });
}

/** Waits for an interrupt, then closes in order: what is under way finishes. */
export async function untilStopped(gateway: Pick<Gateway, 'close'>): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
  console.log(said('stopping'));
  await gateway.close();
}
