// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { DIAL_MS, ENDORSEMENT_MS } from 'yuanliu-chaincode/deadlines';
import type { Folder } from '../folder.js';
import { hostOf, listenOn } from '../host.js';
import { ADDRESS, type Organization, portsOf, type Topology } from '../topology.js';
import { PING_ALLOWED, SOFTWARE_KEYS } from './orderer.js';

const BUILDER = resolve(__dirname, '../../builder/ccaas');

/** Names the file that holds a peer's key for the chaincode's service; see `builder/ccaas/bin/release`. */
export const CHAINCODE_TLS = 'YUANLIU_CHAINCODE_TLS';

/**
 * A peer's settings, `core.yaml` whole. Durations that are not explained are Fabric's own.
 *
 * @param checksTime Whether the peer knows the filter against back-dated proposals.
 */
export function peerSettings(
  folder: Folder,
  topology: Topology,
  organization: Organization,
  checksTime: boolean,
): object {
  const { peerOperations } = portsOf(topology, organization);
  const data = join(folder.node(`peer.${organization.name}`), 'data');
  return {
    peer: { ...peerSection(folder, topology, organization, data), handlers: handlers(checksTime) },
    // No Docker: code runs as a service beside the peer, found by the external builder.
    vm: { endpoint: '' },
    chaincode: {
      externalBuilders: [{ name: 'ccaas', path: BUILDER, propagateEnvironment: [CHAINCODE_TLS] }],
      installTimeout: '60s',
      startuptimeout: '60s',
      executetimeout: '30s',
      mode: 'net',
      keepalive: 0, // fabric-shim for Node exits when a peer sends one
      system: { _lifecycle: 'enable', cscc: 'enable', lscc: 'enable', qscc: 'enable' },
      runtimeParams: {
        useWriteBatch: true,
        maxSizeWriteBatch: 1000,
        useGetMultipleKeys: true,
        maxSizeGetMultipleKeys: 1000,
      },
    },
    ledger: {
      state: { stateDatabase: 'goleveldb', totalQueryLimit: 100_000 },
      history: { enableHistoryDatabase: true },
      pvtdataStore: {
        collElgProcMaxDbBatchSize: 5000,
        collElgProcDbBatchesInterval: 1000,
        deprioritizedDataReconcilerInterval: '60m',
        purgeInterval: 100,
        purgedKeyAuditLogging: true,
      },
      snapshots: { rootDir: join(data, 'snapshots') },
    },
    operations: { listenAddress: `${ADDRESS}:${peerOperations}` },
    metrics: { provider: 'prometheus' },
  };
}

function peerSection(folder: Folder, topology: Topology, organization: Organization, data: string): object {
  const { peer, peerChaincode } = portsOf(topology, organization);
  const tls = (file: string): { file: string } => ({ file: folder.identity(organization, 'peer', 'tls', file) });
  const endpoint = `${hostOf(organization)}:${peer}`;
  return {
    id: `peer.${organization.name}`,
    networkId: topology.channel,
    listenAddress: `${listenOn(organization)}:${peer}`,
    address: endpoint,
    chaincodeListenAddress: `${ADDRESS}:${peerChaincode}`,
    localMspId: organization.mspId,
    mspConfigPath: folder.identity(organization, 'peer', 'msp'),
    fileSystemPath: data,
    BCCSP: SOFTWARE_KEYS,
    tls: {
      enabled: true,
      clientAuthRequired: false,
      cert: tls('cert.pem'),
      key: tls('key.pem'),
      rootcert: tls('ca.pem'),
    },
    // A client sets a transaction's time; a proposal far from this peer's clock is refused.
    authentication: { timewindow: topology.timeWindow },
    // A frozen endorser is waited for this long before another takes its place.
    gateway: {
      enabled: true,
      endorsementTimeout: `${ENDORSEMENT_MS}ms`,
      broadcastTimeout: '30s',
      dialTimeout: `${DIAL_MS}ms`,
    },
    keepalive: KEEPALIVE,
    gossip: {
      bootstrap: endpoint,
      endpoint,
      externalEndpoint: endpoint,
      useLeaderElection: false,
      orgLeader: true, // each peer has its blocks from the orderers itself
      ...GOSSIP,
    },
    deliveryclient: {
      // How long a silent orderer is waited for before blocks are asked of another: Fabric's 30 s would be the whole
      // pause when an orderer hangs.
      blockCensorshipTimeoutKey: '5s',
      reconnectTotalTimeThreshold: '3600s',
      connTimeout: '3s',
      reConnectBackoffThreshold: '10s',
      minimalReconnectInterval: '100ms',
      policy: 'cluster',
    },
    client: { connTimeout: '3s' },
    discovery: { enabled: true, authCacheEnabled: true, authCacheMaxSize: 1000, authCachePurgeRetentionRatio: 0.75 },
    limits: { concurrency: { endorserService: 2500, deliverService: 2500, gatewayService: 500 } },
    maxRecvMsgSize: 104_857_600,
    maxSendMsgSize: 104_857_600,
  };
}

function handlers(checksTime: boolean): object {
  const filters = ['DefaultAuth', 'ExpirationCheck', ...(checksTime ? ['TimeWindowCheck'] : [])];
  return {
    authFilters: filters.map((name) => ({ name })),
    decorators: [{ name: 'DefaultDecorator' }],
    endorsers: { escc: { name: 'DefaultEndorsement' } },
    validators: { vscc: { name: 'DefaultValidation' } },
  };
}

const KEEPALIVE = {
  interval: '7200s',
  timeout: '20s',
  minInterval: PING_ALLOWED,
  client: { interval: '60s', timeout: '20s' },
  deliveryClient: { interval: '60s', timeout: '20s' },
};

const GOSSIP = {
  membershipTrackerInterval: '5s',
  maxBlockCountToStore: 10,
  maxPropagationBurstLatency: '10ms',
  maxPropagationBurstSize: 10,
  propagateIterations: 1,
  propagatePeerNum: 3,
  pullInterval: '4s',
  pullPeerNum: 3,
  requestStateInfoInterval: '4s',
  publishStateInfoInterval: '4s',
  publishCertPeriod: '10s',
  dialTimeout: '3s',
  connTimeout: '2s',
  recvBuffSize: 20,
  sendBuffSize: 200,
  digestWaitTime: '1s',
  requestWaitTime: '1500ms',
  responseWaitTime: '2s',
  aliveTimeInterval: '5s',
  aliveExpirationTimeout: '25s',
  reconnectInterval: '5s', // a peer that comes back is found again soon
  maxConnectionAttempts: 120,
  msgExpirationFactor: 20,
  pvtData: {
    pullRetryThreshold: '2s', // no other peer has what an organisation's own lost: waiting longer for it helps nobody
    transientstoreMaxBlockRetention: 20_000,
    pushAckTimeout: '3s',
    btlPullMargin: 10,
    reconcileBatchSize: 10,
    reconcileSleepInterval: '10s', // a peer made anew learns by it which package its organisation approved
    reconciliationEnabled: true,
    implicitCollectionDisseminationPolicy: { requiredPeerCount: 0, maxPeerCount: 1 },
  },
  state: { enabled: false },
};
