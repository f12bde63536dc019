// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { peer } from '@hyperledger/fabric-protos';
import { ContractError } from 'yuanliu-chaincode/error';
import { LedgerError } from '../error.js';
import type { Identity } from '../port.js';
import type { ContractHost } from './contract-host.js';
import type { Membership } from './membership.js';
import { creatorOf, type Proposal, transactionId } from './proposal.js';
import { encodeReadWriteSet, type ReadWriteSet } from './read-write-set.js';
import { Simulator } from './simulator.js';
import { eventOf, newStub } from './shim.js';
import type { Store } from './store.js';

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
      const responsePayload = encodeResponsePayload(proposalHash(proposal), {
        results: encodeReadWriteSet(chaincode, readWriteSet),
        event: encodeEvent(eventOf(stub), chaincode, txId),
        payload,
        chaincode: { name: chaincode, version: host.version },
      });
      return { result: Buffer.from(payload).toString(), readWriteSet, responsePayload };
    } finally {
      view.release();
    }
  }
}

/** One peer's `peer.Endorsement` of a response. */
export function endorse(responsePayload: Uint8Array, endorser: Identity): peer.Endorsement {
  const { bytes } = creatorOf(endorser);
  const endorsement = new peer.Endorsement();
  endorsement.setEndorser(bytes);
  endorsement.setSignature(endorser.sign(Buffer.concat([responsePayload, bytes])));
  return endorsement;
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
  return createHash('sha256').update(channelHeader).update(signatureHeader).update(payload).digest();
}

function encodeEvent(
  event: { readonly name: string; readonly payload: Uint8Array } | undefined,
  chaincode: string,
  txId: string,
): Uint8Array {
  if (!event) return new Uint8Array();
  const encoded = new peer.ChaincodeEvent();
  encoded.setChaincodeId(chaincode);
  encoded.setTxId(txId);
  encoded.setEventName(event.name);
  encoded.setPayload(event.payload);
  return encoded.serializeBinary();
}

interface Action {
  readonly results: Uint8Array;
  readonly event: Uint8Array;
  readonly payload: Uint8Array;
  readonly chaincode: { readonly name: string; readonly version: string };
}

function encodeResponsePayload(hash: Uint8Array, { results, event, payload, chaincode }: Action): Uint8Array {
  const response = new peer.Response();
  response.setStatus(200);
  response.setPayload(payload);
  const id = new peer.ChaincodeID();
  id.setName(chaincode.name);
  id.setVersion(chaincode.version);
  const action = new peer.ChaincodeAction();
  action.setResults(results);
  action.setEvents(event);
  action.setResponse(response);
  action.setChaincodeId(id);
  const encoded = new peer.ProposalResponsePayload();
  encoded.setProposalHash(hash);
  encoded.setExtension$(action.serializeBinary());
  return encoded.serializeBinary();
}
