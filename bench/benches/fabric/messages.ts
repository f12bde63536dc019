// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** What a worker is told at its start. */
export const assignment = z.strictObject({
  driver: z.enum(['gateway', 'sdk']),
  /** The network's `network.json`. */
  connection: z.string(),
  mspId: z.string(),
  /** MSP folder of the identity that acts. */
  msp: z.string(),
  directory: z.string(),
  checkEvery: z.int().positive(),
});

export type Assignment = z.infer<typeof assignment>;

/** Uses to be recorded, `atOnce` of them in flight, until there are `count` or `seconds` are over. */
export const load = z.strictObject({
  count: z.int().positive(),
  atOnce: z.int().positive(),
  seconds: z.number().positive(),
  /** What is used, at its exact version; the derived product of the story without. */
  subject: z.string().optional(),
});
export type Load = z.infer<typeof load>;

/** What came of a load. */
export const outcome = z.strictObject({
  committed: z.int(),
  seconds: z.number(),
  /** Microseconds of this process. */
  cpu: z.number(),
  /** Milliseconds from call to commit, of each. */
  latencies: z.array(z.number()),
  failures: z.array(z.string()),
});
export type Outcome = z.infer<typeof outcome>;
