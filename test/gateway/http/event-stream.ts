// SPDX-License-Identifier: Apache-2.0
import { get, type IncomingMessage } from 'node:http';

/** One server-sent event as it came. */
export interface Sent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A client of an event stream, that reads as events come. */
export interface Listener {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly events: readonly Sent[];
  /** How many comments came that say that the stream lives. */
  comments(): number;
  /** The ids of the acts that came, in order. */
  ids(): string[];
  /** Resolves once something holds of what came, or the stream has ended; rejects after ten seconds. */
  until(holds: () => boolean): Promise<void>;
  /** Resolves once the stream has ended. */
  ended(): Promise<void>;
  /** Breaks the connection off. */
  drop(): void;
}

export function listen(base: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const sent = get(new URL(path, base), { headers, agent: false }, (response) => {
      resolve(listenerTo(response, () => sent.destroy()));
    });
    sent.once('error', reject);
    sent.on('error', () => undefined);
  });
}

function listenerTo(response: IncomingMessage, drop: () => void): Listener {
  const events: Sent[] = [];
  let comments = 0;
  let rest = '';
  let over = false;
  const waiting = new Set<() => void>();
  const tell = (): void => {
    for (const told of [...waiting]) told();
  };
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block === ': alive') comments += 1;
      else if (!block.startsWith(':')) events.push(parsed(block));
    }
    tell();
  });
  response.on('error', () => undefined);
  response.on('close', () => {
    over = true;
    tell();
  });
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(
          new Error(
            `it did not come; there came ${comments} comments and: ${events.map(({ event, id }) => `${event} ${id ?? ''}`).join(', ')}`,
          ),
        );
      }, 10_000);
      const look = (): void => {
        if (!over && !holds()) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    comments: () => comments,
    ids: () => events.flatMap(({ event, id }) => (event === 'act' && id !== undefined ? [id] : [])),
    until,
    ended: () => until(() => over),
    drop,
  };
}

function parsed(block: string): Sent {
  const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
  return {
    id: fields.get('id'),
    event: fields.get('event') ?? 'message',
    data: JSON.parse(fields.get('data') ?? '{}') as Sent['data'],
  };
}
