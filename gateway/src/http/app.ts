// SPDX-License-Identifier: Apache-2.0
import compression from 'compression';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Acts } from '../acts/perform.js';
import type { Limits } from '../config/config.js';
import type { Issuer } from '../identity/issuer.js';
import type { VerifyToken } from '../identity/tokens.js';
import type { Imports } from '../imports/imports.js';
import type { LedgerIndex } from '../index/ledger-index.js';
import type { Ledger } from '../ledger/port.js';
import type { Procedures } from '../queries/procedures/procedures.js';
import type { Trace } from '../queries/trace/trace.js';
import type { Worklist } from '../queries/worklist/worklist.js';
import { actRoutes } from './routes/acts.js';
import { batchRoutes } from './routes/batches.js';
import type { Admission } from './middleware/admission.js';
import { authentication } from './middleware/authenticate.js';
import { blockRoutes, blockSummary } from './routes/blocks.js';
import { addressKeys } from '../config/client-address.js';
import { answerShapes } from './routes/components.js';
import type { JsonSchema } from 'yuanliu-chaincode/kind/input';
import { docsRoute } from './routes/docs.js';
import { frontRoute } from './routes/front.js';
import { actEvent } from './routes/event-text.js';
import type { Streams } from './routes/events.js';
import { importRoutes, importShapes } from './routes/imports.js';
import { requestLog } from './middleware/log.js';
import type { Metrics } from './metrics.js';
import { mount } from './mount.js';
import { openApi, openApiRoute } from './routes/openapi.js';
import { newOperations, operationShape } from './routes/operations.js';
import { Problem, problemOf } from '../errors/problem.js';
import { procedureRoutes, procedureShapes } from './routes/procedures.js';
import { recordRoutes } from './routes/records.js';
import type { Route } from './route.js';
import { inTurn } from './middleware/in-turn.js';
import { keySet, type LedgerNotice, standingRoutes, status } from './routes/standing.js';
import { logProblem } from '../errors/log-problem.js';
import { describeProblem, tellProblem } from './middleware/tell-problem.js';
import { worklistRoutes, worklistShapes } from './routes/worklist.js';
import type { ErrorDetails } from 'yuanliu-chaincode/vocabulary/error';
import { say } from '../messages/index.js';

/** What the API works with; `main` constructs it. */
export interface Services {
  readonly about: LedgerNotice;
  readonly ledger: Ledger;
  readonly index: LedgerIndex;
  readonly trace: Trace;
  readonly worklist: Worklist;
  readonly procedures: Procedures;
  readonly acts: Acts;
  readonly admission: Admission;
  readonly imports: Imports;
  readonly streams: Streams;
  readonly verify: VerifyToken;
  /** The built-in issuer of tokens, where there is one. */
  readonly issuer: Issuer | undefined;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The API: from a request to its problem or answer, in this order. */
export function newApp(services: Services): Express {
  const { about, ledger, index, admission, verify, limits, logger, metrics } = services;
  const app = express();
  app.enable('case sensitive routing').enable('strict routing').disable('x-powered-by').disable('etag');
  app.use(requestLog(logger), metrics.measure, helmet(), compressedReads());
  if (about.notice !== undefined) app.use(withoutEvidentialValue);
  const addressOf = addressKeys(limits);
  app.use(authentication(verify, { ...limits, addressOf }), inTurn, admission.door);
  mount(app, routesOf(services), {
    ledger,
    index,
    waitMs: limits.waitMs,
    clientMs: limits.clientMs,
    addressOf,
  });
  app.use(({ method, path }) => {
    throw new Problem('NOT_FOUND', noRoute(method, path));
  });
  app.use(tellProblem(index, logger));
  return app;
}

/** Every route of the API, the description of them all included. */
export function routesOf(services: Services): readonly Route[] {
  const { index, limits, logger } = services;
  const operations = newOperations(services, limits.waitMs, (error, requestId) => {
    const problem = problemOf(error);
    logProblem(problem, { requestId }, logger);
    return (language) => ({ ...describeProblem(problem, index, language), requestId });
  });
  const document = (): JsonSchema => openApi(routes, apiShapes, allActs);
  const routes: Route[] = [
    ...recordRoutes(services),
    ...actRoutes({ ...services, operations }),
    ...batchRoutes(services),
    ...worklistRoutes(services),
    ...procedureRoutes(services),
    ...importRoutes(services),
    ...operations.routes,
    ...blockRoutes(services),
    ...standingRoutes(services),
    services.streams.route,
    openApiRoute(document),
    docsRoute(document, services.about.notice),
    frontRoute(services, services.about.notice),
  ];
  return routes;
}

/** Every schema that answers are made of, by its name in OpenAPI. */
export const apiShapes = answerShapes({
  Operation: operationShape,
  Block: blockSummary,
  Status: status,
  KeySet: keySet,
  ActEvent: actEvent,
  ...worklistShapes,
  ...procedureShapes,
  ...importShapes,
});

const allActs = kinds.flatMap((kind) => [...kind.acts.values()]);

/** Every answer of an embedded ledger says so: headers hold no Chinese, which `/api/v1/status` says it in. */
const withoutEvidentialValue: RequestHandler = (_request, response, next) => {
  response.set('Evidential-Value', 'none (embedded ledger)');
  next();
};

/** Answers to writes are a few hundred bytes: not worth the looking. */
function compressedReads(): RequestHandler {
  const compress = compression();
  return (request, response, next) => {
    if (request.method === 'POST') next();
    else compress(request, response, next);
  };
}

/** What to try instead of a path that leads nowhere. */
function noRoute(method: string, path: string): ErrorDetails {
  const [, , , plural, , act] = path.split('/');
  const kind = kinds.find((one) => one.plural === plural);
  if (!kind) return say('no-route-of-kind', { method, path, kinds: kinds.map((one) => one.plural).join(', ') });
  if (act === undefined) return say('no-route', { method, path });
  return say('no-route-of-act', { method, path, plural: kind.plural, acts: [...kind.acts.keys()].join(', ') });
}
