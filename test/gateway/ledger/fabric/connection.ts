// SPDX-License-Identifier: Apache-2.0
import type { Connection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import type { Prover } from '../../../verifier/prover/chain';
import type { StrangerPeer } from './stranger';

/** What a `network.json` would say of a prover's channel, its genesis block pinned, served by these peers. */
export function connectionTo({ trust, rootsOnly }: Prover, [nearest, ...further]: readonly StrangerPeer[]): Connection {
  if (!nearest) throw new Error('no peer');
  const authority = { url: 'https://localhost:1', name: '', tlsRoot: '' };
  const [own, ...others] = Object.entries(rootsOnly.roots).map(([mspId, roots]) => ({ mspId, roots, authority }));
  if (!own) throw new Error('no member');
  return {
    channel: 'public-data',
    chaincode: 'yuanliu',
    endorsements: 3,
    founder: 'AuthorityMSP',
    blockSigners: 1,
    genesis: trust.genesis,
    own,
    members: [own, ...others],
    peers: [nearest.address, ...further.map(({ address }) => address)],
  };
}
