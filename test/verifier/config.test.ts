// SPDX-License-Identifier: Apache-2.0
import type { common } from '@hyperledger/fabric-protos';
import { msp, orderer } from '@hyperledger/fabric-protos';
import { outOf } from 'yuanliu-gateway/ledger/embedded/config-group';
import { verifyChain } from 'yuanliu-verifier';
import { readGolden, recordGolden } from './golden';
import { Prover } from './prover/chain';
import { groupAt, proveConfig, type ConfigClaim, type ProvenConfig } from './prover/config';
import { revocationList, type Person } from './prover/people';

let prover: Prover;
let admins: Person[];
beforeAll(async () => {
  prover = await Prover.found();
  admins = await Promise.all(prover.organisations.map((organisation) => organisation.issue('admin')));
});

const claim = (over: Partial<ConfigClaim> = {}): ConfigClaim => ({
  before: prover.config,
  change: slower,
  signers: admins.slice(0, 3),
  creator: prover.at(0).orderer,
  ...over,
});
const findings = async (...transactions: ProvenConfig[][]): Promise<readonly unknown[]> => {
  const chain = prover.again();
  for (const block of transactions) chain.add(block);
  return (await verifyChain(chain.blocks, prover.rootsOnly)).findings;
};

test('follows changes that were signed as the configuration asks, as Fabric does', async () => {
  const chain = prover.again();
  const first = proveConfig(claim());
  const second = proveConfig(claim({ before: first.config, change: withoutDepartment }));
  chain.add([first]).add([chain.transaction()]).add([second]);
  chain.add([chain.transaction({ creator: prover.at(0).client, endorsers: prover.peers.slice(1) })]);
  const verdict = await verifyChain(chain.blocks, prover.trust);
  expect(verdict.findings).toEqual([]);
  expect(verdict.steps).toContainEqual({ step: 'configuration', checked: 2, failed: 0 });
  await recordGolden('config', chain);
});

// The commit hashes are what network/blockcheck prints for these files.
test.each([
  ['config', '3207e60c50ab2db9b4feba817e601fd2241ca48a2bc0c6e7b4dcecbe2fd71ec1'],
  ['revocation', '2a858ba29b9ff3079083d1922cb0963de86ceeab8709292c43eb2dda38140392'],
])("agrees with Fabric's own peer code on the golden chain %s", async (name, commitHash) => {
  const { blocks, trust } = await readGolden(name);
  const verdict = await verifyChain(blocks, trust);
  expect(verdict.findings).toEqual([]);
  expect(verdict.proven?.commitHash).toBe(commitHash);
});

test('refuses a revoked client from the block after the list on, and not before, as Fabric does', async () => {
  const { ca, client } = prover.at(2);
  const list = await revocationList(ca, client.certificate);
  const revoke = (root: common.ConfigGroup): void => {
    for (const section of ['Application', 'Orderer']) addRevocations(groupAt(root, section, ca.mspId), list);
  };
  const chain = prover.again();
  const change = proveConfig(claim({ change: revoke, signers: [await prover.at(2).issue('admin')] }));
  const other = await prover.at(2).issue('client');
  chain.add([chain.transaction()]).add([change]);
  chain.add([chain.transaction(), chain.transaction({ creator: other })], { codes: [4, 0] });
  expect((await verifyChain(chain.blocks, prover.trust)).findings).toEqual([]);
  await recordGolden('revocation', chain);
  chain.add([chain.transaction()]);
  expect((await verifyChain(chain.blocks, prover.trust)).findings).toMatchObject([{ code: 'CREATOR', block: 4 }]);
});

describe('refuses a change', () => {
  const refused: [string, () => Partial<ConfigClaim>][] = [
    ['that 2 of 4 administrators signed', () => ({ signers: admins.slice(0, 2) })],
    ['that one administrator signed three times', () => ({ signers: Array<Person>(3).fill(prover.at(0).client) })],
    ['that clients signed', () => ({ signers: prover.organisations.map(({ client }) => client) })],
    ['that brings along what nobody signed', () => ({ smuggle: weaker })],
    [
      'to a version that is not due',
      () => ({
        change: (root) => {
          slower(root);
          timeout(root).setVersion(7);
        },
      }),
    ],
    [
      'that changes a value and keeps its version',
      () => ({
        change: (root) => {
          slower(root);
          timeout(root).setVersion(0);
        },
      }),
    ],
    [
      'of who may change a value, without raising its version',
      () => ({
        smuggle: (root) => {
          timeout(root).setModPolicy('Readers');
        },
      }),
    ],
  ];
  test.each(refused)('%s', async (_, over) => {
    expect(await findings([proveConfig(claim(over()))])).toMatchObject([
      { code: 'CONFIG_UPDATE', step: 'configuration' },
    ]);
  });

  test('that was signed for an earlier configuration', async () => {
    const first = proveConfig(claim());
    const again = proveConfig(claim({ before: first.config, change: weaker, update: first.update }));
    expect(await findings([first], [again])).toMatchObject([{ code: 'CONFIG_UPDATE', block: 2 }]);
  });

  test('that skips a sequence, or shares its block', async () => {
    const first = proveConfig(claim());
    const skipped = proveConfig(claim({ before: first.config }));
    expect(await findings([skipped])).toMatchObject([{ code: 'CONFIG_UPDATE' }]);
    expect(await findings([first, first])).toMatchObject([{ code: 'CONFIG_UPDATE' }, { code: 'CONFIG_UPDATE' }]);
  });

  test('that lets fewer organisations endorse than the caller trusts, however many signed', async () => {
    const weak = proveConfig(claim({ change: weaker, signers: admins }));
    expect(await findings([weak])).toMatchObject([{ code: 'UNTRUSTED_GENESIS' }]);
  });
});

function timeout(root: common.ConfigGroup): common.ConfigValue {
  const found = groupAt(root, 'Orderer').getValuesMap().get('BatchTimeout');
  if (!found) throw new Error('no BatchTimeout');
  return found;
}

function slower(root: common.ConfigGroup): void {
  const value = new orderer.BatchTimeout();
  value.setTimeout('2s');
  timeout(root).setValue(value.serializeBinary());
  timeout(root).setVersion(timeout(root).getVersion() + 1);
}

function addRevocations(organisation: common.ConfigGroup, list: string): void {
  const value = organisation.getValuesMap().get('MSP');
  const config = msp.MSPConfig.deserializeBinary(value?.getValue_asU8() ?? new Uint8Array());
  const fabric = msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
  fabric.setRevocationListList([Buffer.from(list)]);
  config.setConfig(fabric.serializeBinary());
  value?.setValue(config.serializeBinary());
  value?.setVersion(value.getVersion() + 1);
}

function weaker(root: common.ConfigGroup): void {
  const policy = groupAt(root, 'Application').getPoliciesMap().get('Endorsement');
  policy?.setPolicy(outOf(1, [['AgencyMSP', 'PEER']]));
  policy?.setVersion(policy.getVersion() + 1);
}

function withoutDepartment(root: common.ConfigGroup): void {
  const application = groupAt(root, 'Application');
  application.getGroupsMap().del('DepartmentMSP');
  application.setVersion(application.getVersion() + 1);
}
