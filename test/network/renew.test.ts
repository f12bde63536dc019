// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ChannelConfig } from 'yuanliu-network/channel/config';
import { isConsenter, withConsenter } from 'yuanliu-network/channel/consenters';
import { Folder } from 'yuanliu-network/folder';
import { demandKept } from 'yuanliu-network/identity/certificates';
import { notOrdering } from 'yuanliu-network/nodes/health';
import type { Network } from 'yuanliu-network/nodes/services';
import { membersOf, type Organization, portsOf, readTopology, TOPOLOGY_FILE } from 'yuanliu-network/topology';

const bft = readTopology(TOPOLOGY_FILE);
const [authority, agency] = membersOf(bft) as [Organization, Organization];

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** As `configtxlator` writes the part of a configuration that names the orderers. */
function configOf(consensus: 'bft' | 'raft'): ChannelConfig {
  const consenters = membersOf(bft).map((one) => ({
    host: 'localhost',
    port: portsOf(bft, one).orderer,
    client_tls_cert: base64(`tls of ${one.name}`),
    server_tls_cert: base64(`tls of ${one.name}`),
    ...(consensus === 'bft' ? { identity: base64(`identity of ${one.name}`), msp_id: one.mspId } : {}),
  }));
  const identities = membersOf(bft).map((one) => ({
    principal: { mspid: one.mspId, id_bytes: base64(`identity of ${one.name}`) },
  }));
  const values =
    consensus === 'bft'
      ? { Orderers: { value: { consenter_mapping: consenters } } }
      : { ConsensusType: { value: { metadata: { consenters } } } };
  return {
    sequence: 0,
    channel_group: {
      groups: {
        Application: { groups: {} },
        Orderer: { groups: {}, values, policies: { BlockValidation: { policy: { value: { identities } } } } },
      },
    },
  };
}

test.each(['bft', 'raft'] as const)(
  'a %s configuration names the new certificates of one orderer, wherever it named the old (fault F1)',
  (consensus) => {
    const topology = { ...bft, consensus };
    const before = configOf(consensus);
    const next = { ...(consensus === 'bft' ? { identity: 'new identity' } : {}), tls: 'new tls' };
    const after = withConsenter(before, topology, agency, next);
    expect(isConsenter(before, topology, agency, next)).toBe(false);
    expect(isConsenter(after, topology, agency, next)).toBe(true);
    const old = (text: string): string => JSON.stringify(text).slice(1, -1);
    const gone = [base64('tls of agency'), ...(consensus === 'bft' ? [base64('identity of agency')] : [])];
    for (const certificate of gone) expect(JSON.stringify(after)).not.toContain(old(certificate));
    const others = {
      ...(consensus === 'bft' ? { identity: 'identity of authority' } : {}),
      tls: 'tls of authority',
    };
    expect(isConsenter(after, topology, authority, others)).toBe(true);
    expect(before).toEqual(configOf(consensus));
  },
);

describe('an orderer that the channel knows', () => {
  let network: Network;
  beforeEach(() => {
    network = { folder: new Folder(mkdtempSync(join(tmpdir(), 'yuanliu-renew-'))), topology: bft };
    for (const member of membersOf(bft)) {
      for (const part of ['msp', 'tls'])
        mkdirSync(network.folder.identity(member, 'orderer', part), { recursive: true });
    }
    mkdirSync(dirname(network.folder.genesis), { recursive: true });
    writeFileSync(network.folder.genesis, '');
  });
  afterEach(() => {
    rmSync(network.folder.root, { recursive: true });
  });

  test.each(['msp', 'tls'])('is not enrolled anew by the way where its %s is gone (fault F1)', (part) => {
    expect(() => {
      demandKept(network);
    }).not.toThrow();
    rmSync(network.folder.identity(agency, 'orderer', part), { recursive: true });
    expect(() => {
      demandKept(network);
    }).toThrow(/npm run network -- renew orderer\.agency/);
    rmSync(network.folder.genesis);
    expect(() => {
      demandKept(network);
    }).not.toThrow(); // no channel names them yet
  });

  test('is renewed to the end before anything else is brought up', () => {
    mkdirSync(network.folder.identity(authority, 'orderer.next', 'msp'), { recursive: true });
    expect(() => {
      demandKept(network);
    }).toThrow(/renewal of orderer\.authority was begun.*renew orderer\.authority/);
  });

  test('orders only as an active consenter', () => {
    const channel = { height: 7, status: 'active', consensusRelation: 'consenter' };
    expect(notOrdering(channel)).toBeUndefined();
    expect(notOrdering({ ...channel, consensusRelation: 'follower' })).toMatch(/does not name its certificates/);
    expect(notOrdering({ ...channel, status: 'onboarding' })).toBe('onboarding');
    expect(notOrdering(undefined)).toBe('not in the channel');
  });
});
