// SPDX-License-Identifier: Apache-2.0
import type { common } from '@hyperledger/fabric-protos';
import { decodeBlock, type Trust } from 'yuanliu-verifier';
import {
  commitHash,
  dataHash,
  headerBytes,
  headerHash,
  updatesBytes,
  type BlockHeader,
  type StateUpdate,
} from 'yuanliu-verifier/wire/hash';
import { encode } from './encode';
import { firstConfig, genesisEnvelope, type GenesisOptions } from './genesis';
import { organisation, signed, type Organisation, type Person } from './people';
import { prove, type Claim, type Proven } from './transaction';

/** What a block may say that an honest one would not. */
export interface BlockOptions {
  /** Validation codes; all valid if left out. */
  readonly codes?: readonly number[];
  readonly header?: Partial<BlockHeader>;
  /** Who signs it; nobody if empty. */
  readonly signers?: readonly Person[];
  readonly signature?: 'low-S' | 'high-S';
  readonly commitHash?: Buffer;
  /** Signers are named by their place among them, from 1, as SmartBFT names consenters. */
  readonly byNumber?: boolean;
  /** The block that it says holds the configuration. */
  readonly lastConfig?: number;
}

/** A prover with every key there is: honest unless told otherwise. Blocks are chained, hashed and signed correctly. */
export class Prover {
  readonly blocks: Buffer[] = [];
  /** The configuration of the genesis block. */
  readonly config: common.Config;
  private commit: Buffer = Buffer.alloc(0);

  private constructor(
    readonly organisations: readonly Organisation[],
    genesis: GenesisOptions,
  ) {
    this.config = firstConfig(organisations, genesis);
    const envelope = genesisEnvelope(this.config, genesis.channel ?? 'public-data');
    const header = { number: 0, previousHash: Buffer.alloc(0), dataHash: dataHash([envelope]) };
    this.blocks.push(blockBytes(header, [envelope], [Buffer.alloc(0), Buffer.alloc(0), Buffer.from([0])]));
  }

  static async found(
    genesis: GenesisOptions = {},
    names: readonly string[] = ['AuthorityMSP', 'AgencyMSP', 'OperatorMSP', 'DepartmentMSP'],
  ): Promise<Prover> {
    return new Prover(await Promise.all(names.map(organisation)), genesis);
  }

  /** Another chain of the same people. */
  again(genesis: GenesisOptions = {}): Prover {
    return new Prover(this.organisations, genesis);
  }

  /** What a caller knows who pinned this chain's genesis block. */
  get trust(): { readonly genesis: string } {
    return { genesis: decodeBlock(this.blocks[0] ?? Buffer.alloc(0)).headerHash.toString('hex') };
  }

  /** What a caller knows who has the root certificates alone, and lets one orderer make blocks. */
  get rootsOnly(): Trust & { readonly roots: Record<string, readonly string[]> } {
    const roots = Object.fromEntries(this.organisations.map(({ mspId, ca }) => [mspId, [ca.certificate]]));
    return { roots, blockSigners: 1 };
  }

  get peers(): Person[] {
    return this.organisations.map(({ peer }) => peer);
  }

  get client(): Person {
    return this.at(2).client;
  }

  at(place: number): Organisation {
    const found = this.organisations[place];
    if (!found) throw new Error(`no organisation ${place}`);
    return found;
  }

  get last(): Buffer {
    return this.blocks.at(-1) ?? Buffer.alloc(0);
  }

  /** A transaction that is right in everything the claim does not say. */
  transaction(claim: Partial<Claim> = {}): Proven {
    return prove({
      creator: this.client,
      endorsers: this.peers.slice(0, 3),
      writes: [{ key: 'k', value: 'v' }],
      ...claim,
    });
  }

  /** Adds a block of these transactions. */
  add(transactions: readonly Proven[], options: BlockOptions = {}): this {
    const previous = decodeBlock(this.last);
    const data = transactions.map(({ envelope }) => envelope);
    const honest = { number: previous.number + 1, previousHash: headerHash(previous), dataHash: dataHash(data) };
    const header = { ...honest, ...options.header };
    const filter = Buffer.from(options.codes ?? transactions.map(() => 0));
    this.commit = options.commitHash ?? commitHash(this.commit, filter, updatesOf(transactions, filter, header.number));
    const signatures = signaturesOf(header, options.signers ?? [this.at(0).orderer], options);
    const metadata = [signatures, Buffer.alloc(0), filter, Buffer.alloc(0), encode([1, this.commit])];
    this.blocks.push(blockBytes(header, data, metadata));
    return this;
  }
}

export function blockBytes(header: BlockHeader, data: readonly Buffer[], metadata: readonly Buffer[]): Buffer {
  const headerMessage = encode([1, header.number || undefined], [2, header.previousHash], [3, header.dataHash]);
  return encode([1, headerMessage], [2, encode([1, [...data]])], [3, encode([1, [...metadata]])]);
}

/** Metadata entry 0: the orderers' signatures. */
function signaturesOf(
  header: BlockHeader,
  signers: readonly Person[],
  { signature, byNumber, lastConfig }: BlockOptions,
): Buffer {
  const value = encode([1, encode([1, lastConfig || undefined])], [2, encode()]);
  const signatures = signers.map((signer, place) => {
    const signatureHeader = encode([1, byNumber ? place + 1 : signer.bytes], [2, Buffer.alloc(24, 3)]);
    const message = Buffer.concat([value, signatureHeader, headerBytes(header)]);
    return encode([byNumber ? 3 : 1, signatureHeader], [2, signed(signer, message, signature)]);
  });
  return encode([1, value], [2, signatures]);
}

function updatesOf(transactions: readonly Proven[], filter: Buffer, block: number): Buffer {
  const updates = transactions.flatMap(({ namespace, writes }, transaction): StateUpdate[] =>
    filter[transaction] === 0
      ? writes.map(({ key, value }) => ({
          namespace,
          key,
          value: value === undefined ? undefined : Buffer.from(value),
          version: { block, transaction },
        }))
      : [],
  );
  return updatesBytes(updates);
}
