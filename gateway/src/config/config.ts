// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { z } from 'zod';
import { readConfigFile } from './config-file.js';
import type { ForwardingHeader } from './client-address.js';
import { KEY_VARIABLE, NEW_KEY_VARIABLE } from '../storage/store-key.js';
import { keyOf, type logLevels, PREFIX, settings, type Settings } from './settings.js';

/** What a gateway needs to know before it starts. */
export interface Config {
  /** Holds everything the gateway keeps: ledger, keys, index, imports. */
  readonly directory: string;
  /** The address to listen on. */
  readonly host: string;
  /** Port of the API; 0 takes any free one. */
  readonly port: number;
  /** Port of health and metrics, on the loopback address only; 0 takes any free one. */
  readonly adminPort: number;
  readonly ledger: LedgerConfig;
  readonly auth: Auth;
  readonly logLevel: LogLevel;
  readonly limits: Limits;
}

/** Which ledger: the embedded one, or a Fabric network as one of its members, by its peers' Gateway service or without. */
export type LedgerConfig =
  | { readonly kind: 'embedded'; readonly genesis?: string }
  | {
      readonly kind: 'fabric' | 'fabric-sdk';
      /** The network's `network.json`. */
      readonly connection: string;
      /** The organisation that this gateway is of: its users, its certificate authority, its peers first. */
      readonly mspId: string;
      /** Signatures are checked in one block of so many. */
      readonly checkEvery: number;
      /** Hex header hash of the genesis block that the ledger must begin with, of either kind. */
      readonly genesis?: string;
    };

/** Where tokens come from: the gateway's own issuer (demonstration and development only), or an OpenID provider. */
export type Auth = { readonly mode: 'builtin' } | ({ readonly mode: 'oidc' } & OidcProvider);

export interface OidcProvider {
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly audience: string;
}

export type LogLevel = (typeof logLevels)[number];

export interface Limits {
  /** Requests a minute, by user, or by address without a token. */
  readonly requestsPerMinute: number;
  /** Addresses and ranges of the proxies that are believed by which address a request came. */
  readonly trustedProxies: readonly string[];
  /** The header in which those proxies say for whom they ask. */
  readonly forwardedHeader: ForwardingHeader;
  /** Writes under way at once; beyond, they wait a little or are refused. */
  readonly writes: number;
  /** Questions about chains under way at once, by organisation, or by address without a token. */
  readonly traces: number;
  /** Largest body of an act, in bytes. */
  readonly actBytes: number;
  /** Largest file of an import, in bytes. */
  readonly importBytes: number;
  /** For how many days the results of an import are kept. */
  readonly importDays: number;
  /** How long a write waits for its commit, and a read for `minBlock`, before it says that it is not there yet. */
  readonly waitMs: number;
  /** Where less is free on the disk of the data, the gateway says that it is not ready; in bytes. */
  readonly minFreeBytes: number;
  /** How long a client may take for the head of a request and ten times that for all of it, or take nothing of an answer. */
  readonly clientMs: number;
  readonly streams: StreamLimits;
}

/** Bounds on streams of events. */
export interface StreamLimits {
  /** How many are open at a time to one organisation, or one address without a token. */
  readonly each: number;
  /** Longest silence on a stream, in milliseconds. */
  readonly heartbeatMs: number;
  /** How long a client may take to read what was sent, in milliseconds. */
  readonly patienceMs: number;
}

/** The configuration is wrong: the message names each variable, or its place in the file, and what to set it to. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`the configuration does not hold:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Names the YAML file that settings are read from. */
export const FILE_VARIABLE = 'YUANLIU_CONFIG';

/**
 * Reads the configuration from environment variables `YUANLIU_*`, and from the YAML file that YUANLIU_CONFIG names where
 * they say nothing, and `defaults` where neither does.
 *
 * @throws ConfigError naming everything that is wrong, or unknown, and the fix.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  defaults: Readonly<Record<string, string>> = {},
): Config {
  const path = environment[FILE_VARIABLE];
  const file = path === undefined ? undefined : readConfigFile(path);
  const given = Object.entries(environment).filter(
    ([key, value]) =>
      key.startsWith(PREFIX) && value !== undefined && !READ_ELSEWHERE.includes(key) && !isServiceLink(key, value),
  );
  const own = Object.fromEntries(given);
  const parsed = config.safeParse({ ...defaults, ...file?.values, ...own });
  const nameOf = (variable: string): string => {
    if (Object.hasOwn(own, variable) || !file) return variable;
    return file.places[variable] ?? `${variable}, or ${keyOf(variable)} in ${path ?? ''}`;
  };
  const wrong = parsed.success ? [] : parsed.error.issues.flatMap((issue) => problemsOf(issue, nameOf));
  const problems = [...(file?.problems ?? []), ...wrong];
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new ConfigError(problems);
}

/** Read where they are used: what names the file, keys, and what only commands take. */
const READ_ELSEWHERE = [FILE_VARIABLE, KEY_VARIABLE, NEW_KEY_VARIABLE, 'YUANLIU_TOKEN', 'YUANLIU_NETWORK'];

