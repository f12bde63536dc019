// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import { LedgerError } from '../error.js';
import type { Identity } from '../port.js';
import type { ContractHost } from './contract-host.js';
import type { Membership } from './membership.js';
import { creatorOf, type Proposal, transactionId } from './proposal.js';
import { encode } from './protobuf.js';
import { encodeReadWriteSet, type ReadWriteSet } from './read-write-set.js';
import { Simulator } from './simulator.js';
import { eventOf, newStub } from './shim.js';
import type { Store } from './store.js';
import type { Endorsement } from './transaction.js';

/** What a peer answers to a proposal, before anyone signs it. */
export interface Simulation {
  readonly result: string;
  readonly readWriteSet: ReadWriteSet;
  /** `peer.ProposalResponsePayload`: what endorsers sign. */
  readonly responsePayload: Uint8Array;
}

export interface EndorserOptions {
  readonly channel: string;
  readonly chaincode: string;
  readonly host: ContractHost;
  readonly membership: Membership;
  readonly store: Store;
  readonly clock: () => Date;
}

/** As design: Fabric's default is 15 minutes. */
const TIME_WINDOW_MS = 5 * 60 * 1000;

/** The peer's side of endorsement: checks as Fabric's endorser does, in its order, then runs the contract. */
export class Endorser {
  readonly #options: EndorserOptions;

  constructor(options: EndorserOptions) {
    this.#options = options;
  }

  /**
   * Refuses what Fabric's filters and endorser would refuse.
   *
   * @param trusted the signature was made by this process with the creator's key, so is not verified again.
   * @throws LedgerError `TIME_WINDOW`, `ACCESS_DENIED`, `DUPLICATE_TXID`, `UNAVAILABLE`.
   */
  admit(proposal: Proposal, trusted: boolean): void {
    const { channel, chaincode, membership, store, clock } = this.#options;
    const { txId, creator } = proposal;
    const now = clock();
    if (Math.abs(proposal.time.getTime() - now.getTime()) > TIME_WINDOW_MS) {
      const [said, is] = [proposal.time.toISOString(), now.toISOString()];
      throw new LedgerError('TIME_WINDOW', `the proposal says ${said}, the peer's clock ${is}: set the clock`, {
        txId,
      });
    }
    if (proposal.channel !== channel || proposal.chaincode !== chaincode) {
      const name = `${proposal.channel}/${proposal.chaincode}`;
      throw new LedgerError('UNAVAILABLE', `this ledger is ${channel}/${chaincode}, not ${name}`, { txId });
    }
    if (!trusted && transactionId(proposal.nonce, creator.bytes) !== txId) {
      throw new LedgerError('ACCESS_DENIED', 'the transaction id is not the hash of nonce and creator', { txId });
    }
    membership.demandMember(creator, now);
    if (!trusted) {
      membership.demandSignature(creator, proposal.bytes, proposal.signature);
      if (store.blockOf(txId) !== undefined) throw duplicate(txId);
    }
  }

  /**
   * Runs the contract on the last committed state.
   *
   * @throws ContractError when it refuses; LedgerError `CONTRACT_FAILURE` when it fails otherwise.
   */
  async simulate(proposal: Proposal): Promise<Simulation> {
    const { channel, chaincode, host, store } = this.#options;
    const { txId } = proposal;
    const view = store.view();
    try {
      const simulator = new Simulator(view);
      const { args, bytes: proposalBytes, signature } = proposal;
      const stub = newStub(simulator, { channel, txId, args, proposalBytes, signature });
      const response = await host.chaincode.Invoke(stub);
      if (response.status >= 400) throw failure(response.message ?? '', txId);
      const readWriteSet = simulator.readWriteSet();
      const payload = response.payload ?? new Uint8Array();
      const { version } = host;
      const made = { readWriteSet, event: eventOf(stub), payload, chaincode, version };
      const responsePayload = encodeResponsePayload(proposal, made);
      return { result: Buffer.from(payload).toString(), readWriteSet, responsePayload };
    } finally {
      view.release();
    }
  }
}

/** The endorsements of a response: each peer's signature over response ‖ its identity. */
export function endorse(responsePayload: Uint8Array, peers: readonly Identity[]): Endorsement[] {
  const longest = Math.max(...peers.map((peer) => creatorOf(peer).bytes.length));
  const message = Buffer.allocUnsafe(responsePayload.length + longest); // one for all: signing is synchronous
  message.set(responsePayload);
  return peers.map((peer) => {
    const endorser = creatorOf(peer).bytes;
    message.set(endorser, responsePayload.length);
    return { endorser, signature: peer.sign(message.subarray(0, responsePayload.length + endorser.length)) };
  });
}

export function duplicate(txId: string): LedgerError {
  return new LedgerError('DUPLICATE_TXID', `transaction ${txId} is on the ledger already`, { txId });
}

function failure(message: string, txId: string): Error {
  return (
    ContractError.parse(message) ?? new LedgerError('CONTRACT_FAILURE', `the contract failed: ${message}`, { txId })
  );
}

/** SHA-256 of channel header ‖ signature header ‖ payload: binds the response to the proposal. */
function proposalHash({ channelHeader, signatureHeader, payload }: Proposal): Buffer {
  return hash('sha256', Buffer.concat([channelHeader, signatureHeader, payload]), 'buffer');
}

type Event = ReturnType<typeof eventOf>;

interface Response {
  readonly readWriteSet: ReadWriteSet;
  readonly event: Event;
  readonly payload: Uint8Array;
  readonly chaincode: string;
  readonly version: string;
}

/** A `peer.ProposalResponsePayload`: the proposal's hash and a `peer.ChaincodeAction`. */
function encodeResponsePayload(proposal: Proposal, made: Response): Buffer {
  const { readWriteSet, event, payload, chaincode, version } = made;
  const action = {
    1: encodeReadWriteSet(chaincode, readWriteSet),
    2: event && { 1: chaincode, 2: proposal.txId, 3: event.name, 4: event.payload },
    3: { 1: OK, 3: payload },
    4: { 2: chaincode, 3: version },
  };
  return encode({ 1: proposalHash(proposal), 2: action });
}

const OK = 200;
