// SPDX-License-Identifier: Apache-2.0
import type { Worded } from 'yuanliu-chaincode/messages';
import { z } from 'zod';
import type { AccountabilityAnswer, AccountableAct } from '../../queries/trace/account.js';
import { actEntry, basis, count, inWords, place } from './shapes.js';

const SHOWN = 'Whether the ledger would have shown it to the organisation that acts.';
const shown = z.boolean().meta({ description: SHOWN });

const approval = z.strictObject({
  ref: z.string(),
  act: z.string(),
  title: z.string(),
  organization: z.string(),
  user: z.string(),
  role: z.string(),
  txId: z.string(),
  time: z.string(),
  documents: z.array(
    z.strictObject({ title: z.string().optional(), number: z.string().optional(), digest: z.string() }),
  ),
});

const knownViolation = z.strictObject({
  ref: z.string(),
  act: z.string(),
  txId: z.string(),
  rule: z.string(),
  article: z.string(),
  ...inWords,
  due: z.string().optional(),
  shown,
});

const knownFinding = z.strictObject({
  ref: z.string(),
  about: z.string(),
  state: z.string(),
  since: z.string(),
  summary: z.string(),
  shown,
});

const office = z.strictObject({
  organization: z.string(),
  state: z.string(),
  region: z.string(),
  remit: z.array(z.string()).optional(),
});

export const accountableAct: z.ZodType<Worded<AccountableAct>> = z.strictObject({
  ref: z.string().meta({ description: 'The version that the act left.' }),
  part: z
    .enum(['subject', 'origin', 'authority', 'evidence', 'cause'])
    .meta({ description: 'Why it is on the chain.' }),
  recordTitle: z.string().optional(),
  title: z.string().meta({ description: 'The act in the words of the regulation.' }),
  state: z.string(),
  act: actEntry,
  transaction: place,
  causedBy: z.string().optional(),
  office: office.optional().meta({ description: 'The role acted in, as the ledger gave it before the act.' }),
  basis: basis.optional(),
  approvals: z.array(approval).meta({ description: 'Who approved the links of the authority chain by then.' }),
  known: z
    .strictObject({
      violations: z.array(knownViolation),
      findings: z.array(knownFinding),
      more: count
        .optional()
        .meta({ description: 'How many older ones are left out: the last hundred of each are told.' }),
    })
    .meta({ description: 'What the ledger held before the act of the record, its inputs and the links above it.' }),
});

export const accountabilityAnswer: z.ZodType<Worded<AccountabilityAnswer>> = z.strictObject({
  root: z.string(),
  asOf: z.strictObject({ block: count, time: z.string() }),
  items: z.array(accountableAct),
  truncated: z.boolean().meta({ description: 'There is more: a next page, or depth or a bound cut it off.' }),
  hidden: z.boolean().meta({ description: 'The chain has acts or records that the caller may not see.' }),
  cursor: z.string().optional(),
});
