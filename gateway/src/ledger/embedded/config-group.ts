// SPDX-License-Identifier: Apache-2.0
import { common, msp } from '@hyperledger/fabric-protos';

/** A node of the channel's configuration tree. */
export type Group = common.ConfigGroup;
type Policy = common.Policy;

interface GroupParts {
  readonly values: Readonly<Record<string, { serializeBinary(): Uint8Array }>>;
  readonly policies: Readonly<Record<string, Policy>>;
  readonly groups: Readonly<Record<string, Group>>;
}

/** A group whose every part is changed by its Admins, as configtxgen makes them. */
export function group({ values, policies, groups }: GroupParts): Group {
  const out = new common.ConfigGroup();
  out.setModPolicy(ADMINS);
  for (const [name, message] of Object.entries(values)) {
    const value = new common.ConfigValue();
    value.setValue(message.serializeBinary());
    value.setModPolicy(ADMINS);
    out.getValuesMap().set(name, value);
  }
  for (const [name, rule] of Object.entries(policies)) {
    const policy = new common.ConfigPolicy();
    policy.setPolicy(rule);
    policy.setModPolicy(ADMINS);
    out.getPoliciesMap().set(name, policy);
  }
  for (const [name, member] of Object.entries(groups)) out.getGroupsMap().set(name, member);
  return out;
}

/** Any, or most, of the policies of this name one level below. */
export function metaPolicy(rule: 'ANY' | 'MAJORITY', name: string): Policy {
  const meta = new common.ImplicitMetaPolicy();
  meta.setRule(common.ImplicitMetaPolicy.Rule[rule]);
  meta.setSubPolicy(name);
  return policy(common.Policy.PolicyType.IMPLICIT_META, meta);
}

/** Signatures of `count` different ones of these roles, e.g. `['AgencyMSP', 'PEER']`. */
export function outOf(
  count: number,
  roles: readonly (readonly [mspId: string, role: keyof typeof msp.MSPRole.MSPRoleType])[],
): Policy {
  const threshold = new common.SignaturePolicy.NOutOf();
  threshold.setN(count);
  threshold.setRulesList(roles.map((_, place) => signedBy(place)));
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(threshold);
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setRule(rule);
  envelope.setIdentitiesList(roles.map(([mspId, role]) => principal(mspId, role)));
  return policy(common.Policy.PolicyType.SIGNATURE, envelope);
}

/** How a member's certificates are told: its root, and the node units in the subject's OU. */
export function mspValue({ mspId, root }: { readonly mspId: string; readonly root: string }): msp.MSPConfig {
  const units = new msp.FabricNodeOUs();
  units.setEnable(true);
  units.setClientOuIdentifier(unit('client'));
  units.setPeerOuIdentifier(unit('peer'));
  units.setAdminOuIdentifier(unit('admin'));
  units.setOrdererOuIdentifier(unit('orderer'));
  const crypto = new msp.FabricCryptoConfig();
  crypto.setSignatureHashFamily('SHA2');
  crypto.setIdentityIdentifierHashFunction('SHA256');
  const config = new msp.FabricMSPConfig();
  config.setName(mspId);
  config.setRootCertsList([Buffer.from(root)]);
  config.setFabricNodeOus(units);
  config.setCryptoConfig(crypto);
  const out = new msp.MSPConfig();
  out.setType(0); // X.509
  out.setConfig(config.serializeBinary());
  return out;
}

const ADMINS = 'Admins';

function policy(type: number, message: { serializeBinary(): Uint8Array }): Policy {
  const out = new common.Policy();
  out.setType(type);
  out.setValue(message.serializeBinary());
  return out;
}

function signedBy(place: number): common.SignaturePolicy {
  const out = new common.SignaturePolicy();
  out.setSignedBy(place);
  return out;
}

function principal(mspId: string, role: keyof typeof msp.MSPRole.MSPRoleType): msp.MSPPrincipal {
  const named = new msp.MSPRole();
  named.setMspIdentifier(mspId);
  named.setRole(msp.MSPRole.MSPRoleType[role]);
  const out = new msp.MSPPrincipal();
  out.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
  out.setPrincipal(named.serializeBinary());
  return out;
}

function unit(name: string): msp.FabricOUIdentifier {
  const out = new msp.FabricOUIdentifier();
  out.setOrganizationalUnitIdentifier(name);
  return out;
}
