// SPDX-License-Identifier: Apache-2.0
import type { Act } from 'yuanliu-chaincode/kind/act';
import type { Language } from 'yuanliu-chaincode/messages';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Speaker } from '../identity/tokens.js';
import type { Encoded } from '../text/decode-large.js';
import type { Encoding } from '../text/encoding.js';
import type { Viewer } from '../index/read/visibility.js';

/**
 * One route, said once: Express serves it, OpenAPI describes it. A handler gets what was checked and returns what to
 * answer; it throws a problem, or any error that has one.
 */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Parameters in braces, as OpenAPI writes them: `/api/v1/resources/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** The act that it performs, where it performs one. */
  readonly act?: Act;
  /**
   * `user` needs a token; `anyone` answers what the public may see without one; `administrator` needs the token of the
   * gateway's own administrator.
   */
  readonly access: 'user' | 'anyone' | 'administrator';
  readonly query: z.ZodObject;
  readonly body?: RouteBody;
  /** Request headers beyond the common ones, with what they mean. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  readonly handle: (asked: Asked) => Answer | Promise<Answer>;
}

export interface RouteBody {
  readonly mediaType: 'application/json' | 'text/csv' | 'application/x-ndjson';
  /** Name of its schema among the components. */
  readonly schema?: string;
  /** Largest size in bytes. */
  readonly limit: number;
  /** What it may be encoded in where its Content-Type does not state a charset; UTF-8 unless given. */
  readonly encodings?: readonly Encoding[];
  /** The route decodes it: a file, which may be large. */
  readonly isFile?: true;
  /** The route reads it as it comes: it is never held whole. */
  readonly isStream?: true;
  readonly example?: unknown;
}

export interface RouteAnswer {
  readonly description: string;
  /** Name of its schema among the components. */
  readonly schema?: string;
  /** Another media type that the answer comes in, as bytes. */
  readonly bytes?: string;
  /** The media type of an answer that comes as text, piece by piece. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request, checked: who asks, for what. */
export interface Asked<Query = Readonly<Record<string, unknown>>> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  /** The body as text; empty without one, or where it is a file. */
  readonly text: string;
  /** The body of a route that takes a file, as it came. */
  readonly file: Encoded;
  /** The body of a route that reads it as it comes. */
  readonly stream: Readable;
  /** Who speaks, by the token; undefined without one. Always there where a route's access is `user`. */
  readonly subject: Speaker | undefined;
  /** Who reads: the organisation of the token with the roles that the ledger gives it, or anyone. */
  readonly viewer: Viewer;
  /** The language that the caller reads. */
  readonly language: Language;
  readonly header: (name: string) => string | undefined;
  /** Where the request comes from, as one key for each client: see `client-address.ts`. */
  readonly address: string;
  /** Aborts once the answer is sent, or the connection lost. */
  readonly signal: AbortSignal;
}

export interface Answer {
  /** 200 unless given. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Sent as JSON. Bytes and a {@link Pouring} are sent as they are, with their own `Content-Type` among the headers.
   */
  readonly body: unknown;
}

interface RouteOptions<Query extends z.ZodObject> extends Omit<Route, 'query' | 'handle'> {
  readonly query: Query;
  readonly handle: (asked: Asked<z.output<Query>>) => Answer | Promise<Answer>;
}

/** Defines a route; its handler knows the query by its schema. */
export function route<Query extends z.ZodObject>({ handle, ...rest }: RouteOptions<Query>): Route {
  return { ...rest, handle: (asked) => handle(asked as Asked<z.output<Query>>) };
}
