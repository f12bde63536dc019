// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode';
import type { LedgerRecord } from 'yuanliu-chaincode/record';
import type { Receipt } from 'yuanliu-gateway/ledger/port';

/** A problem report of the gateway (RFC 9457). */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code?: string;
  readonly rule?: string;
  readonly article?: string;
  readonly remedy?: string;
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
  readonly violations?: readonly { readonly rule: string; readonly article: string; readonly message: string }[];
}

/** The gateway said no. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code ?? problem.status}: ${problem.detail ?? problem.title}`);
    this.name = 'ProblemError';
  }
}

/** The command was not written as it must be. */
export class UsageError extends Error {}

/** The gateway did not answer. */
export class UnreachableError extends Error {
  constructor(gateway: string, cause: unknown) {
    super(`no gateway answers at ${gateway}: start one with \`yuanliu serve\` or \`yuanliu demo\``, { cause });
    this.name = 'UnreachableError';
  }
}

export interface Done {
  readonly record: LedgerRecord;
  readonly also: readonly string[];
  readonly receipt?: Receipt;
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly query?: Readonly<Record<string, string | undefined>>;
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

/** Speaks to a gateway over HTTP, as one account or as the public. */
export class GatewayClient {
  constructor(
    private readonly gateway: string,
    private readonly token?: string,
    private readonly horizon?: Horizon,
  ) {}

  /** Performs `kind:act`; `key` makes repeating it safe. Throws ProblemError, UnreachableError. */
  act(act: string, id: string, input: object, { key, dryRun }: { key?: string; dryRun?: boolean } = {}): Promise<Done> {
    const [kind = '', name = ''] = act.split(':');
    const path = `/api/v1/${pluralOf(kind)}/${encodeURIComponent(id)}/${encodeURIComponent(name)}`;
    return this.ask<Done>(path, {
      method: 'POST',
      body: JSON.stringify(input),
      ...(key === undefined ? {} : { key }),
      query: { dryRun: dryRun ? 'true' : undefined },
    });
  }

  /** Asks a path below the gateway and returns its JSON. Throws ProblemError, UnreachableError. */
  async ask<Answer>(path: string, ask: Ask = {}): Promise<Answer> {
    return (await (await this.#send(path, ask)).json()) as Answer;
  }

  /** Asks a path below the gateway and returns its bytes as they come. Throws ProblemError, UnreachableError. */
  async *download(path: string): AsyncGenerator<Uint8Array> {
    const { body } = await this.#send(path, {});
    if (body) for await (const piece of body) yield piece as Uint8Array;
  }

  async #send(
    path: string,
    { method = 'GET', query = {}, body, type = 'application/json', key, prefer }: Ask,
  ): Promise<Response> {
    const url = new URL(path, this.gateway);
    const minBlock = this.horizon && String(this.horizon.block);
    for (const [name, value] of Object.entries({ minBlock, ...query })) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        ...(body === undefined ? {} : { body }),
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': type }),
          ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
          ...(prefer === undefined ? {} : { prefer }),
        },
      });
    } catch (error) {
      throw new UnreachableError(this.gateway, error);
    }
    this.horizon?.widen(response);
    if (!response.ok) throw new ProblemError((await response.json()) as Problem);
    return response;
  }
}

/** The URL name of a kind's collection; takes the collection's name too. Throws for an unknown kind. */
export function pluralOf(name: string): string {
  const kind = kinds.find((one) => one.name === name || one.plural === name);
  if (!kind) throw new UsageError(`there is no kind ${name}; there are ${kinds.map((one) => one.name).join(', ')}`);
  return kind.plural;
}
