// SPDX-License-Identifier: Apache-2.0
import type { ClientDuplexStream } from '@grpc/grpc-js';

/** What a node answers to one request on a stream, until it ends or `signal` aborts. Throws as grpc-js does. */
export async function* answersTo<Request, Answer>(
  request: Request,
  stream: ClientDuplexStream<Request, Answer>,
  signal: AbortSignal,
): AsyncGenerator<Answer, void> {
  stream.on('error', () => undefined); // also thrown below; after the end nobody minds
  const stop = (): void => {
    stream.cancel();
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    stream.write(request);
    for await (const answer of stream) yield answer as Answer;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}
