// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Folder } from '../folder.js';
import { listenOn } from '../host.js';
import { ADDRESS, membersOf, type Organization, portsOf, type Topology } from '../topology.js';

/** An orderer's settings, `orderer.yaml` whole. */
export function ordererSettings(folder: Folder, topology: Topology, organization: Organization): object {
  const { orderer, ordererAdmin, ordererOperations } = portsOf(topology, organization);
  const tls = (file: string): string => folder.identity(organization, 'orderer', 'tls', file);
  const roots = membersOf(topology).map((member) => folder.identity(member, 'msp', 'tlscacerts', 'ca.pem'));
  const data = join(folder.node(`orderer.${organization.name}`), 'data');
  return {
    General: {
      ListenAddress: listenOn(organization),
      ListenPort: orderer,
      BootstrapMethod: 'none',
      LocalMSPID: organization.mspId,
      LocalMSPDir: folder.identity(organization, 'orderer', 'msp'),
      TLS: { Enabled: true, Certificate: tls('cert.pem'), PrivateKey: tls('key.pem'), RootCAs: [tls('ca.pem')] },
      Cluster: { ClientCertificate: tls('cert.pem'), ClientPrivateKey: tls('key.pem'), RootCAs: roots },
      Keepalive: { ServerMinInterval: PING_ALLOWED, ServerInterval: '7200s', ServerTimeout: '20s' },
      Authentication: { TimeWindow: '15m' },
      BCCSP: SOFTWARE_KEYS,
    },
    Admin: {
      ListenAddress: `${ADDRESS}:${ordererAdmin}`,
      TLS: {
        Enabled: true,
        Certificate: tls('cert.pem'),
        PrivateKey: tls('key.pem'),
        ClientAuthRequired: true,
        ClientRootCAs: [tls('ca.pem')],
      },
    },
    ChannelParticipation: { Enabled: true, MaxRequestBodySize: '1 MB' },
    FileLedger: { Location: join(data, 'ledger') },
    Consensus: { WALDir: join(data, 'wal'), SnapDir: join(data, 'snapshots') },
    Operations: { ListenAddress: `${ADDRESS}:${ordererOperations}` },
    Metrics: { Provider: 'prometheus' },
  };
}

/**
 * How often a client may ask whether a node is there. The Gateway service asks every ten seconds and cannot be told
 * otherwise; with Fabric's own minute it is cut off in the middle of what it does, three times on each connection.
 */
export const PING_ALLOWED = '5s';

/** Fabric's own keys are files; a hardware module would stand here. */
export const SOFTWARE_KEYS = { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } };
