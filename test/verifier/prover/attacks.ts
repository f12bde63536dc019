// SPDX-License-Identifier: Apache-2.0
import type { common } from '@hyperledger/fabric-protos';
import { metaPolicy, outOf } from 'yuanliu-gateway/ledger/embedded/config-group';
import { type Adversary, others, threeOf } from './adversary';
import type { BlockOptions } from './chain';
import { groupAt } from './config';
import { all, decider, definition, endorsement, policy, principals, rules, swapUnits, type Forgery } from './forge';
import type { GenesisOptions } from './genesis';
import { calling } from './people';
import type { Claim } from './transaction';

/** A channel that one member makes, and what it does alone in it. */
export interface Attack {
  readonly genesis: GenesisOptions;
  /** How it endorses; with its own three peers, unless it says otherwise. */
  readonly claim?: () => Partial<Claim>;
  readonly block?: () => BlockOptions;
  /** Whether the forged channel holds together by its own rules: then only the beginning tells that it is forged. */
  readonly holds: boolean;
  /** What those meet who know root certificates alone, and those among them who let one orderer make blocks. */
  readonly roots: 'refused' | 'not proven';
  readonly lenient: 'refused' | 'not proven';
}

/** Any of its orderers signs blocks, as on the embedded ledger and with Raft. */
const alone = (change: Forgery): GenesisOptions => ({ change });
const peersOf = (...mspIds: string[]): common.Policy =>
  outOf(
    1,
    mspIds.map((mspId) => [mspId, 'PEER'] as const),
  );
const refused = { holds: true, roots: 'refused', lenient: 'refused' } as const;
/** Nobody satisfies it, so its own rules refuse it as well. */
const senseless = { holds: false, roots: 'refused', lenient: 'refused' } as const;

