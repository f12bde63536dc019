// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { sha256, type Version } from 'yuanliu-verifier/wire/hash';
import { encode } from './encode';
import { signed, type Person } from './people';

export interface ProvenRead {
  readonly key: string;
  readonly version?: Version;
}

export interface ProvenWrite {
  readonly key: string;
  /** Undefined deletes. */
  readonly value?: string;
}

export interface ProvenRange {
  readonly start: string;
  readonly end: string;
  readonly exhausted?: boolean;
  readonly reads?: readonly ProvenRead[];
  readonly summary?: { readonly maxDegree: number; readonly maxLevel: number; readonly hashes: readonly Buffer[] };
}

/** A transaction as its prover wants it; what is left out is as an honest client would do it. */
export interface Claim {
  readonly creator: Person;
  readonly endorsers: readonly Person[];
  readonly reads?: readonly ProvenRead[];
  readonly writes?: readonly ProvenWrite[];
  readonly ranges?: readonly ProvenRange[];
  readonly metadataWrites?: readonly string[];
  /** A collection of the namespace of which one key is given a policy of its own. */
  readonly keyLevelIn?: string;
  readonly namespace?: string;
  /** The chaincode called, if not the one whose namespace is written. */
  readonly called?: string;
  readonly args?: readonly string[];
  readonly nonce?: Buffer;
  readonly channel?: string;
  /** The client's time, in seconds since 1970. */
  readonly seconds?: number;
  readonly txId?: string;
  readonly event?: { readonly name: string; readonly chaincode?: string };
  /** Who signs the envelope, if not the creator. */
  readonly signer?: Person;
  /** The signature header that was endorsed, if not the creator's. */
  readonly endorsedCaller?: Person;
  readonly proposalHash?: Buffer;
  readonly creatorSignature?: 'low-S' | 'high-S';
  readonly endorsementSignature?: 'low-S' | 'high-S';
}

/** A transaction, and what the prover must remember of it. */
export interface Proven {
  readonly envelope: Buffer;
  readonly txId: string;
  readonly namespace: string;
  readonly writes: readonly ProvenWrite[];
}

/** The signed envelope that states a claim. */
export function prove(claim: Claim): Proven {
  const { creator, nonce = randomBytes(24), namespace = 'yuanliu', channel = 'public-data', writes = [] } = claim;
  const txId = claim.txId ?? sha256(nonce, creator.bytes).toString('hex');
  const chaincode = encode([2, claim.called ?? namespace]);
  const time = encode([1, claim.seconds ?? 1_780_000_000], [2, 123_456_789]);
  const channelHeader = encode([1, 3], [3, time], [4, channel], [5, txId], [7, encode([2, chaincode])]);
  const signatureHeader = encode([1, creator.bytes], [2, nonce]);
  const endorsedHeader = encode([1, (claim.endorsedCaller ?? creator).bytes], [2, nonce]);
  const input = encode([1, [...(claim.args ?? ['note:put', 'id'])]]);
  const proposal = encode([1, encode([1, encode([1, 1], [2, chaincode], [3, input])])]);
  const response = encode(
    [1, claim.proposalHash ?? sha256(channelHeader, endorsedHeader, proposal)],
    [2, chaincodeAction(claim, namespace, txId)],
  );
  const endorsements = claim.endorsers.map((peer) => {
    const signature = signed(peer, Buffer.concat([response, peer.bytes]), claim.endorsementSignature);
    return encode([1, peer.bytes], [2, signature]);
  });
  const action = encode([1, proposal], [2, encode([1, response], [2, endorsements])]);
  const transaction = encode([1, encode([1, endorsedHeader], [2, action])]);
  const payload = encode([1, encode([1, channelHeader], [2, signatureHeader])], [2, transaction]);
  const signature = signed(claim.signer ?? creator, payload, claim.creatorSignature);
  return { envelope: encode([1, payload], [2, signature]), txId, namespace, writes };
}

function chaincodeAction({ event, ...claim }: Claim, namespace: string, txId: string): Buffer {
  const set = encode(
    [1, (claim.reads ?? []).map(readBytes)],
    [2, (claim.ranges ?? []).map(rangeBytes)],
    [
      3,
      (claim.writes ?? []).map(({ key, value }) =>
        encode([1, key], [2, value === undefined ? 1 : undefined], [3, value]),
      ),
    ],
    [4, (claim.metadataWrites ?? []).map((key) => encode([1, key], [2, encode([1, 'VALIDATION_PARAMETER'])]))],
  );
  const hashed = encode([3, encode([1, Buffer.alloc(32, 3)], [2, encode([1, 'VALIDATION_PARAMETER'])])]);
  const collection = claim.keyLevelIn === undefined ? undefined : encode([1, claim.keyLevelIn], [2, hashed]);
  const results = encode([2, encode([1, namespace], [2, set], [3, collection])]);
  const events = event && encode([1, event.chaincode ?? namespace], [2, txId], [3, event.name], [4, '{}']);
  return encode(
    [1, results],
    [2, events],
    [3, encode([1, 200], [3, 'ok'])],
    [4, encode([2, claim.called ?? namespace], [3, '1'])],
  );
}

/** `kvrwset.KVRead` */
export function readBytes({ key, version }: ProvenRead): Buffer {
  return encode([1, key], [2, version && versionBytes(version)]);
}

function versionBytes({ block, transaction }: Version): Buffer {
  return encode([1, block || undefined], [2, transaction || undefined]);
}

function rangeBytes({ start, end, exhausted = true, reads = [], summary }: ProvenRange): Buffer {
  const merkle = summary && encode([1, summary.maxDegree], [2, summary.maxLevel], [3, [...summary.hashes]]);
  const raw = summary ? undefined : encode([1, reads.map(readBytes)]);
  return encode([1, start], [2, end], [3, exhausted || undefined], [4, raw], [5, merkle]);
}
