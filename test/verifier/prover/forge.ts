// SPDX-License-Identifier: Apache-2.0
import { common, msp, orderer } from '@hyperledger/fabric-protos';
import { groupAt } from './config';
import { encode } from './encode';
import type { Person } from './people';

/** A change of a configuration that nobody else agreed to. */
export type Forgery = (root: common.ConfigGroup) => void;

/** Several, one after the other. */
export function all(...forgeries: readonly Forgery[]): Forgery {
  return (root) => {
    for (const forge of forgeries) forge(root);
  };
}

/** Puts a policy at a path: `Application/Endorsement`, `Admins`. */
export function policy(path: string, made: common.Policy): Forgery {
  const [name = '', ...groups] = path.split('/').reverse();
  return (root) => {
    const entry = new common.ConfigPolicy();
    entry.setModPolicy('Admins');
    entry.setPolicy(made);
    groupAt(root, ...groups.reverse())
      .getPoliciesMap()
      .set(name, entry);
  };
}

/** Who must endorse, and who must agree on other code. */
export function endorsement(made: common.Policy): Forgery {
  return all(policy('Application/Endorsement', made), policy('Application/LifecycleEndorsement', made));
}

/** Has another policy decide on changes of a policy, of a value, or (by its path alone) of a group. */
export function decider(path: string, name: string): Forgery {
  const [last = '', ...groups] = path.split('/').reverse();
  return (root) => {
    if (path === '') {
      root.setModPolicy(name);
      return;
    }
    const group = groupAt(root, ...groups.reverse());
    const element =
      group.getPoliciesMap().get(last) ?? group.getValuesMap().get(last) ?? group.getGroupsMap().get(last);
    if (!element) throw new Error(`nothing is at ${path}`);
    element.setModPolicy(name);
  };
}

/** Changes an organisation's definition wherever it stands. */
export function definition(group: string, change: (config: msp.FabricMSPConfig) => void): Forgery {
  return (root) => {
    for (const section of ['Application', 'Orderer']) {
      const value = groupAt(root, section).getGroupsMap().get(group)?.getValuesMap().get('MSP');
      if (!value) continue;
      const outer = msp.MSPConfig.deserializeBinary(value.getValue_asU8());
      const config = msp.FabricMSPConfig.deserializeBinary(outer.getConfig_asU8());
      change(config);
      outer.setConfig(config.serializeBinary());
      value.setValue(outer.serializeBinary());
    }
  };
}

/** Signature policies as bytes, which may hold what no tool would write. */
export const rules = {
  signedBy: (place: number): Buffer => encode([1, place]),
  outOf: (n: number, ...of: readonly Buffer[]): Buffer => encode([2, encode([1, n], [2, [...of]])]),
  policy: (rule: Buffer, ...principals: readonly Buffer[]): common.Policy => {
    const made = new common.Policy();
    made.setType(common.Policy.PolicyType.SIGNATURE);
    made.setValue(encode([2, rule], [3, [...principals]]));
    return made;
  },
};

/** Principals of every class that Fabric has. */
export const principals = {
  identity: (mspId: string, { certificate }: Person): Buffer =>
    encode([1, 2], [2, encode([1, mspId], [2, certificate])]),
  unit: (mspId: string, unit: string): Buffer => encode([1, 1], [2, encode([1, mspId], [2, unit])]),
  anonymity: (): Buffer => encode([1, 3], [2, encode([1, 0])]),
  combined: (...of: readonly Buffer[]): Buffer => encode([1, 4], [2, encode([1, [...of]])]),
  ofNobody: (): Buffer => encode([1, 0], [2, encode([1, ''], [2, 0])]),
};

/** Has clients count as peers, and peers as clients. */
export function swapUnits(config: msp.FabricMSPConfig): void {
  const units = config.getFabricNodeOus();
  units?.getPeerOuIdentifier()?.setOrganizationalUnitIdentifier('client');
  units?.getClientOuIdentifier()?.setOrganizationalUnitIdentifier('peer');
}

/** Another consensus, as a change that is due. */
export function consensus(type: string): Forgery {
  return (root) => {
    const value = groupAt(root, 'Orderer').getValuesMap().get('ConsensusType');
    const made = new orderer.ConsensusType();
    made.setType(type);
    value?.setValue(made.serializeBinary());
    value?.setVersion(value.getVersion() + 1);
  };
}

/** Another policy, as a change that is due. */
export function raised(section: string, name: string, made: common.Policy): Forgery {
  return (root) => {
    const entry = groupAt(root, section).getPoliciesMap().get(name);
    entry?.setPolicy(made);
    entry?.setVersion(entry.getVersion() + 1);
  };
}

/** An organisation's root beside the one that it has, as a change that is due. */
export function renewedRoot(mspId: string, root: string): Forgery {
  return (config) => {
    definition(mspId, (made) => {
      made.addRootCerts(Buffer.from(root));
    })(config);
    for (const section of ['Application', 'Orderer']) {
      const value = groupAt(config, section, mspId).getValuesMap().get('MSP');
      value?.setVersion(value.getVersion() + 1);
    }
  };
}