/** What it does alone, and what those meet who check what came of it. */
export const attacks: readonly [string, (by: Adversary) => Attack][] = [
  [
    'certificates of its own under the names of the others, as endorsers',
    (by) => ({
      genesis: alone(endorsement(threeOf((mspId, place) => principals.identity(mspId, by.peers[place] ?? by.member)))),
      ...senseless,
    }),
  ],
  [
    'certificates of its own, thrice, as endorsers',
    (by) => ({
      genesis: alone(
        endorsement(threeOf((_, place) => principals.identity('OperatorMSP', by.peers[place] ?? by.member))),
      ),
      ...refused,
    }),
  ],
  [
    'clients that count as peers',
    (by) => ({
      genesis: alone((root) => {
        for (const { mspId } of by.honest.organisations) definition(mspId, swapUnits)(root);
      }),
      claim: () => ({ creator: by.honest.at(2).peer, endorsers: by.honest.organisations.map(({ client }) => client) }),
      ...refused,
    }),
  ],
  ['one endorser', () => ({ genesis: alone(endorsement(peersOf('OperatorMSP'))), ...refused })],
  [
    'any one endorser, by a policy of policies',
    () => ({ genesis: alone(endorsement(metaPolicy('ANY', 'Endorsement'))), ...refused }),
  ],
  [
    'a majority of organisations that all name it',
    (by) => ({
      genesis: alone(
        all(
          endorsement(metaPolicy('MAJORITY', 'Endorsement')),
          ...by.honest.organisations.map(({ mspId }) =>
            policy(`Application/${mspId}/Endorsement`, peersOf('OperatorMSP')),
          ),
        ),
      ),
      ...refused,
    }),
  ],
  [
    'a policy of policies that it alone has',
    () => ({
      genesis: alone(
        all(endorsement(metaPolicy('ANY', 'Own')), policy('Application/OperatorMSP/Own', peersOf('OperatorMSP'))),
      ),
      ...refused,
    }),
  ],
  [
    'a policy of policies that nobody has',
    () => ({ genesis: alone(endorsement(metaPolicy('ANY', 'Own'))), ...senseless }),
  ],
  [
    'no signature at all: 0 of none',
    () => ({ genesis: alone(endorsement(rules.policy(rules.outOf(0)))), ...senseless }),
  ],
  [
    'no signature at all, further in',
    () => ({
      genesis: alone(endorsement(rules.policy(rules.outOf(1, rules.outOf(0), rules.outOf(0))))),
      ...senseless,
    }),
  ],
  [
    'fewer parts than are asked for, all of them its own',
    (by) => ({
      genesis: alone(
        endorsement(
          rules.policy(
            rules.outOf(1, rules.outOf(2, rules.signedBy(0), rules.signedBy(0))),
            principals.identity('OperatorMSP', by.member),
          ),
        ),
      ),
      claim: () => ({ endorsers: [by.peers[0] ?? by.member] }),
      ...senseless,
    }),
  ],
  [
    'a unit of its own as endorser',
    () => ({
      genesis: alone(endorsement(rules.policy(rules.signedBy(0), principals.unit('OperatorMSP', 'peer')))),
      ...senseless,
    }),
  ],
  [
    'anybody without a name',
    () => ({ genesis: alone(endorsement(rules.policy(rules.signedBy(0), principals.anonymity()))), ...senseless }),
  ],
  [
    'a principal of several',
    () => ({
      genesis: alone(
        endorsement(rules.policy(rules.signedBy(0), principals.combined(principals.unit('OperatorMSP', 'peer')))),
      ),
      ...senseless,
    }),
  ],
  [
    'a principal that is not listed',
    () => ({ genesis: alone(endorsement(rules.policy(rules.signedBy(7)))), ...senseless }),
  ],
  [
    'an organisation without a name',
    (by) => ({
      genesis: alone(
        all(
          endorsement(rules.policy(rules.signedBy(0), principals.ofNobody())),
          by.added('Nobody', '', by.honest.at(2).ca.certificate),
        ),
      ),
      claim: () => ({ endorsers: by.peers.map((peer) => calling(peer, '')) }),
      ...refused,
    }),
  ],
  [
    'organisations of its own invention',
    (by) => ({
      genesis: alone(
        all(
          endorsement(
            outOf(
              3,
              ['B', 'C', 'D'].map((mspId) => [mspId, 'PEER'] as const),
            ),
          ),
          ...['B', 'C', 'D'].map((name) => by.added(name, name, by.honest.at(2).ca.certificate)),
        ),
      ),
      claim: () => ({ endorsers: ['B', 'C', 'D'].map((mspId, place) => calling(by.peers[place] ?? by.member, mspId)) }),
      ...refused,
    }),
  ],
  [
    'its own root in place of the others’',
    (by) => ({
      genesis: alone(
        by.rooted((config, own) => {
          config.setRootCertsList([own]);
        }),
      ),
      claim: () => by.impostors(),
      ...refused,
    }),
  ],
  [
    'its own root beside the others’',
    (by) => ({
      genesis: alone(by.rooted((config, own) => config.addRootCerts(own))),
      claim: () => by.impostors(),
      ...refused,
    }),
  ],
  [
    'its own root as an authority below the others’',
    (by) => ({
      genesis: alone(by.rooted((config, own) => config.addIntermediateCerts(own))),
      claim: () => by.impostors(),
      ...senseless,
    }),
  ],
  [
    'its own administrators as the others’',
    (by) => ({
      genesis: alone(by.rooted((config) => config.addAdmins(Buffer.from(by.admin.certificate)))),
      claim: () => by.impostors(),
      ...senseless,
    }),
  ],
  [
    'organisations without NodeOUs',
    (by) => ({
      genesis: alone(
        by.rooted((config) => {
          config.clearFabricNodeOus();
        }),
      ),
      claim: () => by.impostors(),
      ...senseless,
    }),
  ],
  [
    'another definition of an organisation under another name of its group',
    (by) => ({
      genesis: alone(by.added('AgencyMSP2', 'AgencyMSP', by.honest.at(2).ca.certificate)),
      claim: () => by.impostors(),
      ...senseless,
    }),
  ],
  [
    'itself in the groups of the others, where their policies are counted',
    (by) => ({
      genesis: alone(
        all(
          endorsement(metaPolicy('MAJORITY', 'Endorsement')),
          ...others.map((name) =>
            all(definition(name, by.itself), policy(`Application/${name}/Endorsement`, peersOf('OperatorMSP'))),
          ),
        ),
      ),
      ...refused,
    }),
  ],
  [
    'one orderer, who leaves out what others endorsed',
    (by) => ({
      genesis: { change: policy('Orderer/BlockValidation', outOf(1, [['OperatorMSP', 'ORDERER']])) },
      claim: () => ({ endorsers: by.honest.peers.slice(0, 3) }),
      holds: true,
      roots: 'refused',
      lenient: 'not proven',
    }),
  ],
  [
    'orderers of one organisation',
    (by) => ({
      genesis: {
        change: (root) => {
          for (const mspId of others) groupAt(root, 'Orderer').getGroupsMap().del(mspId);
        },
      },
      claim: () => ({ endorsers: by.honest.peers.slice(0, 3) }),
      holds: true,
      roots: 'refused',
      lenient: 'refused', // it alone may then change what is the orderers' too
    }),
  ],
  [
    'consenters of its own under the names of the others',
    (by) => ({ ...by.consenters((mspId, place) => [mspId, by.orderers[place] ?? by.member]), ...senseless }),
  ],
  [
    'three consenters, all its own',
    (by) => ({
      ...by.consenters((_, place) => ['OperatorMSP', by.orderers[place] ?? by.member]),
      holds: true,
      roots: 'refused',
      lenient: 'not proven',
    }),
  ],
  ...[
    'Application/Endorsement',
    'Orderer/BlockValidation',
    'Admins',
    'Application/Admins',
    'Orderer/ConsensusType',
    'Application',
    'Orderer',
    '',
  ].map((path): [string, (by: Adversary) => Attack] => [
    `its administrators, who alone may change ${path === '' ? 'the channel' : path}`,
    (by) => ({
      genesis: { orderers: 3, change: decider(path, '/Channel/Application/OperatorMSP/Admins') },
      claim: () => ({ endorsers: by.honest.peers.slice(0, 3) }),
      block: () => ({ signers: by.honest.organisations.map(({ orderer: own }) => own) }),
      ...refused,
    }),
  ]),
  [
    'administrators of everybody that are its own',
    (by) => ({
      genesis: {
        orderers: 3,
        change: all(
          ...['Application', 'Orderer'].flatMap((section) =>
            by.honest.organisations.map(({ mspId }) =>
              policy(`${section}/${mspId}/Admins`, outOf(1, [['OperatorMSP', 'ADMIN']])),
            ),
          ),
        ),
      },
      claim: () => ({ endorsers: by.honest.peers.slice(0, 3) }),
      block: () => ({ signers: by.honest.organisations.map(({ orderer: own }) => own) }),
      ...refused,
    }),
  ],
  [
    'capabilities that no release has',
    (by) => ({
      genesis: { change: (root) => void groupAt(root, 'Application').getValuesMap().del('Capabilities') },
      claim: () => ({ endorsers: by.honest.peers.slice(0, 3) }),
      holds: true,
      roots: 'refused',
      lenient: 'not proven',
    }),
  ],
];
