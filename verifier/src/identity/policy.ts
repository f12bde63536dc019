// SPDX-License-Identifier: Apache-2.0
import { malformed } from '../wire/error.js';
import { parseCertificate, type ReadCertificate } from './certificate.js';
import type { Identity, Role } from './membership.js';
import { sha256 } from '../wire/hash.js';
import { Message } from '../wire/message.js';

/** Who a signature must be from. */
export interface Principal {
  readonly mspId: string;
  /** `member` is anyone of the organisation. */
  readonly role: Role | 'member';
  /** The one certificate meant, if it is one. */
  readonly certificate?: ReadCertificate;
}

/** A channel policy, its references resolved: so many of these. */
export type Policy = Principal | { readonly atLeast: number; readonly of: readonly Policy[] };

/** A policy nobody satisfies: what a name without a policy means. */
export const never: Policy = { atLeast: 1, of: [] };

/** Deeper than anyone writes a policy, shallower than any stack. */
const maximumDepth = 16;

/** Evaluating takes time in proportion to size, for every transaction. */
const maximumBytes = 65_536;

/**
 * Decodes `common.SignaturePolicyEnvelope`. Throws `MALFORMED`; a principal this package does not know (an
 * organizational unit, an anonymity) becomes one that nobody satisfies, never one that anybody does.
 */
export function decodeSignaturePolicy(bytes: Buffer): Policy {
  if (bytes.length > maximumBytes) throw malformed('a policy too large');
  const envelope = new Message(bytes);
  const principals = envelope.messages(3).map(decodePrincipal);
  return decodeRule(envelope.message(2), principals, 0);
}

/**
 * Whether the identities satisfy the policy, each counting once (Fabric `cauthdsl`). The identities must be distinct
 * and their signatures already verified.
 */
export function satisfies(identities: readonly Identity[], policy: Policy): boolean {
  return evaluate(policy, identities, new Set());
}

/**
 * No fewer organisations than these can satisfy a policy; Infinity if none can. Exact where parts name different
 * organisations, or twelve at most; beyond, it may be less than the truth, never more.
 */
export function leastOrganisations(policy: Policy): number {
  if ('mspId' in policy) return 1;
  const { atLeast, of } = policy;
  const parts = of.map((part) => ({ names: organisationsOf(part), least: leastOrganisations(part) }));
  const possible = parts.filter(({ least }) => least < Infinity).sort((a, b) => a.least - b.least);
  const last = possible[atLeast - 1];
  if (!last) return Infinity;
  if (parts.every(({ names }) => names.size === 1))
    return fewest(
      possible.map(({ names }) => [...names].join()),
      atLeast,
    );
  const names = organisationsOf(policy);
  const named = parts.reduce((count, part) => count + part.names.size, 0);
  if (named === names.size) return possible.slice(0, atLeast).reduce((sum, { least }) => sum + least, 0);
  if (2 ** names.size * named <= maximumTries && names.size <= 12) return smallestSet(policy, [...names]);
  return last.least; // who satisfies so many parts satisfies one that takes as many as this
}

/** The policy as people write it: `3 of (AuthorityMSP.peer, …)`. */
export function describePolicy(policy: Policy): string {
  if ('mspId' in policy) {
    const { mspId, role, certificate } = policy;
    return certificate ? `${mspId}.${sha256(certificate.raw).toString('hex', 0, 4)}` : `${mspId}.${role}`;
  }
  return `${policy.atLeast} of (${policy.of.map(describePolicy).join(', ')})`;
}

function evaluate(policy: Policy, identities: readonly Identity[], used: Set<Identity>): boolean {
  if ('mspId' in policy) {
    const found = identities.find((identity) => !used.has(identity) && matches(identity, policy));
    if (found) used.add(found);
    return found !== undefined;
  }
  let satisfied = 0;
  for (const part of policy.of) {
    // A part that fails halfway must not use up the identities it touched.
    const tried = new Set(used);
    if (!evaluate(part, identities, tried)) continue;
    satisfied++;
    for (const identity of tried) used.add(identity);
  }
  return satisfied >= policy.atLeast;
}

function matches(identity: Identity, principal: Principal): boolean {
  // A certificate is of the organisation that has it, whatever name the principal gives it.
  if (identity.mspId !== principal.mspId) return false;
  if (principal.certificate) return identity.isCertified(principal.certificate);
  if (principal.role === 'admin' && identity.isNamedAdmin) return true;
  return principal.role === 'member' || identity.role === principal.role;
}

/** The organisations that a policy names. */
function organisationsOf(policy: Policy): ReadonlySet<string> {
  return 'mspId' in policy ? new Set([policy.mspId]) : new Set(policy.of.flatMap((part) => [...organisationsOf(part)]));
}

/** How few organisations can satisfy so many parts, each of one organisation. */
function fewest(names: readonly string[], atLeast: number): number {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  let satisfied = 0;
  const most = [...counts.values()].sort((a, b) => b - a);
  return most.findIndex((count) => (satisfied += count) >= atLeast) + 1;
}

/** Tries every set of organisations. */
function smallestSet(policy: Policy, names: readonly string[]): number {
  let least = Infinity;
  for (let set = 0; set < 2 ** names.length; set++) {
    const chosen = new Set(names.filter((_, place) => (set >> place) & 1));
    if (chosen.size < least && within(policy, chosen)) least = chosen.size;
  }
  return least;
}

/** Sets times parts: a stranger chooses both. */
const maximumTries = 1_000_000;

/** Whether identities of these organisations alone, as many as needed, could satisfy the policy. */
function within(policy: Policy, mspIds: ReadonlySet<string>): boolean {
  if ('mspId' in policy) return mspIds.has(policy.mspId);
  return policy.of.filter((part) => within(part, mspIds)).length >= policy.atLeast;
}

function decodeRule(rule: Message, principals: readonly Policy[], depth: number): Policy {
  if (depth > maximumDepth) throw malformed('a policy nested too deeply');
  if (rule.hasVarint(1)) return principals[rule.uint(1)] ?? never;
  const threshold = rule.message(2);
  const atLeast = threshold.uint(1);
  const of = threshold.messages(2).map((part) => decodeRule(part, principals, depth + 1));
  // `0 of …` would be satisfied by no signature at all.
  return atLeast === 0 ? never : { atLeast, of };
}

const roles = ['member', 'admin', 'client', 'peer', 'orderer'] as const;

function decodePrincipal(principal: Message): Policy {
  const classification = principal.uint(1);
  const content = principal.embedded(2);
  if (classification === 0) {
    const role = roles[content.uint(2)];
    if (role) return { mspId: content.string(1), role };
  }
  if (classification === 2) {
    const certificate = parseCertificate(content.bytes(2));
    return { mspId: content.string(1), role: 'member', certificate };
  }
  return never;
}
