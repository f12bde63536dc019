// SPDX-License-Identifier: Apache-2.0
import type { Command } from 'commander';
import { administratorTokenFile } from 'yuanliu-gateway/http/middleware/administrator';
import { readSecret } from 'yuanliu-gateway/storage/private-files';
import { GatewayClient, UsageError } from '../client.js';
import { readRunFile } from '../run-file.js';
import { said } from '../words/index.js';
import { withData } from './options.js';

/** Options of every command that speaks to the admin port of a running gateway. */
export interface AdminOptions {
  readonly data: string;
  readonly admin?: string;
  readonly json: boolean;
}

export function withAdmin(command: Command): Command {
  return withData(command).option('--admin <url>', said('option-admin')).option('--json', said('option-json'), false);
}

/** Speaks to the admin port with the token in the gateway's folder, which its owner alone can read. */
export async function administratorOf({
  data,
  admin,
  json,
}: Omit<AdminOptions, 'json'> & Partial<AdminOptions>): Promise<GatewayClient> {
  const address = admin ?? (await readRunFile(data))?.admin;
  if (address === undefined) throw new UsageError(said('no-gateway-admin', { data }));
  const file = administratorTokenFile(data);
  const token = await readSecret(file);
  if (token === undefined) throw new UsageError(said('no-admin-file', { file }));
  return new GatewayClient(address, token.trim(), { printed: json !== true });
}
