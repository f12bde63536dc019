// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { EmbeddedPki } from '../../identity/embedded-pki.js';
import { SigningIdentity } from '../../identity/signing-identity.js';
import { makeDataFolder } from '../../storage/private-files.js';
import type { CheckOptions } from '../../storage/checked-database.js';
import { LedgerError } from '../error.js';
import type { Call, Ledger, LedgerBlock } from '../port.js';
import { Committer } from './committer.js';
import { compareState } from './compare-state.js';
import { type ContractSource, loadContract } from './contract-host.js';
import { endorse, Endorser } from './endorser.js';
import { demandSameChannel, newGenesis } from './genesis.js';
import { Membership } from './membership.js';
import { News } from './news.js';
import { newProposal, parseProposal, type Proposal } from './proposal.js';
import { Store, type StoreCopy } from './store.js';
import { encodeEnvelope, encodeTransaction } from './transaction.js';

export interface EmbeddedLedgerOptions {
  /** Holds everything: blocks, state, keys. Made at first start; one process at a time. */
  readonly directory: string;
  /** The built contract: its package's folder, or its module. The yuanliu-chaincode package unless given. */
  readonly chaincode?: ContractSource;
  /** The time of clients and peers alike. */
  readonly clock?: () => Date;
  /** How many bytes must be free on the disk for a block to be written; 64 MiB unless given. */
  readonly reserve?: number;
  /** Size up to which opening checks every entry, in bytes; 32 MiB unless given. */
  readonly wholeUpTo?: number;
  readonly block?: { readonly maxTransactions?: number; readonly maxBytes?: number };
}

/** A proposal that a client outside built and signed: a serialized `peer.Proposal` with its creator's signature. */
export interface SignedProposal {
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

type Submitted = Awaited<ReturnType<Ledger['submit']>>;

/** The embedded ledger, with what it has beyond the port. */
export interface EmbeddedLedger extends Ledger {
  /** The members' certificate authorities: enrols users. */
  readonly pki: EmbeddedPki;

  /**
   * Takes a proposal as a peer takes it from a stranger, checking its signature, transaction id and time, and has
   * `sign` sign the transaction that comes of it. Resolves and throws as `submit`.
   */
  submitProposal(proposal: SignedProposal, sign: (payload: Uint8Array) => Uint8Array): Promise<Submitted>;

  /** Everything that the ledger holds as it is now, for a backup; whatever is committed meanwhile. */
  copy(): StoreCopy;

  /**
   * Compares every state value with its last valid write in the blocks, and resolves with how many there are.
   *
   * @throws LedgerError `DAMAGED` when one differs, is missing, or is of no block.
   */
  compareState(): Promise<number>;

  /** Checks every stored entry while the ledger is in use. @throws LedgerError `DAMAGED` */
  check(options: CheckOptions): Promise<void>;

  /** Why it writes nothing more until it is opened again: a block could not be written. It still reads. */
  failure(): Error | undefined;
}

/**
 * Opens the ledger in a directory, or makes it there: certificate authorities, peers and orderers of all members in
 * this process, writing genuine Fabric blocks. For trying out: 内嵌账本，仅供体验，不具证据效力.
 *
 * @throws LedgerError `UNAVAILABLE` when another process holds the directory, or it belongs to another ledger.
 */
export async function openEmbeddedLedger(options: EmbeddedLedgerOptions): Promise<EmbeddedLedger> {
  const { directory, clock = () => new Date() } = options;
  await makeDataFolder(directory);
  const store = await Store.open({
    directory: join(directory, 'ledger'),
    reserve: options.reserve ?? RESERVE,
    wholeUpTo: options.wholeUpTo,
  });
  let pki: EmbeddedPki | undefined;
  try {
    pki = await EmbeddedPki.open(join(directory, 'identities'), clock);
    const genesis = store.block(0);
    if (genesis) demandSameChannel(genesis, pki.members);
    else await store.append(newGenesis(CHANNEL, pki.members, clock()));
    return new OpenLedger(options, store, pki, clock);
  } catch (error) {
    await pki?.close();
    await store.close();
    throw error;
  }
}

/** More than the largest block and what LevelDB rewrites beside it. */
const RESERVE = 64 * 1024 * 1024;
const CHANNEL = 'public-data';
const CHAINCODE = 'yuanliu';
const ENDORSEMENTS = 3;

class OpenLedger implements EmbeddedLedger {
  readonly channel = CHANNEL;
  readonly chaincode = CHAINCODE;
  readonly pki: EmbeddedPki;
  readonly #store: Store;
  readonly #clock: () => Date;
  readonly #endorser: Endorser;
  readonly #committer: Committer;
  readonly #peers: readonly SigningIdentity[];
  readonly #inFlight = new Set<Promise<unknown>>();
  #turn = 0;
  #closing: Promise<void> | undefined;
  /** Told of each block, and of the end. */
  readonly #news = new News();

