// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { genesisToPin } from './channel/genesis.js';
import { writeJson } from './folder.js';
import { here, hostOf } from './host.js';
import { authoritiesOf, REGISTRAR, type Secrets } from './identity/authority.js';
import { serverUrl } from './identity/enrol.js';
import type { Network } from './nodes/services.js';
import { founderOf, type Organization, portsOf } from './topology.js';

/**
 * Writes `network.json`: all that a client needs to connect, to enrol, and to know the channel from another one. Paths are
 * relative to its folder. The registrar's secret is not in it but in a file beside the organisation's identities.
 *
 * @throws Error when it pins another genesis block than the channel's first.
 */
export async function writeConnection(network: Network, secrets: Secrets): Promise<void> {
  const { folder, topology } = network;
  const present = here(network);
  const path = (file: string): string => relative(folder.root, file);
  const organizations: Record<string, object> = {};
  for (const organization of topology.organizations) {
    const own = present.includes(organization) ? await authorityOf(organization) : {};
    const nodes = organization.nodes ? nodesOf(organization) : {};
    organizations[organization.mspId] = {
      mspId: organization.mspId,
      root: rootsOf(organization),
      ...own,
      ...nodes,
    };
  }
  const { channel, chaincode, consensus, fabric, endorsements } = topology;
  const genesis = genesisToPin(folder);
  await writeJson(folder.connection, {
    ...{ channel, genesis, chaincode, fabric, consensus, endorsements },
    founder: founderOf(topology).mspId,
    organizations,
  });

  /** One root, or more while it is renewed. */
  function rootsOf(organization: Organization): string | string[] {
    const authorities = folder.identity(organization, 'msp', 'cacerts');
    const [root = 'ca.pem', ...more] = readdirSync(authorities).sort();
    const paths = [root, ...more].map((name) => path(join(authorities, name)));
    return more.length === 0 ? path(join(authorities, root)) : paths;
  }

  async function authorityOf(organization: Organization): Promise<object> {
    const { identity } = authoritiesOf(organization);
    const registrar = folder.identity(organization, 'registrar.json');
    await writeJson(registrar, { user: REGISTRAR, secret: secrets[identity]?.[REGISTRAR] });
    const tlsRoot = path(folder.caRoot);
    return {
      ca: { url: serverUrl(topology), name: identity, tlsRoot, registrar: path(registrar) },
      admin: path(folder.identity(organization, 'admin', 'msp')),
    };
  }

  function nodesOf(organization: Organization): object {
    const { peer, orderer } = portsOf(topology, organization);
    const root = (role: string): string => path(folder.identity(organization, role, 'tls', 'ca.pem'));
    return {
      peers: [
        { name: `peer.${organization.name}`, endpoint: `${hostOf(organization)}:${peer}`, tlsRoot: root('peer') },
      ],
      orderers: [
        {
          name: `orderer.${organization.name}`,
          endpoint: `${hostOf(organization)}:${orderer}`,
          tlsRoot: root('orderer'),
        },
      ],
    };
  }
}
