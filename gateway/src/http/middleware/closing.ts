// SPDX-License-Identifier: Apache-2.0
import type { Response } from 'express';

/** Aborts once the answer is sent, or the connection lost: also where that was before anybody looked. */
export function closing(response: Response): AbortSignal {
  const closed = new AbortController();
  if (response.closed) closed.abort();
  else
    response.on('close', () => {
      closed.abort();
    });
  return closed.signal;
}
