// SPDX-License-Identifier: Apache-2.0
import { mkdir, rename } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Folder, writeJson } from '../folder.js';
import { hostOf } from '../host.js';
import type { Network } from '../nodes/services.js';
import { logging, run } from '../tool.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import { membersOf, type Organization, portsOf, type Topology } from '../topology.js';
import { genesisToPin, pinnedGenesis } from './genesis.js';

const PROFILE = 'Channel';

/**
 * Makes the channel's first block from the organisations' public sides. Does nothing if it is there.
 *
 * @throws Error when what is there is no whole block, or not the one that `network.json` pins.
 */
export async function makeGenesis(folder: Folder, topology: Topology, toolchain: Toolchain): Promise<void> {
  if (existsSync(folder.genesis) || pinnedGenesis(folder) !== undefined) {
    genesisToPin(folder);
    return;
  }
  await mkdir(folder.channel, { recursive: true });
  await writeJson(join(folder.channel, 'configtx.yaml'), { Profiles: { [PROFILE]: profile(folder, topology) } });
  const unfinished = `${folder.genesis}.unfinished`;
  await run(toolchain.configtxgen, {
    args: ['-profile', PROFILE, '-channelID', topology.channel, '-outputBlock', unfinished],
    env: { FABRIC_CFG_PATH: folder.channel, ...logging('error') },
  });
  await rename(unfinished, folder.genesis);
}

/** An organisation as the channel's configuration carries it, by Fabric's own tool. */
export async function organizationGroup(
  { folder, topology }: Network,
  toolchain: Toolchain,
  organization: Organization,
): Promise<object> {
  const home = join(folder.channel, organization.name);
  await writeJson(join(home, 'configtx.yaml'), { Organizations: [group(folder, topology, organization)] });
  const args = ['-configPath', home, '-printOrg', organization.mspId];
  return JSON.parse((await run(toolchain.configtxgen, { args, env: logging('error') })).stdout) as object;
}

function profile(folder: Folder, topology: Topology): object {
  const members = membersOf(topology);
  const endorsement = signature(
    `OutOf(${topology.endorsements}, ${members.map(({ mspId }) => `'${mspId}.peer'`).join(', ')})`,
  );
  return {
    Policies: ROLE_POLICIES,
    Capabilities: { [topology.consensus === 'bft' ? 'V3_0' : 'V2_0']: true },
    Orderer: {
      ...consensus(folder, topology),
      BatchTimeout: topology.block.timeout,
      BatchSize: { MaxMessageCount: topology.block.messages, AbsoluteMaxBytes: '99 MB', PreferredMaxBytes: '32 MB' },
      Policies: { ...ROLE_POLICIES, BlockValidation: meta('ANY Writers') },
      Capabilities: { V2_0: true },
      Organizations: members.map((organization) => group(folder, topology, organization)),
    },
    Application: {
      // The same policy for the code's transactions and for changing the code: neither follows from how many
      // organisations there are.
      Policies: { ...ROLE_POLICIES, Endorsement: endorsement, LifecycleEndorsement: endorsement },
      Capabilities: { V2_5: true },
      Organizations: topology.organizations.map((organization) => group(folder, topology, organization)),
    },
  };
}

function consensus(folder: Folder, topology: Topology): object {
  const consenters = membersOf(topology).map((organization, index) => ({
    ID: index + 1,
    Host: hostOf(organization),
    Port: portsOf(topology, organization).orderer,
    MSPID: organization.mspId,
    Identity: folder.identity(organization, 'orderer', 'msp', 'signcerts', 'cert.pem'),
    ClientTLSCert: folder.identity(organization, 'orderer', 'tls', 'cert.pem'),
    ServerTLSCert: folder.identity(organization, 'orderer', 'tls', 'cert.pem'),
  }));
  if (topology.consensus === 'raft')
    return {
      OrdererType: 'etcdraft',
      EtcdRaft: {
        Consenters: consenters.map(({ Host, Port, ClientTLSCert, ServerTLSCert }) => ({
          Host,
          Port,
          ClientTLSCert,
          ServerTLSCert,
        })),
      },
    };
  return {
    OrdererType: 'BFT',
    SmartBFT: {
      RequestBatchMaxInterval: topology.block.timeout,
      // A leader that does not answer is reported after two seconds and replaced after five more.
      RequestForwardTimeout: '2s',
      RequestComplainTimeout: '5s',
      RequestAutoRemoveTimeout: '3m0s',
      ViewChangeResendInterval: '5s',
      ViewChangeTimeout: '20s',
      LeaderHeartbeatTimeout: '1m0s',
      LeaderHeartbeatCount: 10,
      CollectTimeout: '1s',
      IncomingMessageBufferSize: 200,
      RequestPoolSize: 100_000,
    },
    ConsenterMapping: consenters,
  };
}

function group(folder: Folder, topology: Topology, organization: Organization): object {
  const { mspId, nodes } = organization;
  const { orderer, peer } = portsOf(topology, organization);
  return {
    Name: mspId,
    ID: mspId,
    MSPDir: folder.identity(organization, 'msp'),
    Policies: {
      Readers: signature(`OR('${mspId}.member')`),
      Writers: signature(`OR('${mspId}.member')`),
      Admins: signature(`OR('${mspId}.admin')`),
      Endorsement: signature(`OR('${mspId}.peer')`),
    },
    ...(nodes
      ? {
          OrdererEndpoints: [`${hostOf(organization)}:${orderer}`],
          AnchorPeers: [{ Host: hostOf(organization), Port: peer }],
        }
      : {}),
  };
}

function signature(Rule: string): object {
  return { Type: 'Signature', Rule };
}

function meta(Rule: string): object {
  return { Type: 'ImplicitMeta', Rule };
}

const ROLE_POLICIES = { Readers: meta('ANY Readers'), Writers: meta('ANY Writers'), Admins: meta('MAJORITY Admins') };
