// SPDX-License-Identifier: Apache-2.0
import { kindNamed } from './kind.js';
import { contractMessages } from '../messages/contract.js';
import type { Message } from '../messages/template.js';
import type { ActEntry, LedgerRecord } from './record.js';

/**
 * The one place where what was stored under an older schema becomes what is stored now: the body, and the breaches of the
 * act, which were English text before they had codes. For the contract as it reads its state, and for all that read
 * blocks. The record itself if it is current, or of a kind that is not known.
 *
 * @throws Error for a schema that is newer than this code, or older than what its kind upgrades from.
 */
export function upgraded(stored: LedgerRecord): LedgerRecord {
  const record = withCodes(stored);
  const kind = kindNamed(record.kind);
  if (!kind || record.schema === kind.schema) return record;
  if (!kind.upgrade || record.schema > kind.schema) {
    throw new Error(
      `${record.kind}/${record.id} has schema ${record.schema}; this program knows ${kind.schema}: update it`,
    );
  }
  return { ...record, body: kind.upgrade(record.body, record.schema), schema: kind.schema };
}

/** A breach as it was stored before it had a code, of a rule that is broken or that could not be judged. */
interface StoredText {
  readonly message?: string;
  readonly remedy?: string;
  readonly why?: string;
}

function withCodes(record: LedgerRecord): LedgerRecord {
  const { violations, unjudged } = record.act;
  if (![...violations, ...(unjudged ?? [])].some(isText)) return record;
  const act: ActEntry = {
    ...record.act,
    violations: violations.map(coded),
    ...(unjudged ? { unjudged: unjudged.map(coded) } : {}),
  };
  return { ...record, act };
}

function isText(one: Partial<Message>): boolean {
  return one.code === undefined;
}

function coded<One extends Message>(one: One): One {
  if (!isText(one)) return one;
  const { message, remedy = '', why = '', ...rest } = one as One & StoredText;
  return {
    ...(rest as unknown as One),
    ...contractMessages.message('stored-text', { message: message ?? why, remedy }),
  };
}
