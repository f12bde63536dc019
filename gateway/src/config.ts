// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { z } from 'zod';
import { KEY_VARIABLE } from './identity/store-key.js';

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
  | { readonly kind: 'embedded' }
  | {
      readonly kind: 'fabric' | 'fabric-sdk';
      /** The network's `network.json`. */
      readonly connection: string;
      /** The organisation that this gateway is of: its users, its certificate authority, its peers first. */
      readonly mspId: string;
      /** Signatures are checked in one block of so many. */
      readonly checkEvery: number;
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
  /** Writes under way at once; beyond, they are refused at once. */
  readonly writes: number;
  /** Largest body of an act, in bytes. */
  readonly actBytes: number;
  /** Largest file of an import, in bytes. */
  readonly importBytes: number;
  /** How long a write waits for its commit, and a read for `minBlock`, before it says that it is not there yet. */
  readonly waitMs: number;
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

/** The configuration is wrong: the message names each variable and what to set it to. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`the configuration does not hold:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Reads the configuration from environment variables `YUANLIU_*`.
 *
 * @throws ConfigError naming every variable that is wrong, or unknown, and the fix.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const own = Object.entries(environment).filter(([key, value]) => key.startsWith('YUANLIU_') && value !== undefined);
  const parsed = variables.safeParse(Object.fromEntries(own));
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map(problemOf));
}

/** What YUANLIU_LEDGER may be. */
export const LEDGERS = ['embedded', 'fabric', 'fabric-sdk'] as const satisfies readonly LedgerConfig['kind'][];

const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;
const port = (fallback: number) => integer(fallback, 0, 65_535);
const url = z.url({ protocol: /^https?$/, error: 'set it to an http or https URL' });

const variables = z
  .strictObject({
    YUANLIU_DATA: z.string({ error: 'set it to the folder that holds, or shall hold, the data' }).min(1),
    YUANLIU_HOST: z
      .union([z.ipv4(), z.ipv6()], { error: 'set it to an IP address such as 127.0.0.1' })
      .default('127.0.0.1'),
    YUANLIU_PORT: port(8080),
    YUANLIU_ADMIN_PORT: port(8081),
    YUANLIU_LEDGER: choice(LEDGERS).default('embedded'),
    YUANLIU_FABRIC: z.string().min(1).optional(),
    YUANLIU_MSP: z.string().min(1).optional(),
    YUANLIU_CHECK_EVERY: integer(1, 1, 1_000_000),
    YUANLIU_AUTH: choice(['builtin', 'oidc']).default('builtin'),
    YUANLIU_OIDC_ISSUER: url.optional(),
    YUANLIU_OIDC_JWKS_URL: url.optional(),
    YUANLIU_OIDC_AUDIENCE: z.string().min(1).default('yuanliu'),
    YUANLIU_LOG_LEVEL: choice(logLevels).default('info'),
    YUANLIU_REQUESTS_PER_MINUTE: integer(6000, 1, 10_000_000),
    YUANLIU_WRITES: integer(500, 1, 100_000),
    YUANLIU_ACT_BYTES: integer(1_048_576, 1024, 1_048_576),
    YUANLIU_IMPORT_BYTES: integer(16_777_216, 1024, 268_435_456),
    YUANLIU_WAIT_MS: integer(10_000, 1, 120_000),
    YUANLIU_STREAMS: integer(16, 1, 10_000),
    YUANLIU_STREAM_HEARTBEAT_MS: integer(15_000, 10, 120_000),
    YUANLIU_STREAM_PATIENCE_MS: integer(30_000, 10, 600_000),
    /** Read by the identity store. */
    [KEY_VARIABLE]: z.string().optional(),
  })
  .transform((set, context): Config => {
    const { YUANLIU_OIDC_ISSUER: issuer, YUANLIU_OIDC_JWKS_URL: jwksUrl, YUANLIU_OIDC_AUDIENCE: audience } = set;
    const demand = (wanted: Readonly<Record<string, string | undefined>>, message: string): void => {
      for (const [key, value] of Object.entries(wanted)) {
        if (value === undefined) context.addIssue({ code: 'custom', path: [key], message });
      }
    };
    let ledger: LedgerConfig = { kind: 'embedded' };
    const { YUANLIU_LEDGER: kind } = set;
    if (kind !== 'embedded') {
      const { YUANLIU_FABRIC: connection, YUANLIU_MSP: mspId, YUANLIU_CHECK_EVERY: checkEvery } = set;
      demand(
        { YUANLIU_FABRIC: connection },
        `set it to the network.json of the network that YUANLIU_LEDGER=${kind} is`,
      );
      demand({ YUANLIU_MSP: mspId }, 'set it to the MSP id of the organisation whose gateway this is');
      ledger = { kind, connection: resolve(connection ?? ''), mspId: mspId ?? '', checkEvery };
    }
    let auth: Auth = { mode: 'builtin' };
    if (set.YUANLIU_AUTH === 'oidc') {
      const wanted = { YUANLIU_OIDC_ISSUER: issuer, YUANLIU_OIDC_JWKS_URL: jwksUrl };
      demand(wanted, 'set it: YUANLIU_AUTH=oidc takes tokens of that provider');
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
        writes: set.YUANLIU_WRITES,
        actBytes: set.YUANLIU_ACT_BYTES,
        importBytes: set.YUANLIU_IMPORT_BYTES,
        waitMs: set.YUANLIU_WAIT_MS,
        streams: {
          each: set.YUANLIU_STREAMS,
          heartbeatMs: set.YUANLIU_STREAM_HEARTBEAT_MS,
          patienceMs: set.YUANLIU_STREAM_PATIENCE_MS,
        },
      },
    };
  });

function choice<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, { error: `set it to ${values.join(', or ')}` });
}

function integer(fallback: number, least: number, most: number) {
  const error = `set it to a whole number from ${least} to ${most}`;
  return z
    .string()
    .refine((digits) => /^[0-9]{1,9}$/.test(digits) && Number(digits) >= least && Number(digits) <= most, { error })
    .transform(Number)
    .default(fallback);
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    return `${issue.keys.join(', ')}: not known; known are ${Object.keys(variables.in.shape).join(', ')}`;
  }
  return `${issue.path.join('.')}: ${issue.message}`;
}
