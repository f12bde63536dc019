// SPDX-License-Identifier: Apache-2.0

/**
 * Who speaks to the ledger: an X.509 identity of one MSP and the means to sign as it.
 * The private key never crosses this interface.
 */
export interface Identity {
  readonly mspId: string;
  /** PEM of the enrolment certificate. */
  readonly certificate: string;
  /** Signs the SHA-256 of `message` with ECDSA; returns a low-S DER signature. */
  sign(message: Uint8Array): Uint8Array;
}

/** One contract transaction: `resource:anchor` with its string arguments. */
export interface Call {
  readonly identity: Identity;
  readonly transaction: string;
  readonly args: readonly string[];
  /** Called with the transaction's id before it is ordered: from then on its outcome can be looked up, even after a crash. */
  readonly sent?: (txId: string) => void;
  /** Called with what the endorsers answered, before it is ordered. If it throws, nothing is ordered and `submit` throws the same. */
  readonly endorsed?: (result: string) => void;
}

/** What the ledger says of a committed transaction. */
export interface Receipt {
  readonly txId: string;
  readonly blockNumber: number;
  /** Timestamp of the transaction's channel header, RFC 3339 in UTC: the ledger time the contract saw. */
  readonly ledgerTime: string;
  readonly channel: string;
  readonly chaincode: string;
  /** Always `VALID`: any other code is an error. */
  readonly validationCode: 'VALID';
}

/** A block as the orderer cut it and the peer committed it: a serialized Fabric `common.Block`. */
export interface LedgerBlock {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/**
 * A ledger, at the level of transactions and blocks.
 *
 * Callers may assume: a resolved `submit` is durable and survives the crash of any process; it is in exactly one block
 * that `blocks` yields; `evaluate` changes nothing and sees committed state only; blocks come in order, without gap or
 * duplicate, and never change.
 *
 * Callers may not assume: that an `evaluate` sees a `submit` still in flight; that a rejected `submit` with code
 * `COMMIT_UNKNOWN` did not happen; any order among transactions submitted concurrently; that another connection, or
 * another peer, yields a block with the same orderer signatures (a SmartBFT orderer keeps the quorum that it saw, a Raft
 * one its own; all else is the same).
 */
export interface Ledger {
  readonly channel: string;
  readonly chaincode: string;

  /**
   * Endorses, orders and commits one transaction; resolves once it is committed as valid.
   *
   * @throws ContractError when the contract refuses: nothing was ordered.
   * @throws LedgerError before anything was ordered: `TIME_WINDOW`, `ACCESS_DENIED`, `CONTRACT_FAILURE`, `UNAVAILABLE`,
   *   `CLOSED`; with the transaction on the ledger as invalid: `MVCC_READ_CONFLICT` or `PHANTOM_READ_CONFLICT` (safe to
   *   endorse again), `DUPLICATE_TXID`, `ENDORSEMENT_POLICY_FAILURE`, `INVALIDATED`; with its fate open: `COMMIT_UNKNOWN`.
   */
  submit(call: Call): Promise<{ readonly result: string; readonly receipt: Receipt }>;

  /** Runs one transaction on committed state and returns its result; writes nothing. Throws as `submit` does. */
  evaluate(call: Call): Promise<string>;

  /**
   * Every block from number `from` (0 is the genesis block) on, then each new one as it commits, until `signal`
   * aborts or the ledger closes; either ends the iteration without an error.
   */
  blocks(from: number, signal?: AbortSignal): AsyncIterable<LedgerBlock>;

  /** The number of committed blocks. */
  height(): Promise<number>;

  /** The MSPs that are members of the channel now. */
  members(): readonly string[];

  /** Whether a transaction, perhaps of an earlier process, was sent and its outcome is not known yet. */
  isPending(txId: string): boolean;

  /** Finishes what is in flight, refuses what is new with `CLOSED`, and lets go of every resource. Idempotent. */
  close(): Promise<void>;
}
