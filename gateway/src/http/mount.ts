// SPDX-License-Identifier: Apache-2.0
import express, { type Express, type Router, type RequestHandler, type Response } from 'express';
import type { z } from 'zod';
import type { Language } from 'yuanliu-chaincode/messages';
import type { LedgerIndex } from '../index/ledger-index.js';
import { groupOf } from '../runtime/fair-queue.js';
import type { Ledger } from '../ledger/port.js';
import { anyone } from '../index/read/visibility.js';
import { isAdministrator } from './middleware/administrator.js';
import { speaker } from './middleware/authenticate.js';
import { newBodyRoom } from './middleware/body-room.js';
import type { AddressOf } from '../config/client-address.js';
import { closing } from './middleware/closing.js';
import { demandThisChain, parsePosition, positionOf, positionText } from './middleware/chain-position.js';
import { jsonPouring } from './streaming/json-pieces.js';
import { pour, Pouring } from './streaming/pour.js';
import { Problem, unauthenticated } from '../errors/problem.js';
import { readText } from './middleware/read-text.js';
import { jsonIn, languageOf } from './language.js';
import type { Answer, Route, RouteBody } from './route.js';
import { say, sayOf } from '../messages/index.js';
import { firstOf, issueOf, says } from '../messages/issues.js';

export interface Mounting {
  readonly ledger: Ledger;
  readonly index: LedgerIndex;
  /** How long a read waits for `minBlock`, in milliseconds. */
  readonly waitMs: number;
  /** How long a client may take nothing of an answer, in milliseconds: then it is cut off. */
  readonly clientMs: number;
  readonly addressOf: AddressOf;
}

/**
 * Serves routes on Express: reads what was asked, checks it, waits for the index where told to, answers. Each collection
 * has a router of its own, for Express tries routes one after the other, and there is one for every act of every kind.
 */
export function mount(app: Express, routes: readonly Route[], mounting: Mounting): void {
  const routers = new Map<string, Router>();
  const room = newBodyRoom(
    BODIES_EACH * Math.max(0, ...routes.map(({ body }) => (body && !body.isStream ? body.limit : 0))),
  );
  app.use((request, response, next) => {
    const router = routers.get(collectionOf(request.path));
    if (router) router(request, response, next);
    else next();
  });
  for (const [path, methods] of byPath(routes)) {
    const router = routers.get(collectionOf(path)) ?? express.Router({ caseSensitive: true, strict: true });
    routers.set(collectionOf(path), router);
    const place = router.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const one of methods) {
      const body = one.body && !one.body.isStream ? [room.reading(one.body.limit), reading(one.body)] : [];
      place[one.method](admitting(one), ...body, serving(one, mounting));
    }
    const allowed = methods.map(({ method }) => method.toUpperCase()).join(', ');
    place.all((request) => {
      throw new Problem(
        'METHOD_NOT_ALLOWED',
        say('method-not-open', { method: request.method, path: request.path, allowed }),
        { Allow: allowed },
      );
    });
  }
}

/** Bodies of the largest size that an organisation may have read at a time: as many bytes of smaller ones. */
const BODIES_EACH = 4;

/** `/api/v1/usages` of whatever lies under it; a shorter path is its own. */
function collectionOf(path: string): string {
  return path.split('/', 4).join('/');
}

function byPath(routes: readonly Route[]): Map<string, Route[]> {
  const paths = new Map<string, Route[]>();
  for (const one of routes) paths.set(one.path, [...(paths.get(one.path) ?? []), one]);
  return paths;
}

/** Asks for a token before a body is read: nobody makes the gateway take in what it will not look at. */
function admitting({ access }: Route): RequestHandler {
  return (_request, response, next) => {
    const admitted = { anyone: true, user: speaker(response) !== undefined, administrator: isAdministrator(response) };
    if (!admitted[access]) throw unauthenticated();
    next();
  };
}

