// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** What a client is told at its start. */
export const assignment = z.strictObject({ gateway: z.string(), token: z.string().optional() });
export type Assignment = z.infer<typeof assignment>;

/** How the ids of the uses begin that a client records. */
export const BENCH_USES = 'U-bench-';

/** Uses to be recorded by so many who each wait for their answer, until there are `count` or `seconds` are over. */
export const load = z.strictObject({
  count: z.int().positive(),
  atOnce: z.int().positive(),
  seconds: z.number().positive(),
  /** Who is refused comes again at once, whatever it was told. */
  pressing: z.boolean().default(false),
});
export type Load = z.input<typeof load>;

/** What came of a load. */
export const outcome = z.strictObject({
  /** Answered 201. */
  accepted: z.int(),
  /** Answered 201 per second, from the first request to the last such answer. */
  pace: z.number(),
  /** Answered 429 or 503. */
  refused: z.int(),
});
export type Outcome = z.infer<typeof outcome>;
