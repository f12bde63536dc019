// SPDX-License-Identifier: Apache-2.0
import type { Act } from 'yuanliu-chaincode/kind/act';
import { ContractError, saying } from 'yuanliu-chaincode/vocabulary/error';
import type { TokenSubject } from '../identity/issuer.js';
import type { LedgerIndex } from '../index/ledger-index.js';
import type { Viewer } from '../index/read/visibility.js';
import type { Identity, Ledger } from '../ledger/port.js';
import type { ReadCall } from './read-call.js';
import { say } from '../messages/index.js';

interface Asked {
  readonly act: Act;
  readonly subject: TokenSubject;
}

interface Tried {
  readonly identity: Identity;
  readonly id: string;
}

/** What a caller may know of why it is refused. */
export interface Refusals {
  /**
   * Keeps the contract's refusals from telling what the caller may not see. `FORBIDDEN` on a hidden record would say
   * that it exists; on the creation of one, all that is said is that the id is taken. A request that names a record which
   * is hidden from the caller is refused as if there were none.
   */
  shown(error: unknown, asked: Asked, call: ReadCall, tried: Tried): Promise<unknown>;
  /** The first record named that the caller does not know of: hidden, or not there. */
  unknownTo(viewer: Viewer, call: Pick<ReadCall, 'named'>): string | undefined;
}

export function newRefusals({ ledger, index }: { readonly ledger: Ledger; readonly index: LedgerIndex }): Refusals {
  return { shown, unknownTo };

  async function shown(error: unknown, { act, subject }: Asked, call: ReadCall, tried: Tried): Promise<unknown> {
    if (!(error instanceof ContractError)) return error;
    const viewer = index.viewer(subject.organization);
    const unknown = unknownTo(viewer, call); // by which a new record may be placed, too
    if (error.code !== 'FORBIDDEN') return unknown === undefined || isOfItsOwn(error, act) ? error : unread(unknown);
    if (index.record(call.ref, viewer)) return error;
    if (!act.creates) return missing(call.ref);
    const holdsRole = viewer.roles.some(({ role }) => role in act.by && (call.as ?? role) === role);
    if (!holdsRole) return error;
    if (unknown !== undefined) return unread(unknown);
    return (await exists(tried, act.kind.name)) ? taken(call.ref) : error;
  }

  function unknownTo(viewer: Viewer, { named }: ReadCall): string | undefined {
    return named.find((ref) => !index.knows(ref, viewer));
  }

  async function exists({ identity, id }: Tried, kind: string): Promise<boolean> {
    return ledger.evaluate({ identity, transaction: `${kind}:get`, args: [id] }).then(
      () => true,
      () => false,
    );
  }
}

/** Whether a refusal is for the record acted on, or for the idempotency key, whatever else the request names. */
function isOfItsOwn({ code }: ContractError, { creates }: Act): boolean {
  return ['EXISTS', 'VERSION_CONFLICT', 'KEY_REUSED'].includes(code) || (code === 'WRONG_STATE' && !creates);
}

/** As the contract words it, so that the two are not told apart. */
function missing(ref: string): ContractError {
  return new ContractError('NOT_FOUND', saying('no-record', { ref }));
}

/** Of a record named by a request: one answer, whether it is hidden or not there. */
export function unread(ref: string): ContractError {
  return new ContractError('NOT_FOUND', say('hidden-or-missing', { ref }));
}

function taken(ref: string): ContractError {
  return new ContractError('EXISTS', saying('exists', { ref }));
}
