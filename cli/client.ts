// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises';
import type { Worded } from 'yuanliu-chaincode/messages';
import { kinds } from 'yuanliu-chaincode/kinds';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { Receipt } from 'yuanliu-gateway/ledger/port';
import { connectionFailure, foreignAnswer, ProblemError, UsageError, type Problem } from './failures.js';
import { shown } from './shown.js';
import { language } from './lang.js';
import { said } from './words/index.js';

export { NoGatewayError, ProblemError, UnreachableError, UsageError, type Problem } from './failures.js';

export interface Done {
  readonly record: Worded<LedgerRecord>;
  readonly also: readonly string[];
  readonly receipt?: Receipt;
  /** The first answer to a request that was repeated under its key: nothing was written now. */
  readonly replayed?: boolean;
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly type?: string;
  readonly key?: string;
  readonly prefer?: string;
}

/** How far somebody who speaks to several gateways has seen the ledger: none of them may answer from before. */
export class Horizon {
  #block = 0;

  get block(): number {
    return this.#block;
  }

  /** Learns from an answer. */
  widen({ headers }: Response): void {
    this.#block = Math.max(this.#block, Number(headers.get('index-height') ?? 0) - 1);
  }
}

export interface ClientSettings {
  readonly horizon?: Horizon;
  /** Whether answers are made fit to print, see {@link shown}; as they are unless given. */
  readonly printed?: boolean;
}

/** Speaks to a gateway over HTTP, as one account or as the public. */
export class GatewayClient {
  readonly #base: string;

  /** @throws UsageError for an address or token that cannot be one */
  constructor(
    gateway: string,
    private readonly token?: string,
    private readonly settings: ClientSettings = {},
  ) {
    this.#base = addressOf(gateway);
    if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) throw new UsageError(said('token-unfit'));
  }

  /** Performs `kind:act` and waits until it is committed; `key` makes repeating it safe. Throws as {@link ask}. */
  async act(
    act: string,
    id: string,
    input: object,
    { key, dryRun }: { key?: string; dryRun?: boolean } = {},
  ): Promise<Done> {
    const [kind = '', name = ''] = act.split(':');
    const path = `/api/v1/${pluralOf(kind)}/${encodeURIComponent(id)}/${encodeURIComponent(name)}`;
    const response = await this.#send(path, {
      method: 'POST',
      body: JSON.stringify(input),
      ...(key === undefined ? {} : { key }),
      query: { dryRun: dryRun ? 'true' : undefined },
    });
    const done = response.status === 202 ? await this.#committed(response) : await this.#read<Done>(response);
    return response.headers.get('idempotency-replayed') === 'true' ? { ...done, replayed: true } : done;
  }

  /**
   * Asks a path below the gateway and returns its JSON.
   *
   * @throws ProblemError where the gateway rejects it, NoGatewayError where none answers
   */
  async ask<Answer>(path: string, ask: Ask = {}): Promise<Answer> {
    return this.#read<Answer>(await this.#send(path, ask));
  }

  /** Asks a path below the gateway and returns its bytes as they come. Throws as {@link ask}. */
  async *download(path: string, ask: Ask = {}): AsyncGenerator<Uint8Array> {
    const { body } = await this.#send(path, ask);
    if (body) for await (const piece of body) yield piece as Uint8Array;
  }

  /** The answer to an act that takes longer than a request waits. */
  async #committed(accepted: Response): Promise<Done> {
    const { operation } = await this.#read<{ readonly operation: string }>(accepted);
    for (;;) {
      const path = `/api/v1/operations/${encodeURIComponent(operation)}`;
      const { state, result } = await this.ask<{ readonly state: string; readonly result?: unknown }>(path);
      if (state === 'done') return result as Done;
      if (state === 'failed') throw new ProblemError(result as Problem);
      await setTimeout(ASK_EVERY);
    }
  }

  async #read<Answer>(response: Response): Promise<Answer> {
    if (!isJson(response) || !response.headers.has('index-height')) throw await foreignAnswer(this.#base, response);
    const answer = (await this.#json(response)) as Answer;
    return this.settings.printed ? shown(answer) : answer;
  }

  async #json(response: Response): Promise<unknown> {
    try {
      return await response.json();
    } catch (error) {
      if (error instanceof SyntaxError) throw await foreignAnswer(this.#base, response);
      throw connectionFailure(this.#base, error);
    }
  }

  async #send(
    path: string,
    { method = 'GET', query = {}, body, type = 'application/json', key, prefer }: Ask,
  ): Promise<Response> {
    const { horizon } = this.settings;
    const url = new URL(this.#base + path);
    const minBlock = horizon && String(horizon.block);
    for (const [name, value] of Object.entries({ minBlock, ...query })) {
      for (const one of [value ?? []].flat()) url.searchParams.append(name, one);
    }
    if (key !== undefined && !/^[\x21-\x7e]{1,128}$/.test(key)) throw new UsageError(said('key-unfit'));
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        redirect: 'manual',
        ...(body === undefined ? {} : { body }),
        headers: {
          accept: 'application/json',
          'accept-language': language,
          ...(body === undefined ? {} : { 'content-type': type }),
          ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
          ...(prefer === undefined ? {} : { prefer }),
        },
      });
    } catch (error) {
      throw connectionFailure(this.#base, error);
    }
    horizon?.widen(response);
    if (response.ok) return response;
    const problem = isJson(response) ? await this.#json(response) : undefined;
    if (!isProblem(problem)) throw await foreignAnswer(this.#base, response);
    throw new ProblemError(problem);
  }
}

/** Asks again this often what became of an act, in milliseconds. */
const ASK_EVERY = 500;

/** The address of a gateway, with the path that a proxy serves it under. @throws UsageError for what is no address */
function addressOf(gateway: string): string {
  const url = URL.canParse(gateway) ? new URL(gateway) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw new UsageError(said('address-unfit', { gateway }));
  if (url.search !== '' || url.hash !== '' || url.username !== '')
    throw new UsageError(said('address-too-much', { gateway }));
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function isJson(response: Response): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(response.headers.get('content-type') ?? '');
}

function isProblem(answer: unknown): answer is Problem {
  if (typeof answer !== 'object' || answer === null) return false;
  const { title, status, code } = answer as Partial<Problem>;
  return typeof title === 'string' && typeof status === 'number' && typeof code === 'string';
}

/** The URL name of a kind's collection; takes the collection's name too. Throws for an unknown kind. */
export function pluralOf(name: string): string {
  const kind = kinds.find((one) => one.name === name || one.plural === name);
  if (!kind) throw new UsageError(said('no-kind', { name, kinds: kinds.map((one) => one.name).join(', ') }));
  return kind.plural;
}
