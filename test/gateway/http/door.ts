// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { request } from 'node:http';
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Violation } from 'yuanliu-chaincode/vocabulary/error';
import type { Message, Worded } from 'yuanliu-chaincode/messages';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { readConfig, startGateway, type Gateway } from 'yuanliu-gateway';
import { apiShapes } from 'yuanliu-gateway/http/app';
import type { ImportReport, ImportRow } from 'yuanliu-gateway/imports/report';
import type { Place } from 'yuanliu-gateway/index/ledger-index';
import type { Receipt } from 'yuanliu-gateway/ledger/port';
import type { Procedure } from 'yuanliu-gateway/queries/procedures/answer';
import type { Hop } from 'yuanliu-gateway/queries/trace/answer';
import type { RecordActs, Task } from 'yuanliu-gateway/queries/worklist/answer';
import { openCity, type Stage } from '../../builders';

/** Who knocks: a member of the cast, or anybody who says which organisation and MSP. */
export interface Knocker {
  readonly code: string;
  readonly msp: string;
  readonly user: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: ReplyBody;
  readonly bytes: Buffer;
}

/** Every field that an answer or a problem may have: which ones are there is what the tests check. */
export interface ReplyBody {
  readonly record: Worded<LedgerRecord>;
  readonly receipt: Receipt;
  readonly also: readonly string[];
  readonly violations: readonly Worded<Violation>[];
  readonly reason?: Message;
  readonly items: readonly ({ readonly record: LedgerRecord } & Worded<
    Task & Pick<Procedure, 'deviations' | 'duties'>
  >)[];
  readonly acts: Worded<RecordActs['acts']>;
  readonly time: string;
  readonly transaction: Place;
  readonly cursor: string;
  readonly asOf: number;
  readonly transactions: readonly { readonly txId: string; readonly changed: readonly { readonly ref: string }[] }[];
  readonly hops: readonly Hop[];
  readonly hidden: boolean;
  readonly operation: string;
  readonly state: string;
  readonly result: Readonly<Record<string, unknown>>;
  readonly import: string;
  readonly rows: number;
  readonly counts: ImportReport['counts'];
  readonly encoding: string;
  readonly results: readonly ImportRow[];
  readonly ledgerHeight: number;
  readonly digest: string;
  readonly code: string;
  readonly detail: string;
  readonly remedy: string;
  readonly rule: string;
  readonly article: string;
  readonly issues: readonly { readonly path: string; readonly message: string }[];
  readonly requestId: string;
}

export interface Client {
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  /** A body that is no text is sent as JSON. */
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** `kind:act` */
  act(act: string, id: string, input?: object, headers?: Record<string, string>): Promise<Reply>;
  send(method: string, path: string, body?: string | Buffer, headers?: Record<string, string>): Promise<Reply>;
}

/** A running gateway on a real embedded ledger, and clients that knock on its HTTP door. */
export interface Door {
  readonly gateway: Gateway;
  readonly directory: string;
  readonly anyone: Client;
  as(who: Knocker): Promise<Client>;
  withToken(token: string): Client;
  /** What must not change when nothing was done: height and digest of the ledger. */
  mark(): Promise<{ readonly ledgerHeight: number; readonly digest: string }>;
  /** Stops the gateway and starts it again on the same data. */
  restart(settings?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

export async function openDoor(stage: Stage, settings: Record<string, string> = {}): Promise<Door> {
  const city = await openCity(stage);
  await city.ledger.close();
  const { directory } = city;
  const start = (changed: Record<string, string>): Promise<Gateway> =>
    startGateway(
      readConfig({
        YUANLIU_DATA: directory,
        YUANLIU_PORT: '0',
        YUANLIU_ADMIN_PORT: '0',
        YUANLIU_LOG_LEVEL: 'silent',
        YUANLIU_REQUESTS_PER_MINUTE: '1000000',
        ...changed,
      }),
    );
  let gateway = await start(settings);
  const anyone = client(() => gateway.url);
  const withToken = (token: string): Client => client(() => gateway.url, { authorization: `Bearer ${token}` });
  return {
    get gateway() {
      return gateway;
    },
    directory,
    anyone,
    withToken,
    as: async ({ code: organization, msp: mspId, user }) => {
      const { token } = await gateway.account({ mspId, organization, user });
      return token === undefined ? anyone : withToken(token);
    },
    mark: async () => {
      const { body } = await anyone.get('/api/v1/status');
      return { ledgerHeight: body.ledgerHeight, digest: body.digest };
    },
    restart: async (changed = settings) => {
      await gateway.close();
      gateway = await start(changed);
    },
    close: async () => {
      await gateway.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Speaks HTTP as it is: paths go out unchanged, whatever is in them. */
export function client(base: () => string, own: Record<string, string> = {}): Client {
  const send: Client['send'] = (method, path, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(base());
      const sent = request(
        { method, hostname, port, path, headers: { 'accept-language': 'en', ...own, ...headers } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const bytes = Buffer.concat(chunks);
            const isJson = /[/+]json/.test(response.headers['content-type'] ?? '');
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: (isJson ? JSON.parse(bytes.toString('utf8')) : {}) as ReplyBody,
              bytes,
            });
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  const post: Client['post'] = (path, body = {}, headers = {}) => {
    const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return send('POST', path, text, { 'content-type': 'application/json', ...headers });
  };
  return {
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post,
    act: (act, id, input, headers) => {
      const [kind, name] = act.split(':');
      const plural = kinds.find((one) => one.name === kind)?.plural ?? kind;
      return post(`/api/v1/${plural ?? ''}/${id}/${name ?? ''}`, input, headers);
    },
  };
}

/** Checks that a reply is a problem document with this status and code, that it says what to do, and returns it. */
export function expectProblem(reply: Reply, status: number, code: string): Reply['body'] {
  expect({ status: reply.status, code: reply.body.code }).toEqual({ status, code });
  expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(apiShapes.get('Problem')?.parse(reply.body)).toEqual(reply.body);
  expect(reply.body.detail).toMatch(/\p{L}/u);
  expect(reply.body.requestId).toBe(reply.headers['x-request-id']);
  return reply.body;
}

/** Sends it and checks that it is a problem of this status and code, and that the ledger is as it was. */
export async function expectRefused(
  door: Door,
  sending: () => Promise<Reply>,
  status: number,
  code: string,
): Promise<ReplyBody> {
  const before = await door.mark();
  const problem = expectProblem(await sending(), status, code);
  expect(await door.mark()).toEqual(before);
  return problem;
}
