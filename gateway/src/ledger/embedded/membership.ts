// SPDX-License-Identifier: Apache-2.0
import { type KeyObject, verify, X509Certificate } from 'node:crypto';
import { LedgerError } from '../error.js';
import type { Creator } from './proposal.js';

/** Who may speak on the channel: the holders of certificates that a member's CA issued. */
export class Membership {
  readonly #roots: ReadonlyMap<string, X509Certificate>;
  readonly #isRevoked: (mspId: string, serial: string) => boolean;
  /** Of clients in this process; a creator from outside is a new object each time, and examined each time. */
  readonly #known = new WeakMap<Creator, KnownCreator>();

  constructor(
    members: readonly { readonly mspId: string; readonly root: string }[],
    isRevoked: (mspId: string, serial: string) => boolean,
  ) {
    this.#isRevoked = isRevoked;
    this.#roots = new Map(members.map(({ mspId, root }) => [mspId, new X509Certificate(root)]));
  }

  /**
   * Checks that the creator's certificate was issued by its MSP, is in force at `time`, is not revoked and names one node unit.
   *
   * @throws LedgerError `ACCESS_DENIED` in words that do not tell a stranger which check failed, as Fabric.
   */
  demandMember(creator: Creator, time: Date): void {
    const { from, to, serial } = this.#creator(creator);
    if (time.getTime() < from || time.getTime() > to) throw denied(creator, 'its certificate is not in force');
    if (this.#isRevoked(creator.mspId, serial)) throw denied(creator, 'its certificate is revoked');
  }

  /** @throws LedgerError `ACCESS_DENIED` when `signature` over `message` is not the creator's, or not low-S. */
  demandSignature(creator: Creator, message: Uint8Array, signature: Uint8Array): void {
    const { key } = this.#creator(creator);
    if (!isLowS(signature) || !verify('sha256', message, key, signature)) throw denied(creator, 'bad signature');
  }

  #creator(creator: Creator): KnownCreator {
    const known = this.#known.get(creator) ?? this.#examine(creator);
    this.#known.set(creator, known);
    return known;
  }

  #examine(creator: Creator): KnownCreator {
    const root = this.#roots.get(creator.mspId);
    if (!root) throw denied(creator, 'its MSP is not a member of the channel');
    try {
      const certificate = new X509Certificate(creator.certificate);
      const units = certificate.subject.split('\n').filter((part) => NODE_UNITS.has(part));
      const issued = !certificate.ca && certificate.checkIssued(root) && certificate.verify(root.publicKey);
      if (!issued || units.length !== 1) throw new Error('not issued by the MSP, or not for one node unit');
      return {
        key: certificate.publicKey,
        from: Date.parse(certificate.validFrom),
        to: Date.parse(certificate.validTo),
        serial: certificate.serialNumber,
      };
    } catch (cause) {
      throw denied(creator, 'its certificate is not one of the MSP', cause);
    }
  }
}

interface KnownCreator {
  readonly key: KeyObject;
  readonly from: number;
  readonly to: number;
  readonly serial: string;
}

const NODE_UNITS = new Set(['OU=client', 'OU=peer', 'OU=orderer', 'OU=admin']);
const HALF_ORDER = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;

/** Fabric refuses the other form of a signature, so that nobody can change the bytes of a signed transaction. */
function isLowS(signature: Uint8Array): boolean {
  const lengthOfR = signature[3] ?? 0;
  const s = Buffer.from(signature).subarray(6 + lengthOfR);
  return s.length > 0 && s.length <= 33 && BigInt(`0x${s.toString('hex')}`) <= HALF_ORDER;
}

function denied({ mspId }: Creator, why: string, cause?: unknown): LedgerError {
  return new LedgerError('ACCESS_DENIED', `access denied to a creator of ${mspId}: ${why}`, { cause });
}
