// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';
import { z } from 'zod';
import type { Act } from './act.js';
import { issueOf } from '../vocabulary/issue.js';
import { ContractError, refusal, saying, type ErrorDetails } from '../vocabulary/error.js';
import { digest, instant, recordId, roleNames, text } from '../vocabulary/vocabulary.js';

/** Fields that every act's input accepts beside its own. */
export const commonInput = z.object({
  /** Refuse unless the record is at this version (0: it must not exist). */
  ifVersion: z.int().nonnegative().optional(),
  /** Repeating a request under the same key gives its first answer. Scope: the caller's organisation. */
  idempotencyKey: z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, 'not-a-key')
    .optional(),
  /** The role to act in, where the organisation holds several. */
  as: z.enum(roleNames).optional(),
});

/** Fields that every report accepts besides. */
export const reportInput = commonInput.extend({
  /** When it happened, not after ledger time. Absent: now. */
  occurredAt: instant.optional(),
  /** Why it is reported late or backfilled (补录), and its documents. */
  late: z.strictObject({ reason: text, documents: z.array(digest).max(20) }).optional(),
});

/** An act's parsed request. */
export interface ActCall extends z.infer<typeof reportInput> {
  readonly id: string;
  readonly ref: string;
  readonly input: unknown;
  /** Tells whether two requests under one idempotency key are the same. Computed for who asks. */
  readonly fingerprint: string;
}

/** Name of each kind's transaction that performs an act, named by its first argument, and writes nothing. */
export const DRY_RUN = 'dry-run';

/** A JSON Schema. */
export type JsonSchema = Record<string, unknown>;

/** What an act takes as its input: its own fields, and those that every act of its nature accepts beside. */
export function inputSchema(act: Act): JsonSchema {
  const own = jsonSchema(act.input);
  const { properties } = jsonSchema(act.nature === 'report' ? reportInput : commonInput);
  const withCommon = (schema: JsonSchema): JsonSchema => ({
    ...schema,
    properties: { ...(schema['properties'] as object), ...(properties as object) },
  });
  const { oneOf } = own;
  const schema = Array.isArray(oneOf) ? { ...own, oneOf: (oneOf as JsonSchema[]).map(withCommon) } : withCommon(own);
  return { title: `${act.title} (${act.kind.name}:${act.name})`, ...schema };
}

/** The JSON Schema of what goes in, in the dialect that OpenAPI 3.1 takes too. */
export function jsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, $id: _id, ...bare } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return bare;
}

/** Bounds on what arrives as JSON, before any schema sees it: a schema walks as deep as its input goes. */
const MAX_BYTES = 1_048_576;
const MAX_DEPTH = 32;

/** Parses an act's id and JSON input. Throws INPUT_INVALID naming every field that is wrong. */
export function parseCall(act: Act, id: string, json: string): ActCall {
  return callOf(act, id, () => parseJson(json));
}

/** {@link parseCall} of an input that is parsed already. */
export function readCall(act: Act, id: string, input: unknown): ActCall {
  return callOf(act, id, () => input);
}

function callOf(act: Act, id: string, read: () => unknown): ActCall {
  const checkedId = recordId.safeParse(id);
  if (!checkedId.success) throw invalid(saying('id-unfit'), checkedId.error.issues, ['id']);
  const value = plainObject(read());
  const common = (act.nature === 'report' ? reportInput : commonInput).safeParse(value);
  const { rest } = split(value);
  const input = act.input.safeParse(rest);
  const issues = [...(common.error?.issues ?? []), ...(input.error?.issues ?? [])];
  if (!common.success || !input.success)
    throw invalid(saying('input-unfit', { act: `${act.kind.name}:${act.name}` }), issues);
  const ref = `${act.kind.name}/${id}`;
  return {
    ...common.data,
    id,
    ref,
    input: input.data,
    get fingerprint() {
      const asked = input.data as object;
      const stated = Object.fromEntries(Object.entries(asked).filter(([field]) => !act.manner?.includes(field)));
      const request = { act: act.name, ref, input: stated, ...common.data, idempotencyKey: null };
      return createHash('sha256').update(canonicalize(request)).digest('hex');
    },
  };

  function split(whole: Readonly<Record<string, unknown>>): { rest: Record<string, unknown> } {
    const own = Object.keys((act.nature === 'report' ? reportInput : commonInput).shape);
    return { rest: Object.fromEntries(Object.entries(whole).filter(([field]) => !own.includes(field))) };
  }
}

function invalid(details: ErrorDetails, found: readonly z.core.$ZodIssue[], at: readonly string[] = []): ContractError {
  const issues = found.slice(0, 50).map((issue) => issueOf(issue, at));
  return new ContractError('INPUT_INVALID', { ...details, issues });
}

function parseJson(json: string): unknown {
  if (json.length > MAX_BYTES) throw refusal('INPUT_INVALID', 'input-too-long', { most: MAX_BYTES });
  try {
    return JSON.parse(json === '' ? '{}' : json);
  } catch {
    throw refusal('INPUT_INVALID', 'input-not-json');
  }
}

function plainObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refusal('INPUT_INVALID', 'input-not-object');
  requirePlain(value);
  return value as Readonly<Record<string, unknown>>;
}

/**
 * Walks the whole value once: nesting is bounded; text has no lone surrogates, which canonical JSON cannot carry, no
 * control characters, which could forge keys and log lines, and no U+FFFD, which stands for text that a conversion lost; no key
 * reaches for a prototype.
 */
function requirePlain(value: unknown, depth = 0): void {
  if (depth > MAX_DEPTH) throw refusal('INPUT_INVALID', 'input-too-deep', { most: MAX_DEPTH });
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw refusal('INPUT_INVALID', 'text-surrogate');
    // eslint-disable-next-line no-control-regex -- these are what is refused
    if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(value)) throw refusal('INPUT_INVALID', 'text-control');
    if (value.includes('\ufffd')) throw refusal('INPUT_INVALID', 'text-replacement');
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === '__proto__') throw refusal('INPUT_INVALID', 'field-proto');
      if (!Array.isArray(value)) requirePlain(key, depth + 1);
      requirePlain(inner, depth + 1);
    }
  }
}
