// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { isCreditCode } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { FILE_VARIABLE } from 'yuanliu-gateway/config/config';
import type { Page } from 'yuanliu-gateway/index/ledger-index';
import { decodeText, EncodingError, encodingOf, encodingOptions } from 'yuanliu-gateway/text/encoding';
import { GatewayClient, pluralOf, UsageError } from '../client.js';
import { language } from '../lang.js';
import { said } from '../words/index.js';
import { readRunFile, type Account } from '../run-file.js';
import { shown } from '../shown.js';
import { textOf as saidIn } from 'yuanliu-gateway/messages/index';

/** Options of every command that speaks to a running gateway. */
export interface ClientOptions {
  readonly data: string;
  readonly gateway?: string;
  readonly as?: string;
  readonly token?: string;
  readonly json: boolean;
}

/** Adds the folder of a gateway: YUANLIU_DATA unless given, else `fallback`, else {@link dataFolder}. */
export function withData(command: Command, fallback?: string): Command {
  const otherwise = fallback ?? said('data-or-demo');
  return command.addOption(
    new Option('--data <dir>', said('option-data')).default(
      environment('YUANLIU_DATA') ?? fallback ?? dataFolder(),
      said('default-data', { otherwise }),
    ),
  );
}

/** The folder that commands work on unless they are given one: that of a gateway, else that of the demonstration. */
export function dataFolder(): string {
  return !existsSync('data') && existsSync('demo-data') ? 'demo-data' : 'data';
}

/** A variable of the environment; an empty one counts as unset. */
export function environment(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

/** Adds the encoding of text that a command reads. */
export function withEncoding(command: Command): Command {
  return command.addOption(new Option('--encoding <encoding>', said('option-encoding')).choices(encodingOptions));
}

/** Options of every command that works on what a gateway keeps. */
export interface KeepingOptions {
  /** The data folder, where the configuration does not say it. */
  readonly data?: string;
  readonly config?: string;
}

export function withConfig(command: Command): Command {
  return command
    .option('--data <dir>', said('option-data-long'))
    .option('--config <file>', said('option-config', { variable: FILE_VARIABLE }));
}

/** Adds the options that say which gateway to speak to, and as whom. */
export function withClient(command: Command): Command {
  return withData(command)
    .option('--gateway <url>', said('option-gateway'))
    .option('--as <account>', said('option-as'))
    .option('--token <jwt>', said('option-token'))
    .option('--json', said('option-json'), false);
}

/** Options of every command that answers page by page. */
export interface PageOptions {
  readonly limit: number;
  readonly cursor?: string;
  readonly asOf?: string;
}

export function withPages(command: Command): Command {
  return command
    .option('--limit <n>', said('option-limit'), count, 50)
    .option('--cursor <cursor>', said('option-cursor'))
    .option('--as-of <when>', said('option-as-of'));
}

/** The query parameters that say which page. */
export function paged({ limit, cursor, asOf }: PageOptions): Readonly<Record<string, string | undefined>> {
  return { limit: String(limit), cursor, asOf };
}

/** Prints a page: as JSON, or each item as `lineOf` writes it, `none` where there is none and it is not empty, and how to ask for the next. */
export function printPage<Item>(
  page: Omit<Page<Item>, 'asOf'>,
  { json }: { readonly json: boolean },
  lineOf: (item: Item) => string,
  none: string,
): void {
  if (json) {
    print(page);
    return;
  }
  for (const item of page.items) console.log(lineOf(item));
  if (page.items.length === 0 && none !== '') console.log(none);
  if (page.cursor !== undefined) console.log(said('more-pages', { cursor: page.cursor }));
}

/** The client that the options describe: an option counts before the environment. Throws if no gateway or account fits. */
export async function clientOf({ data, gateway, as, token: given, json }: ClientOptions): Promise<GatewayClient> {
  if (as !== undefined && given !== undefined) throw new UsageError(said('as-and-token'));
  if (as === '' || given === '') throw new UsageError(said('option-is-empty', { option: as === '' ? 'as' : 'token' }));
  const token = given ?? (as === undefined ? environment('YUANLIU_TOKEN') : undefined);
  const settings = { printed: !json };
  const run = await readRunFile(data);
  const address = gateway ?? run?.gateway;
  if (address === undefined) throw new UsageError(said('no-gateway-started', { data }));
  if (token !== undefined || as === undefined) return new GatewayClient(address, token, settings);
  const fitting = accountsCalled(as, run?.accounts);
  const [account, ...others] = fitting;
  if (others.length > 0) {
    throw new UsageError(`${said('several-accounts', { as, count: fitting.length })}\n${listed(fitting)}`);
  }
  if (account?.token === undefined) {
    const known = listed(run?.accounts ?? []);
    throw new UsageError(`${said('no-account', { as, data })}\n${known}`);
  }
  return new GatewayClient(gateway ?? account.gateway ?? address, account.token, settings);
}

/**
 * The credit code of an organisation that is given by its code, or as `--as` takes an account in `DIR/run.json`: by its
 * name, its role or its user.
 *
 * @throws UsageError where several organisations, or none, are called that
 */
export async function organizationOf(named: string, data: string): Promise<string> {
  if (isCreditCode(named)) return named;
  const accounts = (await readRunFile(data))?.accounts ?? [];
  const [code, ...others] = new Set(accountsCalled(named, accounts).map(({ organization }) => organization));
  if (code === undefined) throw new UsageError(`${said('no-organization', { named, data })}\n${listed(accounts)}`);
  if (others.length === 0) return code;
  throw new UsageError(`${said('several-organizations', { named })}\n${listed(accountsCalled(named, accounts))}`);
}

function accountsCalled(called: string, accounts: readonly Account[] = []): readonly Account[] {
  return accounts.filter(({ role, organization, user, name }) => [role, organization, user, name].includes(called));
}

function listed(accounts: readonly Account[]): string {
  return accounts.map((one) => shown(`  ${one.role}  ${one.organization}  ${one.name}`)).join('\n');
}

/** Where a gateway has a record, or one version of it. Throws UsageError for what is no reference. */
export function pathOf(ref: string): { path: string; version: string | undefined } {
  const match = /^([a-z-]+)\/([^/@]+)(?:@(\d+))?$/.exec(ref);
  if (!match?.[1] || !match[2]) throw new UsageError(said('not-a-reference', { ref }));
  return { path: `/api/v1/${pluralOf(match[1])}/${encodeURIComponent(match[2])}`, version: match[3] };
}

/** Reads bytes as text, in the encoding of the options where they name one. @throws UsageError for what is no such text */
export function textOf(bytes: Uint8Array, source: string, { encoding }: { readonly encoding?: string }): string {
  try {
    return decodeText(bytes, { stated: encoding === undefined ? undefined : encodingOf(encoding) }).text;
  } catch (error) {
    if (error instanceof EncodingError) {
      const { message, remedy = '' } = saidIn(language, error.why);
      throw new UsageError(said('text-unreadable', { source, why: `${message}; ${remedy}` }));
    }
    throw error;
  }
}

/** Parses a port for commander. */
export function port(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value > 65_535) throw new InvalidArgumentError(said('not-a-port'));
  return value;
}

/** Parses a count for commander. */
export function count(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError(said('not-a-count'));
  return Number(text);
}

/** Throws UsageError for what is no credit code. */
export function demandCreditCode(name: string, code: string): void {
  if (isCreditCode(code)) return;
  throw new UsageError(said('not-a-credit-code', { name, code }));
}

export function print(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}
