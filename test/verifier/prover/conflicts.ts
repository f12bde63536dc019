// SPDX-License-Identifier: Apache-2.0
import { sha256, type Version } from 'yuanliu-verifier/wire/hash';
import type { Prover } from './chain';
import { encode } from './encode';
import { readBytes, type ProvenRange, type ProvenRead, type ProvenWrite } from './transaction';

const VALID = 0;
const MVCC = 11;
const PHANTOM = 12;

/** 70 keys that a long range scan sees; `k😀` and `k\uffff` sort differently in JavaScript and in bytes. */
const keys = [...Array.from({ length: 68 }, (_, n) => `k${String(n).padStart(2, '0')}`), 'k\uffff', 'k😀'];
const first: Version = { block: 1, transaction: 0 };
const seen: readonly ProvenRead[] = keys.map((key) => ({ key, version: first }));

/**
 * Adds blocks with every kind of conflict, the validation codes written down by hand (and confirmed by Fabric's own
 * peer code: see the golden chain).
 */
export function addConflicts(chain: Prover): Prover {
  const put = (...writes: ProvenWrite[]) => chain.transaction({ writes });
  const read = (...reads: ProvenRead[]) => chain.transaction({ reads, writes: [] });
  const scan = (range: ProvenRange) => chain.transaction({ ranges: [range], writes: [] });
  const value = 'v';

  chain.add([put(...keys.map((key) => ({ key, value })))]);
  chain.add(
    [
      read({ key: 'k00', version: first }),
      read({ key: 'k00' }),
      read({ key: 'absent' }),
      scan({ start: 'k00', end: 'k03', reads: seen.slice(0, 3) }),
      scan({ start: 'k00', end: 'k02', exhausted: false, reads: seen.slice(0, 3) }),
      scan({ start: 'k00', end: 'k03', reads: seen.slice(0, 2) }),
      scan({ start: 'x', end: '' }),
      scan({ start: 'k67', end: '', reads: seen.slice(67) }),
      scan({ start: 'k', end: 'l', summary: summaryOf(seen, 50) }),
      scan({ start: 'k', end: 'l', summary: summaryOf(seen, 2) }),
      scan({ start: 'k', end: 'l', summary: summaryOf(seen.slice(1), 50) }),
      scan({ start: 'k', end: 'l', summary: summaryOf(seen, 80) }),
      put({ key: 'k01', value }, { key: 'k015', value }),
      read({ key: 'k01', version: first }),
      scan({ start: 'k00', end: 'k03', reads: seen.slice(0, 3) }),
      put({ key: 'k02' }),
      read({ key: 'k02' }),
      scan({ start: 'k02', end: 'k03' }),
    ],
    {
      codes: [
        VALID,
        MVCC,
        VALID,
        VALID,
        VALID,
        PHANTOM,
        VALID,
        VALID,
        VALID,
        VALID,
        PHANTOM,
        PHANTOM,
        VALID,
        MVCC,
        PHANTOM,
        VALID,
        MVCC,
        VALID,
      ],
    },
  );
  const second: Version = { block: 2, transaction: 12 };
  const now = [
    { key: 'k00', version: first },
    { key: 'k01', version: second },
    { key: 'k015', version: second },
  ];
  return chain.add(
    [
      scan({ start: 'k00', end: 'k03', reads: now }),
      read({ key: 'k02' }),
      scan({ start: 'k00', end: 'k02', exhausted: false, reads: now }),
      put({ key: 'k02', value }),
      scan({ start: 'k00', end: 'k02', exhausted: false, reads: now }),
    ],
    { codes: [VALID, VALID, VALID, VALID, PHANTOM] },
  );
}

/** The Merkle summary an endorser records of a long result (Fabric `RangeQueryResultsHelper`), made the plain way. */
function summaryOf(reads: readonly ProvenRead[], maxDegree: number): NonNullable<ProvenRange['summary']> {
  const group = (parts: readonly Buffer[], hash: (group: readonly Buffer[]) => Buffer): Buffer[] =>
    Array.from({ length: Math.ceil(parts.length / (maxDegree + 1)) }, (_, n) =>
      hash(parts.slice(n * (maxDegree + 1), (n + 1) * (maxDegree + 1))),
    );
  const single = (hashes: readonly Buffer[]): Buffer =>
    hashes.length === 1 && hashes[0] ? hashes[0] : sha256(...hashes);
  let hashes = group(
    reads.map((read) => encode([1, readBytes(read)])),
    (serialized) => sha256(...serialized),
  );
  let maxLevel = 1;
  for (; hashes.length > maxDegree; maxLevel++) hashes = group(hashes, single);
  return { maxDegree, maxLevel, hashes };
}
