// SPDX-License-Identifier: Apache-2.0
import type { Prover } from './chain';
import { calling, type Person } from './people';
import type { Proven } from './transaction';

/**
 * Adds two blocks in which nearly every transaction is invalid, each for another reason, with the validation codes
 * written down by hand (and confirmed by Fabric's own peer code: see the golden chain). No plain garbage among them:
 * Fabric 3.1.1's validator never ends on a block with it, and relies on orderers to keep it out.
 */
export async function addInvalid(chain: Prover, stranger: Person): Promise<Prover> {
  const { peers, client } = chain;
  const secondPeer = await chain.at(0).issue('peer');
  const nonce = Buffer.alloc(24, 9);
  const twice = chain.transaction();
  const marked: [Proven, number][] = [
    [chain.transaction({ writes: [{ key: 'a', value: '1' }] }), 0],
    [chain.transaction({ endorsers: peers.slice(2) }), 10],
    [chain.transaction({ endorsers: [] }), 10],
    [chain.transaction({ endorsers: Array<Person>(3).fill(chain.at(0).peer) }), 10],
    [chain.transaction({ endorsers: [chain.at(0).peer, secondPeer, chain.at(1).peer] }), 10],
    [chain.transaction({ endorsers: [...peers.slice(0, 2), client] }), 10],
    [chain.transaction({ endorsers: [stranger, ...peers.slice(1, 3)] }), 10],
    [chain.transaction({ endorsers: [stranger, ...peers.slice(0, 3)] }), 0],
    [chain.transaction({ endorsers: [...peers.slice(0, 2), calling(secondPeer, 'OperatorMSP')] }), 10],
    [chain.transaction({ endorsementSignature: 'high-S' }), 10],
    [chain.transaction({ creatorSignature: 'high-S' }), 4],
    [chain.transaction({ signer: chain.at(1).client }), 4],
    [chain.transaction({ creator: stranger }), 4],
    [chain.transaction({ creator: calling(client, 'NobodyMSP') }), 4],
    [chain.transaction({ channel: 'other-channel' }), 4],
    [chain.transaction({ txId: 'ab'.repeat(32) }), 8],
    [chain.transaction({ txId: '', nonce }), 8],
    [chain.transaction({ proposalHash: Buffer.alloc(32, 5) }), 5],
    [chain.transaction({ event: { name: 'e', chaincode: 'other' } }), 255],
    [twice, 0],
    [twice, 9],
  ];
  chain.add(
    marked.map(([transaction]) => transaction),
    { codes: marked.map(([, code]) => code) },
  );
  const later = [
    twice,
    chain.transaction({ nonce }),
    chain.transaction({ reads: [{ key: 'a', version: { block: 1, transaction: 0 } }] }),
  ];
  return chain.add(later, { codes: [9, 9, 0] });
}
