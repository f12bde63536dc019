// SPDX-License-Identifier: Apache-2.0
import type { Viewer } from '../index/visibility.js';
import type { TraceAnswer, TraceOptions } from './answer.js';

/**
 * Both questions, over exact versions. `ref` is `kind/id` or `kind/id@version`.
 *
 * Throws IndexError: `NOT_FOUND` if the viewer may not see the root, `BAD_REQUEST` for an option that makes no sense.
 */
export interface Trace {
  /** 来源 — everything it came from. Without a version: what the current one came from. */
  origins(ref: string, viewer: Viewer, options?: TraceOptions): Promise<TraceAnswer>;
  /** 去向 — everywhere it went. Without a version: where any of its versions went. */
  destinations(ref: string, viewer: Viewer, options?: TraceOptions): Promise<TraceAnswer>;
}
