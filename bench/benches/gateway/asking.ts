// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** One request: a read of a path, or, where there is a body, a write to a record whose id is put in for `{id}`, in the body too. */
const ask = z.strictObject({
  what: z.string(),
  path: z.string(),
  body: z.string().optional(),
  /** Of the body; JSON unless given. */
  type: z.string().optional(),
  /** It is not well-formed: to be refused as such is its answer. */
  isFoul: z.boolean().optional(),
});
export type Ask = z.infer<typeof ask>;

/** So many callers who ask these in turn, each waiting for its answer and then so long, until `seconds` are over. */
export const asking = z.strictObject({
  asks: z.array(ask).min(1),
  atOnce: z.int().positive(),
  apartMs: z.number().nonnegative(),
  seconds: z.number().positive(),
  /** A caller who is refused comes again at once, whatever it was told. */
  pressing: z.boolean().default(false),
});
export type Asking = z.input<typeof asking>;

/** How long each answer took, in milliseconds, by what was asked; and how often a caller was told to come again. */
export const answered = z.strictObject({ times: z.record(z.string(), z.array(z.number())), refused: z.int() });
export type Answered = z.infer<typeof answered>;

/** So many streams of events, read for so long. */
export const draining = z.strictObject({ count: z.int().positive(), seconds: z.number().positive() });
export type Draining = z.input<typeof draining>;

/** How many bytes came on them. */
export const drained = z.strictObject({ bytes: z.int() });
export type Drained = z.infer<typeof drained>;
