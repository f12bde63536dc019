// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { encodings } from '../text/encoding.js';

/** What can become of a row. */
export const rowResults = ['anchored', 'unchanged', 'conflict', 'duplicate', 'invalid', 'failed'] as const;

export const importRow = z.strictObject({
  line: z.int().positive().meta({ description: 'The line of the file that the row begins on.' }),
  id: z.string(),
  result: z.enum(rowResults).meta({
    description:
      'anchored: on the ledger now (in a dry run: would be); unchanged: was there already; conflict: the id is there with other content; duplicate: an earlier row has the id; invalid: the row does not fit; failed: not done, or not known to be, for the reason in its message.',
  }),
  txId: z.string().optional().meta({ description: 'The transaction that anchored it.' }),
  code: z.string().optional(),
  message: z.string().optional(),
  remedy: z.string().optional(),
  issues: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
});
export type ImportRow = z.infer<typeof importRow>;

const count = z.int().nonnegative();

export const importStates = ['running', 'done', 'interrupted', 'cancelled'] as const;

/** How an import goes, or went. */
export const importReport = z.strictObject({
  import: z.string(),
  organization: z.string(),
  user: z.string(),
  dryRun: z.boolean(),
  encoding: z.enum(encodings).meta({ description: 'What the file was read as. GB18030 holds GBK and GB2312.' }),
  columns: z
    .record(z.string(), z.string())
    .optional()
    .meta({ description: 'The header of the column that says each field.' }),
  ignored: z.array(z.string()).optional().meta({ description: 'Headers of columns that are not used.' }),
  state: z.enum(importStates).meta({
    description:
      'interrupted: the gateway stopped meanwhile; cancelled: you had it stop. Send the file again, rows that are done stay as they are.',
  }),
  startedAt: z.string(),
  finishedAt: z.string().optional(),
  rows: count.meta({ description: 'Rows of the file.' }),
  counts: z.strictObject({
    anchored: count,
    unchanged: count,
    conflict: count,
    duplicate: count,
    invalid: count,
    failed: count,
  }),
});
export type ImportReport = z.infer<typeof importReport>;

export const NO_COUNTS: ImportReport['counts'] = {
  anchored: 0,
  unchanged: 0,
  conflict: 0,
  duplicate: 0,
  invalid: 0,
  failed: 0,
};
