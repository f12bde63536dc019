// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { forwardingHeaders } from './client-address.js';
import { headerHash } from './header-hash.js';

/** What YUANLIU_LEDGER may be. */
export const LEDGERS = ['embedded', 'fabric', 'fabric-sdk'] as const;

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** Every setting by its environment variable, from text: what it may be, what it is unless given, what it means. */
export const settings = z.strictObject({
  YUANLIU_DATA: z
    .string({ error: 'set it to the folder that holds, or shall hold, the data' })
    .min(1)
    .describe('folder that holds ledger, keys, index, imports'),
  YUANLIU_HOST: z
    .union([z.ipv4(), z.ipv6()], { error: 'set it to an IP address such as 127.0.0.1' })
    .default('127.0.0.1')
    .describe('address of the API'),
  YUANLIU_PORT: port(8080).describe('port of the API; 0 takes any free one'),
  YUANLIU_ADMIN_PORT: port(8081).describe(
    "`/livez`, `/readyz`, `/metrics`, and the administrator's routes, on loopback only",
  ),
  YUANLIU_LEDGER: choice(LEDGERS)
    .default('embedded')
    .describe('`embedded`, `fabric`, or `fabric-sdk` for peers without the Gateway service'),
  YUANLIU_FABRIC: text().describe("for both of the latter: the network's `network.json`"),
  YUANLIU_MSP: text().describe(
    "likewise: the organisation whose gateway this is: it signs for that one's users only, and asks its peers first",
  ),
  YUANLIU_CHECK_EVERY: integer(1, 1, 1_000_000).describe(
    'likewise: signatures are checked in one block of so many; links and contents in all',
  ),
  YUANLIU_GENESIS: headerHash
    .optional()
    .describe('header hash of the genesis block that the ledger must begin with; `network.json` pins it too'),
  YUANLIU_AUTH: choice(['builtin', 'oidc'])
    .default('builtin')
    .describe('`builtin` for demonstration and development (refused with `NODE_ENV=production`), or `oidc`'),
  YUANLIU_OIDC_ISSUER: url().describe(
    'the provider; its tokens carry `sub` (the user: a plain user name stays as it is, any other becomes `readable.sub-digest`) and `org` (credit code)',
  ),
  YUANLIU_OIDC_JWKS_URL: url().describe('where its keys are'),
  YUANLIU_OIDC_AUDIENCE: z.string().min(1).default('yuanliu').describe('whom its tokens are for'),
  YUANLIU_LOG_LEVEL: choice(logLevels)
    .default('info')
    .describe('`silent`, `error`, `warn`, `info`, `debug`; `yuanliu log-level` changes it while the gateway runs'),
  YUANLIU_REQUESTS_PER_MINUTE: integer(6000, 1, 10_000_000).describe('by user, or by address without a token'),
  YUANLIU_TRUSTED_PROXIES: addresses().describe(
    'addresses or CIDR ranges, with commas between, of reverse proxies that are believed for whom they ask; from any other caller that header is ignored',
  ),
  YUANLIU_FORWARDED_HEADER: choice(forwardingHeaders)
    .default('x-forwarded-for')
    .describe(
      'the header that those proxies write: `x-forwarded-for`, or `forwarded` (RFC 7239); the other is ignored',
    ),
  YUANLIU_WRITES: integer(200, 1, 100_000).describe(
    'acts under way at once; while several organisations write, one in sixteen is the share of each; of each, ten times as many wait up to five seconds, others are refused: 503 and `Retry-After`',
  ),
  YUANLIU_TRACES: integer(8, 1, 10_000).describe(
    'origins, destinations, impact and accountability being answered at once to one organisation; a quarter of that to one address without a token, and twice that to all of them; the next is refused, with 429 and `Retry-After`',
  ),
  YUANLIU_ACT_BYTES: integer(1_048_576, 1024, 1_048_576).describe('largest body of an act'),
  YUANLIU_IMPORT_BYTES: integer(16_777_216, 1024, 268_435_456).describe('largest file of an import'),
  YUANLIU_IMPORT_DAYS: integer(90, 1, 36_500).describe(
    'for how many days after its end an import is kept, with the results of its rows; what it put on the ledger stays',
  ),
  YUANLIU_WAIT_MS: integer(10_000, 1, 120_000).describe(
    'how long a write waits for its commit before it answers 202 with an operation',
  ),
  YUANLIU_CLIENT_MS: integer(30_000, 10, 600_000).describe(
    'how long a client may take to send the head of a request (ten times that: all of it), or take nothing of an answer',
  ),
  YUANLIU_MIN_FREE_MIB: integer(256, 0, 1_000_000).describe(
    'with less than so many MiB free where the data is, `/readyz` says that the gateway is not ready',
  ),
  YUANLIU_STREAMS: integer(16, 1, 10_000).describe(
    'event streams open at a time to one organisation, or one address without a token',
  ),
  YUANLIU_STREAM_HEARTBEAT_MS: integer(15_000, 10, 120_000).describe('longest silence on a stream'),
  YUANLIU_STREAM_PATIENCE_MS: integer(30_000, 10, 600_000).describe('how long a client may take to read'),
});

export type Settings = z.output<typeof settings>;

/** The key of a variable in a file: `YUANLIU_LOG_LEVEL` is `logLevel` there. */
export function keyOf(variable: string): string {
  return variable
    .replace(PREFIX, '')
    .toLowerCase()
    .replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The variable of a key in a file. */
export function variableOf(key: string): string {
  return PREFIX + key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

export const PREFIX = 'YUANLIU_';

function port(fallback: number) {
  return integer(fallback, 0, 65_535);
}

function text() {
  return z.string().min(1).optional();
}

function url() {
  return z.url({ protocol: /^https?$/, error: 'set it to an http or https URL' }).optional();
}

/** Addresses and ranges of addresses. */
function addresses() {
  const one = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);
  const error = 'set it to IP addresses or CIDR ranges such as 10.0.0.0/8, with commas between';
  return z
    .string()
    .transform((list) => list.split(',').map((address) => address.trim()))
    .refine((list) => list.every((address) => one.safeParse(address).success), { error })
    .optional();
}

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
