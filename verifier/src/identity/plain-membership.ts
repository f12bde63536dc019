// SPDX-License-Identifier: Apache-2.0
import { sha256 } from '../wire/hash.js';
import { readCertificate } from './certificate.js';
import type { Membership } from './membership.js';
import { Message } from '../wire/message.js';

/**
 * What an organisation's definition says beyond root certificates that the caller named; undefined if nothing.
 *
 * Who knows roots alone knows what Fabric's tools make of them: the usual NodeOUs, and nothing else that decides who is who.
 * With other NodeOUs clients would count as peers, and an administrator by certificate would be of somebody's choice.
 * Lists of revoked certificates only take away, and TLS roots decide nothing here.
 */
export function strangenessOf(membership: Membership, roots: readonly string[]): string | undefined {
  const named = new Set(roots.map((pem) => fingerprint(Buffer.from(pem))));
  if (membership.roots.length === 0) return 'has no root certificate';
  if (!membership.rootFingerprints.every((root) => named.has(root))) return 'has root certificates that are not given';
  const msp = new Message(membership.config);
  const field = ownFields.find(([number]) => msp.repeated(number).length > 0);
  if (field) return `has ${field[1]}: only a pinned genesis block can vouch for that`;
  const crypto = msp.message(8);
  if (!isOneOf(crypto.string(1), ['', 'SHA2']) || !isOneOf(crypto.string(2), ['', 'SHA256'])) {
    return 'signs with another hash than SHA-256';
  }
  return strangeUnits(msp.message(11), named);
}

/** Fields of `msp.FabricMSPConfig` that tell who is who, by number. */
const ownFields = [
  [3, 'intermediate authorities'],
  [4, 'administrators by certificate'],
  [6, 'a signing identity'],
  [7, 'organizational units of its own'],
] as const;

/** NodeOUs of `msp.FabricNodeOUs`: each role under its own name, certified by a root that was named or by any. */
function strangeUnits(units: Message, named: ReadonlySet<string>): string | undefined {
  if (!units.bool(1)) return 'does not tell peers from clients (NodeOUs are off)';
  for (const [number, role] of nodeUnits) {
    const unit = units.message(number);
    if (unit.string(2) !== role) return `takes "${unit.string(2)}" in a certificate for its ${role}s`;
    const certifier = unit.bytes(1);
    if (certifier.length > 0 && !named.has(fingerprint(certifier))) return `has its ${role}s certified by another CA`;
  }
  return undefined;
}

const nodeUnits = [
  [2, 'client'],
  [3, 'peer'],
  [4, 'admin'],
  [5, 'orderer'],
] as const;

function fingerprint(pem: Buffer): string {
  return sha256(readCertificate(pem).raw).toString('hex');
}

function isOneOf(value: string, allowed: readonly string[]): boolean {
  return allowed.includes(value);
}
