// SPDX-License-Identifier: Apache-2.0
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { contractMessages } from 'yuanliu-chaincode/messages';
import { calendarExpiry, type Expiry, type RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import { newActs } from './acts/perform.js';
import type { Config, Limits } from './config/config.js';
import { newAdmission } from './http/middleware/admission.js';
import { newAdmin } from './http/routes/admin.js';
import { openAdministratorToken } from './http/middleware/administrator.js';
import { newApp } from './http/app.js';
import { openStreams } from './http/routes/events.js';
import { newLogger } from './http/middleware/log.js';
import { newMetrics } from './http/metrics.js';
import { answerUnreadable } from './http/middleware/unreadable.js';
import { openIssuer, type Issuer } from './identity/issuer.js';
import type { Enrolment } from './identity/person.js';
import { newSigners } from './acts/signers.js';
import { builtinTokens, oidcTokens, type VerifyToken } from './identity/tokens.js';
import { openImports } from './imports/imports.js';
import { missingRules, unknownRules } from './index/read/missing-rules.js';
import { openIndex } from './index/open-index.js';
import { openLedger } from './ledger/open-ledger.js';
import { openProcedures } from './queries/procedures/procedures.js';
import { Scrubber } from './storage/scrubber.js';
import { openTrace } from './queries/trace/trace.js';
import { openWorklist } from './queries/worklist/worklist.js';

export { readConfig, ConfigError, type Config } from './config/config.js';

/** A gateway that runs. */
export interface Gateway {
  /** Where the API is: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Where health and metrics are. */
  readonly adminUrl: string;
  /** What those who rely on it must know: a ledger without evidential value, rules that are not applied. */
  readonly notices: readonly string[];
  /** The MSP whose first organisation founds the ledger. */
  readonly founder: string;
  /**
   * Vouches for an organisation that is not admitted yet: its MSP counts until the ledger says which one it is admitted
   * under. With the built-in issuer, the user's token comes with it; else tokens come from the OpenID provider.
   */
  account(enrolment: Enrolment): Promise<{ readonly token?: string }>;
  /** Answers what was asked, then stops: API, imports, index, ledger. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a gateway: its ledger, its index, what its users act through, and the API on top.
 *
 * @throws Error saying what does not hold: a port or directory in use, the built-in issuer in production.
 */
export async function startGateway(config: Config): Promise<Gateway> {
  const { directory, auth, limits } = config;
  const opened: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (let last = opened.pop(); last; last = opened.pop()) await last();
  };
  try {
    const logger = newLogger(config.logLevel);
    const { issuer, verify } = auth.mode === 'oidc' ? { verify: oidcTokens(auth) } : await openAccounts(directory);

    const held = await openLedger(directory, config.ledger, { logger });
    opened.push(() => held.close());
    const { ledger, people, notice, beginning } = held;
    const index = await openIndex({ directory: join(directory, 'index'), ledger, logger });
    opened.push(() => index.close());
    await index.waitFor((await ledger.height()) - 1, START_MS);

    const trace = openTrace(index);
    const worklist = openWorklist(index);
    const procedures = openProcedures(index);
    const signers = newSigners(people, index, logger);
    const failed = (error: unknown): void => {
      logger.warn({ err: error }, 'reports are not metered yet');
    };
    const acts = newActs({ ledger, index, signers, waitMs: limits.waitMs, failed });
    opened.push(() => acts.settled());
    const admission = newAdmission(limits.writes);
    const kept = { directory: join(directory, 'imports'), days: limits.importDays };
    const imports = await openImports({ ...kept, acts, index, admitRows: admission.admitRows, logger });
    opened.push(() => imports.close());

    const scrubber = new Scrubber({
      stores: [
        ...(held.embedded ? [{ name: 'ledger', check: held.embedded.check.bind(held.embedded) }] : []),
        { name: 'index', check: (options) => index.check(options) },
      ],
      busy: () => admission.waiting > 0,
      logger,
    });
    opened.push(() => scrubber.stop());
    const metrics = newMetrics({ directory, ledger, index, admission, scrubber });
    const about = { kind: config.ledger.kind, beginning, ...(notice === undefined ? {} : { notice }) };
    const streams = openStreams({ index, limits: limits.streams });
    const app = newApp({
      about,
      ledger,
      index,
      trace,
      worklist,
      procedures,
      acts,
      admission,
      imports,
      streams,
      verify,
      issuer,
      limits,
      logger,
      metrics,
    });
    const token = await openAdministratorToken(directory);
    const backedUp = held.embedded && { directory, ledger: held.embedded, index, imports };
    const administration = newAdmin({
      ledger,
      embedded: held.embedded,
      index,
      metrics,
      scrubber,
      logger,
      directory,
      limits,
      people,
      signers,
      backedUp,
      token,
    });
    const admin = await listen(administration, { host: '127.0.0.1', port: config.adminPort, ...limits });
    opened.push(admin.close);
    const api = await listen(app, { host: config.host, port: config.port, ...limits });
    opened.push(() => {
      streams.close();
      return api.close();
    });

    const notices = [...(notice === undefined ? [] : [notice]), ...rulebookNotices(index.rulebook())];
    for (const one of notices) logger.warn({ directory }, one);
    logger.info({ url: api.url, adminUrl: admin.url, directory }, 'the gateway is up');
    return {
      url: api.url,
      adminUrl: admin.url,
      founder: held.founder,
      notices,
      account: async (enrolment) => {
        await signers.vouch(enrolment);
        return issuer ? { token: await issuer.issue(enrolment) } : {};
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function rulebookNotices(rulebook: LedgerRecord<RulebookBody> | undefined): string[] {
  const missing = missingRules(rulebook);
  const unknown = unknownRules(rulebook);
  const expiry = rulebook && calendarExpiry(rulebook.body, new Date().toISOString());
  return [
    ...(missing.length === 0
      ? []
      : [`the rulebook lacks ${missing.join(', ')}: these rules are not applied until the data-authority amends it`]),
    ...(unknown.length === 0
      ? []
      : [`the contract does not know ${unknown.join(', ')} of the rulebook: nothing is judged by these rules`]),
    ...(expiry ? [noticeOf(expiry)] : []),
  ];
}

function noticeOf(expiry: Expiry): string {
  const { message, remedy } = contractMessages.textOf('en', expiry);
  return remedy === undefined ? message : `${message}: ${remedy}`;
}

/** How long a start waits for the index to catch up, in milliseconds; past that the start fails rather than serve old. */
const START_MS = 600_000;

async function openAccounts(directory: string): Promise<{ issuer?: Issuer; verify: VerifyToken }> {
  const issuer = await openIssuer(directory);
  return { issuer, verify: builtinTokens(issuer) };
}

interface Listening {
  readonly url: string;
  readonly close: () => Promise<void>;
}

async function listen(
  app: RequestListener,
  { host, port, clientMs }: Pick<Config, 'host' | 'port'> & Pick<Limits, 'clientMs'>,
): Promise<Listening> {
  const server = createServer(
    { headersTimeout: clientMs, requestTimeout: 10 * clientMs, connectionsCheckingInterval: Math.ceil(clientMs / 3) },
    app,
  );
  answerUnreadable(server);
  server.on('checkExpectation', app); // what a client expects is no reason not to answer it
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`, close: () => stop(server) };
}

/** Lets answers under way finish; connections are closed as soon as they are idle. */
async function stop(server: Server): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  const tidy = setInterval(() => {
    server.closeIdleConnections();
  }, 20);
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, PATIENCE_MS);
  await stopped;
  clearInterval(tidy);
  clearTimeout(cut);
}

/** How long a stop waits for answers under way, in milliseconds. */
const PATIENCE_MS = 10_000;