/**
 * Whether a variable is no setting, but what Kubernetes sets in each pod for a service whose name begins with `yuanliu`, or
 * Docker for a link: `YUANLIU_PORT=tcp://10.0.0.1:8080`, `YUANLIU_SERVICE_HOST`, `YUANLIU_PORT_8080_TCP_ADDR`.
 */
function isServiceLink(key: string, value: string): boolean {
  if (key.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\//.test(value)) return true;
  return /_SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)$|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/.test(key);
}

const config = settings.transform((set, context): Config => {
  const demand = (wanted: readonly (keyof Settings)[], message: string): void => {
    for (const key of wanted) if (set[key] === undefined) context.addIssue({ code: 'custom', path: [key], message });
  };
  const { YUANLIU_LEDGER: kind, YUANLIU_GENESIS: genesis } = set;
  const pin = genesis === undefined ? {} : { genesis };
  let ledger: LedgerConfig = { kind: 'embedded', ...pin };
  if (kind !== 'embedded') {
    const { YUANLIU_FABRIC: connection, YUANLIU_MSP: mspId, YUANLIU_CHECK_EVERY: checkEvery } = set;
    demand(['YUANLIU_FABRIC'], `set it to the network.json of the network that YUANLIU_LEDGER=${kind} is`);
    demand(['YUANLIU_MSP'], 'set it to the MSP id of the organisation whose gateway this is');
    ledger = { kind, connection: resolve(connection ?? ''), mspId: mspId ?? '', checkEvery, ...pin };
  }
  let auth: Auth = { mode: 'builtin' };
  if (set.YUANLIU_AUTH === 'oidc') {
    const { YUANLIU_OIDC_ISSUER: issuer, YUANLIU_OIDC_JWKS_URL: jwksUrl, YUANLIU_OIDC_AUDIENCE: audience } = set;
    demand(['YUANLIU_OIDC_ISSUER', 'YUANLIU_OIDC_JWKS_URL'], 'set it: YUANLIU_AUTH=oidc takes tokens of that provider');
    auth = { mode: 'oidc', issuer: issuer ?? '', jwksUrl: jwksUrl ?? '', audience };
  }
  return {
    directory: set.YUANLIU_DATA,
    host: set.YUANLIU_HOST,
    port: set.YUANLIU_PORT,
    adminPort: set.YUANLIU_ADMIN_PORT,
    ledger,
    auth,
    logLevel: set.YUANLIU_LOG_LEVEL,
    limits: {
      requestsPerMinute: set.YUANLIU_REQUESTS_PER_MINUTE,
      trustedProxies: set.YUANLIU_TRUSTED_PROXIES ?? [],
      forwardedHeader: set.YUANLIU_FORWARDED_HEADER,
      writes: set.YUANLIU_WRITES,
      traces: set.YUANLIU_TRACES,
      actBytes: set.YUANLIU_ACT_BYTES,
      importBytes: set.YUANLIU_IMPORT_BYTES,
      importDays: set.YUANLIU_IMPORT_DAYS,
      waitMs: set.YUANLIU_WAIT_MS,
      clientMs: set.YUANLIU_CLIENT_MS,
      minFreeBytes: set.YUANLIU_MIN_FREE_MIB * 1024 * 1024,
      streams: {
        each: set.YUANLIU_STREAMS,
        heartbeatMs: set.YUANLIU_STREAM_HEARTBEAT_MS,
        patienceMs: set.YUANLIU_STREAM_PATIENCE_MS,
      },
    },
  };
});

function problemsOf(issue: z.core.$ZodIssue, nameOf: (variable: string) => string): string[] {
  if (issue.code !== 'unrecognized_keys') return [`${nameOf(issue.path.join('.'))}: ${issue.message}`];
  return issue.keys.map((key) => {
    const name = nameOf(key);
    const known = Object.keys(settings.shape).map(name === key ? String : keyOf);
    const secret =
      key === KEY_VARIABLE ? ` (the key of the identity store is no setting: set ${key} in the environment)` : '';
    return `${name}: not known${secret}; known are ${known.join(', ')}`;
  });
}
