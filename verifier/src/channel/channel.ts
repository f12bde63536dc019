// SPDX-License-Identifier: Apache-2.0
import { decodeConfigGroup, type ConfigGroup } from './config-group.js';
import { bytesField } from '../wire/encode.js';
import { malformed } from '../wire/error.js';
import { Identities, Membership } from '../identity/membership.js';
import { Message } from '../wire/message.js';
import { decodeSignaturePolicy, never, type Policy } from '../identity/policy.js';

/** A channel's configuration, as far as checking its blocks needs it. */
export interface Channel {
  readonly sequence: number;
  readonly root: ConfigGroup;
  /** The organisations, by MSP id. */
  readonly memberships: ReadonlyMap<string, Membership>;
  readonly identities: Identities;
  /** Serialized identities of the orderers by consenter number, where the channel's consensus names them so. */
  readonly consenters: ReadonlyMap<number, Buffer>;
  /** A policy by its path, `/Channel/Application/Endorsement`, all references resolved; `never` if there is none. */
  policy(path: string): Policy;
  /** Who decides on changes of the channel itself: the policy for each group, value and policy that is nobody's own. */
  readonly deciders: readonly Decider[];
  /** The policy `name` of one application organisation. */
  organisationPolicy(mspId: string, name: string): Policy;
}

/** An element of the configuration by its path, and the policy for its changes. */
export interface Decider {
  readonly path: string;
  readonly policy: Policy;
}

/**
 * Decodes `common.ConfigEnvelope`, the data of a `CONFIG` transaction.
 *
 * @throws VerificationError `MALFORMED`, also for a tree nested deeper than Fabric's, and two
 *   definitions of one organisation that differ.
 */
export function decodeChannel(configEnvelope: Buffer): Channel {
  const config = new Message(configEnvelope).message(1);
  const root = decodeConfigGroup(config.message(2));
  const memberships = decodeMemberships(root);
  const application = root.groups.get('Application');
  const resolved = new Map<string, Policy>();
  const policyAt = (path: string): Policy => {
    const policy = resolved.get(path) ?? resolve(root, path);
    resolved.set(path, policy);
    return policy;
  };
  return {
    sequence: config.uint(1),
    root,
    memberships,
    identities: new Identities(memberships),
    consenters: decodeConsenters(root.groups.get('Orderer')?.values.get('Orderers')?.content),
    policy: policyAt,
    get deciders() {
      return decidersOf(root).map(({ path, name }) => ({ path, policy: policyAt(name) }));
    },
    organisationPolicy: (mspId, name) => {
      const groups = [...(application?.groups.values() ?? [])].filter((group) => membershipOf(group)?.mspId === mspId);
      // Two groups of one organisation: Fabric takes either, so both must agree.
      return groups.length === 0 ? never : { atLeast: groups.length, of: groups.map((group) => policyOf(group, name)) };
    },
  };
}

/** Where a channel's organisations stand. */
const sections = ['Orderer', 'Application'] as const;

function decodeMemberships(root: ConfigGroup): Map<string, Membership> {
  const memberships = new Map<string, Membership>();
  const ed25519 = hasCapability(root, 'V3_0');
  for (const section of sections) {
    for (const group of root.groups.get(section)?.groups.values() ?? []) {
      const membership = membershipOf(group, ed25519);
      if (!membership) continue;
      const known = memberships.get(membership.mspId);
      if (known && !known.config.equals(membership.config)) throw malformed(`two definitions of ${known.mspId}`);
      memberships.set(membership.mspId, known ?? membership);
    }
  }
  return memberships;
}

function membershipOf(group: ConfigGroup, ed25519 = false): Membership | undefined {
  const value = group.values.get('MSP')?.content;
  if (value === undefined) return undefined;
  const msp = new Message(value);
  // Type 0 is X.509. Members of an Idemix organisation are nobody this package can tell from certificates.
  return msp.int32(1) === 0 ? new Membership(msp.bytes(2), ed25519) : undefined;
}

/** Whether the channel's capabilities have one of this name. */
function hasCapability(root: ConfigGroup, name: string): boolean {
  const value = root.values.get('Capabilities')?.content ?? Buffer.alloc(0);
  return new Message(value).messages(1).some((entry) => entry.string(1) === name);
}

function decodeConsenters(value: Buffer | undefined): Map<number, Buffer> {
  const consenters = value === undefined ? [] : new Message(value).messages(1);
  return new Map(
    consenters.map((consenter) => [consenter.uint(1), serializedIdentity(consenter.string(4), consenter.bytes(5))]),
  );
}

/** `msp.SerializedIdentity`, as a signature header would carry it. */
function serializedIdentity(mspId: string, certificate: Buffer): Buffer {
  return Buffer.concat([bytesField(1, Buffer.from(mspId)), bytesField(2, certificate)]);
}

function resolve(root: ConfigGroup, path: string): Policy {
  const [, channel, ...names] = path.split('/');
  const name = names.pop();
  let group: ConfigGroup | undefined = channel === 'Channel' ? root : undefined;
  for (const step of names) group = group?.groups.get(step);
  return group && name !== undefined ? policyOf(group, name) : never;
}

/** The elements of the channel's three own groups, each with the path of its policy for changes. */
function decidersOf(root: ConfigGroup): { readonly path: string; readonly name: string }[] {
  const groups = sections.flatMap((section) => {
    const group = root.groups.get(section);
    return group ? [[`/Channel/${section}`, group] as const] : [];
  });
  return [['/Channel', root] as const, ...groups].flatMap(([path, group]) => {
    const name = (policy: string): string => (policy.startsWith('/') ? policy : `${path}/${policy}`);
    const members = [...group.values, ...group.policies].map(([member, { modPolicy }]) => ({
      path: `${path}/${member}`,
      name: name(modPolicy),
    }));
    return [{ path, name: name(group.modPolicy) }, ...members];
  });
}

function policyOf(group: ConfigGroup, name: string): Policy {
  const entry = group.policies.get(name);
  const policy = entry && new Message(entry.content);
  const type = policy?.int32(1);
  if (policy && type === 1) return decodeSignaturePolicy(policy.bytes(2));
  if (policy && type === 3) return implicit(group, policy.embedded(2));
  return never;
}

/** ANY, ALL or MAJORITY of the policies of that name one level below. */
function implicit(group: ConfigGroup, policy: Message): Policy {
  const of = [...group.groups.values()].map((child) => policyOf(child, policy.string(1)));
  // Fabric takes "all of nobody" for satisfied; here it is not, or an empty channel would vouch for anything.
  if (of.length === 0) return never;
  const thresholds = [1, of.length, Math.floor(of.length / 2) + 1];
  return { atLeast: thresholds[policy.int32(2)] ?? of.length + 1, of };
}
