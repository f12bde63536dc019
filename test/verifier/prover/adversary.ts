// SPDX-License-Identifier: Apache-2.0
import { common, type msp } from '@hyperledger/fabric-protos';
import { mspValue } from 'yuanliu-gateway/ledger/embedded/config-group';
import type { Attack } from './attacks';
import type { Prover } from './chain';
import { groupAt } from './config';
import { encode } from './encode';
import { all, definition, policy, principals, rules, type Forgery } from './forge';
import { calling, type Person } from './people';
import type { Claim } from './transaction';

/** The organisations that it pretends to be, or have agreed. */
export const others = ['AuthorityMSP', 'AgencyMSP', 'DepartmentMSP'] as const;

/** One member, OperatorMSP, with every key of its own and everybody's root certificates. */
export class Adversary {
  private constructor(
    readonly honest: Prover,
    readonly peers: readonly Person[],
    readonly orderers: readonly Person[],
    readonly admin: Person,
  ) {}

  static async among(honest: Prover): Promise<Adversary> {
    const own = honest.at(2);
    const peers = [own.peer, await own.issue('peer'), await own.issue('peer')];
    const orderers = [own.orderer, await own.issue('orderer'), await own.issue('orderer')];
    return new Adversary(honest, peers, orderers, await own.issue('admin'));
  }

  get member(): Person {
    return this.honest.at(2).client;
  }

  /** Its own peers under the names of the others. */
  impostors(): Partial<Claim> {
    return { endorsers: others.map((mspId, place) => calling(this.peers[place] ?? this.member, mspId)) };
  }

  /** Changes the definition of every other organisation. */
  rooted(change: (config: msp.FabricMSPConfig, own: Buffer) => unknown): Forgery {
    const own = Buffer.from(this.honest.at(2).ca.certificate);
    return all(
      ...others.map((name) =>
        definition(name, (config) => {
          change(config, own);
        }),
      ),
    );
  }

  /** An organisation more, under any name of its group. */
  added(group: string, mspId: string, root: string): Forgery {
    return (config) => {
      const application = groupAt(config, 'Application');
      const made = common.ConfigGroup.deserializeBinary(groupAt(application, 'OperatorMSP').serializeBinary());
      made.getValuesMap().get('MSP')?.setValue(mspValue({ mspId, root }).serializeBinary());
      application.getGroupsMap().set(group, made);
    };
  }

  /** Its own definition, in place of another's. */
  readonly itself = (config: msp.FabricMSPConfig): void => {
    config.setName('OperatorMSP');
    config.setRootCertsList([Buffer.from(this.honest.at(2).ca.certificate)]);
  };

  /** SmartBFT's way: a policy that names the consenters' certificates, and their numbers in the configuration. */
  consenters(
    of: (mspId: string, place: number) => readonly [string, Person],
  ): Required<Pick<Attack, 'genesis' | 'claim' | 'block'>> {
    const consenters = others.map(of);
    const list = consenters.map(([mspId, { certificate }], place) =>
      encode([1, place + 1], [4, mspId], [5, certificate]),
    );
    return {
      genesis: {
        change: (root) => {
          const value = new common.ConfigValue();
          value.setModPolicy('Admins');
          value.setValue(encode([1, list]));
          groupAt(root, 'Orderer').getValuesMap().set('Orderers', value);
          const quorum = threeOf((_, place) => principals.identity(...(consenters[place] ?? ['', this.member])));
          policy('Orderer/BlockValidation', quorum)(root);
        },
      },
      claim: () => ({ endorsers: this.honest.peers.slice(0, 3) }),
      block: () => ({ signers: this.orderers, byNumber: true }),
    };
  }
}

/** All three of these. */
export function threeOf(principal: (mspId: string, place: number) => Buffer): common.Policy {
  const three = [0, 1, 2].map((place) => rules.signedBy(place));
  return rules.policy(rules.outOf(3, ...three), ...others.map(principal));
}
