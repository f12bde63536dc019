// SPDX-License-Identifier: Apache-2.0
import { malformed } from './error.js';
import { readCertificate } from './certificate.js';
import type { Identity, Role } from './membership.js';
import { sha256 } from './hash.js';
import { Message } from './message.js';

/** Who a signature must be from. */
export interface Principal {
  readonly mspId: string;
  /** `member` is anyone of the organisation. */
  readonly role: Role | 'member';
  /** SHA-256 of the one certificate meant, if it is one. */
  readonly certificate?: Buffer;
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

/** The least number of organisations that together can satisfy a policy; Infinity if none can. */
export function leastOrganisations(policy: Policy, mspIds: readonly string[]): number {
  // Every subset is tried: a channel has a handful of organisations, and those past the twelfth are not counted.
  const known = mspIds.slice(0, 12);
  const sizes = Array.from({ length: 2 ** known.length }, (_, subset) => subset)
    .filter((subset) => within(policy, new Set(known.filter((_, place) => (subset >> place) & 1))))
    .map((subset) => known.filter((_, place) => (subset >> place) & 1).length);
  return sizes.reduce((least, size) => Math.min(least, size), Infinity);
}

/** The policy as people write it: `3 of (AuthorityMSP.peer, …)`. */
export function describePolicy(policy: Policy): string {
  if ('mspId' in policy) return `${policy.mspId}.${policy.role}`;
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
  if (principal.certificate) return identity.certificate.equals(principal.certificate);
  return identity.mspId === principal.mspId && (principal.role === 'member' || identity.role === principal.role);
}

/** Whether identities of these organisations alone, as many as needed, could satisfy the policy. */
function within(policy: Policy, mspIds: ReadonlySet<string>): boolean {
  if ('mspId' in policy) return mspIds.has(policy.mspId);
  return policy.of.filter((part) => within(part, mspIds)).length >= policy.atLeast;
}

function decodeRule(rule: Message, principals: readonly Principal[], depth: number): Policy {
  if (depth > maximumDepth) throw malformed('a policy nested too deeply');
  if (rule.hasVarint(1)) return principals[rule.uint(1)] ?? never;
  const threshold = rule.message(2);
  const atLeast = threshold.uint(1);
  const of = threshold.messages(2).map((part) => decodeRule(part, principals, depth + 1));
  // `0 of …` would be satisfied by no signature at all.
  return atLeast === 0 ? never : { atLeast, of };
}

const roles = ['member', 'admin', 'client', 'peer', 'orderer'] as const;

function decodePrincipal(principal: Message): Principal {
  const classification = principal.uint(1);
  const content = principal.embedded(2);
  if (classification === 0) {
    const role = roles[content.uint(2)];
    if (role) return { mspId: content.string(1), role };
  }
  if (classification === 2) {
    const certificate = sha256(readCertificate(content.bytes(2)).raw);
    return { mspId: content.string(1), role: 'member', certificate };
  }
  return { mspId: '', role: 'member' };
}