/** Reads the body as bytes, whatever it says it is: what it may be is checked with words of our own. */
function reading({ limit }: RouteBody): RequestHandler {
  return express.raw({ type: () => true, limit });
}

function serving(one: Route, { ledger, index, waitMs, clientMs, addressOf }: Mounting): RequestHandler {
  return async (request, response) => {
    const subject = speaker(response);
    const language = languageOf(request);
    const body = await readText(groupOf(subject?.organization), request, one.body);
    const query = checked(one.query, request.query);
    if (typeof query['minBlock'] === 'number') await index.waitFor(query['minBlock'], waitMs);
    requireIndexed(query['asOf'], index.height());
    for (const name of ['minBlock', 'asOf']) {
      const text: unknown = request.query[name];
      const position = typeof text === 'string' ? parsePosition(text) : undefined;
      if (position) demandThisChain(index, position, name);
    }
    const answer = await one.handle({
      params: Object.fromEntries(Object.entries(request.params).map(([name, value]) => [name, String(value)])),
      query,
      ...body,
      stream: request,
      subject,
      viewer: subject ? index.viewer(subject.organization) : anyone,
      language,
      header: (name) => request.get(name),
      get address() {
        return addressOf(request);
      },
      get signal() {
        return closing(response); // made for the few routes that ask for it
      },
    });
    const height = index.height();
    response.set({
      'Ledger-Height': String(await ledger.height()),
      'Index-Height': String(height),
      'Index-Block': positionText(positionOf(index, height - 1)),
    });
    await send(response, answer, { clientMs, organization: subject?.organization, language });
  };
}

/** @throws Problem naming every parameter that is unknown or wrong. */
function checked(schema: z.ZodObject, query: unknown): Readonly<Record<string, unknown>> {
  const parsed = schema.safeParse(query, { error: wordsFor });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => sayOf(key, key === 'asOf' ? 'of-now' : 'not-known-here'))
      : [issueOf(issue)],
  );
  const known = Object.keys(schema.shape).join(', ');
  const unknown = parsed.error.issues.some(({ code }) => code === 'unrecognized_keys');
  const first = firstOf(issues);
  const details = known === '' ? say('takes-no-parameters', first) : say('parameter-unfit', { ...first, known });
  throw new Problem(unknown ? 'UNKNOWN_PARAMETER' : 'INPUT_INVALID', { ...details, issues });
}

/** Says what is wrong with a parameter where its schema has no words of its own. */
function wordsFor(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined) return says('is-missing');
  if (Array.isArray(issue.input)) return says('given-twice');
  switch (issue.code) {
    case 'invalid_value':
      return says('none-of', { choices: issue.values.join(', ') });
    case 'too_small':
      return says('is-empty');
    case 'too_big':
      return says('longer-than', { most: Number(issue.maximum) });
    default:
      return undefined;
  }
}

/** A block that is not there yet is a wrong parameter, unless `minBlock` asked to wait for it. */
function requireIndexed(asOf: unknown, height: number): void {
  if (typeof asOf !== 'number' || asOf < height) return;
  const said = { block: asOf, last: height - 1 };
  throw new Problem('INPUT_INVALID', {
    ...say('block-not-there', said),
    issues: [sayOf('asOf', 'block-not-there', said)],
  });
}

interface Sending {
  readonly clientMs: number;
  readonly organization: string | undefined;
  readonly language: Language;
}

async function send(
  response: Response,
  { status = 200, headers = {}, body }: Answer,
  { clientMs, organization, language }: Sending,
): Promise<void> {
  response.status(status).set(headers);
  const pouring = body instanceof Pouring ? body : jsonPouring(body, { patienceMs: clientMs, organization, language });
  if (pouring) {
    if (pouring !== body) response.type('json');
    await (response.req.method === 'HEAD' ? response.end() : pour(response, pouring));
    return;
  }
  response.setTimeout(clientMs, () => response.destroy()); // counts again with every piece that is taken
  if (Buffer.isBuffer(body)) response.send(body);
  else response.type('json').send(jsonIn(language, body));
}