  constructor({ chaincode, block }: EmbeddedLedgerOptions, store: Store, pki: EmbeddedPki, clock: () => Date) {
    this.pki = pki;
    this.#store = store;
    this.#clock = clock;
    this.#peers = pki.members.flatMap(({ peer }) => peer ?? []);
    this.#endorser = new Endorser({
      channel: CHANNEL,
      chaincode: CHAINCODE,
      host: loadContract(chaincode),
      membership: new Membership(pki.members, (mspId, serial) => pki.people.isRevoked(mspId, serial)),
      store,
      clock,
    });
    this.#committer = new Committer({
      store,
      orderer: firstOrderer(pki),
      chaincode: CHAINCODE,
      maxTransactions: block?.maxTransactions ?? 500,
      maxBytes: block?.maxBytes ?? 32 * 1024 * 1024,
      committed: () => {
        this.#news.tell();
      },
    });
  }

  submit(call: Call): Promise<Submitted> {
    return this.#track(async () => {
      const proposal = newProposal(call, this, this.#clock());
      this.#endorser.admit(proposal, SigningIdentity.signsHere(call.identity));
      call.sent?.(proposal.txId);
      return this.#process(proposal, (payload) => call.identity.sign(payload), call);
    });
  }

  submitProposal({ bytes, signature }: SignedProposal, sign: (payload: Uint8Array) => Uint8Array): Promise<Submitted> {
    return this.#track(async () => {
      const proposal = parseProposal(bytes, signature);
      this.#endorser.admit(proposal, false);
      return this.#process(proposal, sign);
    });
  }

  members(): readonly string[] {
    return this.pki.members.map(({ mspId }) => mspId);
  }

  /** What a process left unfinished is in no block, and in none to come. */
  isPending(): boolean {
    return false;
  }

  evaluate(call: Call): Promise<string> {
    return this.#track(async () => {
      const proposal = newProposal(call, this, this.#clock());
      this.#endorser.admit(proposal, SigningIdentity.signsHere(call.identity));
      return (await this.#endorser.simulate(proposal)).result;
    });
  }

  async *blocks(from: number, signal?: AbortSignal): AsyncIterable<LedgerBlock> {
    for (let number = from; ; number++) {
      while (number >= this.#store.position.height) {
        if (signal?.aborted || this.#closing) return;
        await this.#news.wait(signal);
      }
      if (signal?.aborted || this.#closing) return;
      const bytes = this.#store.block(number);
      if (bytes) yield { number, bytes };
    }
  }

  height(): Promise<number> {
    return Promise.resolve(this.#store.position.height);
  }

  copy(): StoreCopy {
    return this.#store.copy();
  }

  async compareState(): Promise<number> {
    const copy = this.#store.copy();
    try {
      return await compareState(copy, CHAINCODE, this.#store.directory);
    } finally {
      await copy.release();
    }
  }

  check(options: CheckOptions): Promise<void> {
    return this.#store.check(options);
  }

  failure(): Error | undefined {
    return this.#store.failure ?? this.#committer.failure;
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#shut());
  }

  /** Simulate, endorse, sign, order, commit: the life of a transaction after its proposal was admitted. */
  /** @param call the call that the proposal was made for here; its transaction id is new then */
  async #process(proposal: Proposal, sign: (payload: Uint8Array) => Uint8Array, call?: Call): Promise<Submitted> {
    const { txId, time } = proposal;
    const { result, readWriteSet, responsePayload } = await this.#endorser.simulate(proposal);
    call?.endorsed?.(result);
    const endorsements = endorse(responsePayload, this.#endorsers());
    const payload = encodeTransaction(proposal, responsePayload, endorsements);
    const envelope = encodeEnvelope(payload, sign(payload));
    const blockNumber = await this.#committer.commit({ txId, envelope, readWriteSet, isNew: call !== undefined });
    const { channel, chaincode } = this;
    const ledgerTime = time.toISOString();
    return { result, receipt: { txId, blockNumber, ledgerTime, channel, chaincode, validationCode: 'VALID' } };
  }

  /** As many as the policy asks for, by turns, so that every peer's signature is in use. */
  #endorsers(): readonly SigningIdentity[] {
    const spared = this.#turn++ % this.#peers.length;
    return this.#peers.filter((_, place) => place !== spared).slice(0, ENDORSEMENTS);
  }

  #track<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing) return Promise.reject(new LedgerError('CLOSED', 'this ledger was closed: open it again'));
    const done = work();
    this.#inFlight.add(done);
    const forget = (): void => void this.#inFlight.delete(done);
    done.then(forget, forget);
    return done;
  }

  async #shut(): Promise<void> {
    this.#news.tell();
    await Promise.allSettled(this.#inFlight);
    await this.#committer.idle();
    await this.#store.close();
    await this.pki.close();
  }
}

function firstOrderer(pki: EmbeddedPki): SigningIdentity {
  const orderer = pki.members.find((member) => member.orderer)?.orderer;
  if (!orderer) throw new LedgerError('UNAVAILABLE', 'no member of this ledger runs an orderer');
  return orderer;
}
