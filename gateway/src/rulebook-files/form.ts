// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { limitNames, partedNames, periodNames } from 'yuanliu-chaincode/rulebook/rulebook';
import { name, text } from 'yuanliu-chaincode/vocabulary/vocabulary';

/** What says that a number is so: a text of law, a local decision yet to be confirmed, or nothing but an example. */
export const origins = ['law', 'local', 'illustrative'] as const;

const origin = {
  origin: z.enum(origins).optional(),
  /** One of `sources`, and its article: of what is law. */
  source: z.string().optional(),
  article: name.optional(),
  /** Why it is so: of what is not law. */
  why: text.optional(),
};
export type Origin = { readonly [Field in keyof typeof origin]?: z.infer<(typeof origin)[Field]> };

/** YAML reads 10 as a number. */
const value = z.union([z.string(), z.number()]).transform(String);

/** A period with its origin. One without is read too, so that the check names it. */
const number = z
  .union([value.transform((given) => ({ value: given })), z.strictObject({ value, ...origin })])
  .transform((given): Origin & { readonly value: string } => given);
export type SourcedNumber = z.infer<typeof number>;

const rule = z.strictObject({
  /** Texts that demand it; none where the rulebook itself does. */
  basis: z.array(z.strictObject({ source: z.string(), article: name })).max(10),
  requirement: text,
  /** `refuse` unless stated: a decision that breaks it is refused, a report is recorded. */
  mode: z.enum(['refuse', 'due', 'not-applicable']).optional(),
  /** How long a decision has to make good what it broke: of `due`. */
  dueWithin: number.optional(),
  origin: origin.origin,
  why: text.optional(),
});

const date = z.iso.date();
const dates = z.union([
  date,
  z.string().regex(/^\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2}$/, 'is not a date, nor two as FROM..TO'),
]);

/** A rulebook as a file: each number with its origin. `form` is raised when a file of before is not one of now. */
export const rulebookForm = z.strictObject({
  form: z.literal(1),
  title: name,
  region: z.string(),
  effectiveFrom: date.optional(),
  demonstration: text.optional(),
  goLive: z.string().optional(),
  /** The source whose articles are cited without its title. */
  primary: z.string(),
  sources: z.record(
    z.string(),
    z.strictObject({
      title: name,
      number: name.optional(),
      digest: z.string().optional(),
      effectiveFrom: date.optional(),
      until: date.optional(),
      why: text.optional(),
    }),
  ),
  rules: z.record(z.string(), rule),
  periods: z.record(z.enum(periodNames), number),
  limits: z.partialRecord(z.enum(limitNames), number).optional(),
  calendar: z
    .record(z.string(), z.strictObject({ source: z.string(), holidays: z.array(dates), workdays: z.array(dates) }))
    .optional(),
  vocabulary: z
    .strictObject({ domains: z.array(z.string()), purposes: z.array(z.string()) })
    .partial()
    .optional(),
  parts: z.record(z.enum(partedNames), z.strictObject({ required: z.array(z.string()), ...origin })),
});
export type RulebookForm = z.infer<typeof rulebookForm>;
