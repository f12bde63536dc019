// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { FabricAuthorities } from 'yuanliu-gateway/identity/fabric-authorities';
import { readConnection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { GatewayPeer } from 'yuanliu-gateway/ledger/fabric/gateway-peer';
import { openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';
import type { Peer } from 'yuanliu-gateway/ledger/fabric/peers';
import { openSdkLedger } from 'yuanliu-gateway/ledger/fabric/sdk/ledger';
import { SdkPeer } from 'yuanliu-gateway/ledger/fabric/sdk/peer';
import { silent } from 'yuanliu-network/progress';
import { hasTimeWindowCheck } from 'yuanliu-network/toolchain/toolchain';
import { waitFor } from 'yuanliu-network/wait';
import { holdings } from 'yuanliu-demo/catalogue';
import { decodeBlock } from 'yuanliu-verifier';
import { admission, AUTHORITY, conformance, newCode } from '../gateway/ledger/conformance';
import { days } from '../journeys/days';
import { connectTo } from './connect';
import { kill, orderer, restartPeers, up } from './nodes';
import { MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';
import { openSubject } from './subject';
import { demandOnce, startTraffic } from './traffic';

/** One network for all of it: the demonstration founds the channel, the rest goes on from there. */
describe('a Fabric 2.5 network with Raft', () => {
  let raised: RaisedNetwork;
  beforeAll(async () => {
    raised = await raiseNetwork({ fabric: '2.5', consensus: 'raft' });
  }, RAISING);
  afterAll(() => raised.destroy(), MINUTES);

  describe('serves, without the Gateway service,', () => {
    days(() => ['--ledger', 'fabric-sdk', '--network', raised.data]);
  });

  conformance('the fabric ledger', () => openSubject(raised.connection, openFabricLedger));

  test(
    'has either adapter send what the other endorsed',
    async () => {
      const connection = await readConnection(raised.connection, 'AuthorityMSP');
      const authorities = await FabricAuthorities.open(join(raised.home, 'either'), connection.own);
      const identity = await authorities.enrol({ mspId: 'AuthorityMSP', user: '测试员', organization: AUTHORITY });
      await authorities.close();
      const [address] = connection.peers;
      const reader = (): Promise<typeof identity> => Promise.resolve(identity);
      const peers: [Peer, Peer] = [
        new GatewayPeer(address, connection, reader),
        new SdkPeer(address, connection, reader),
      ];
      for (const [endorser, sender] of [peers, peers.toReversed()]) {
        if (!endorser || !sender) continue;
        const { txId, transaction } = await endorser.endorse({ identity, ...admission(newCode(), '转交') });
        const height = await sender.height();
        await sender.submit(transaction);
        for await (const bytes of sender.deliver(height, AbortSignal.timeout(MINUTES))) {
          const found = decodeBlock(bytes).transactions.find((one) => one.txId === txId);
          expect([undefined, 'VALID']).toContain(found?.validationCode);
          if (found) break;
        }
      }
      for (const peer of peers) peer.close();
    },
    2 * MINUTES,
  );

  test(
    'goes on when the orderer that leads is killed, and when it is back, and loses nothing acknowledged',
    async () => {
      const [holding] = holdings();
      if (!holding) throw new Error('the demonstration has no department');
      const clients = [await connectTo(raised, 'DepartmentMSP'), await connectTo(raised, 'AgencyMSP', openSdkLedger)];
      const traffic = clients.map((client) => startTraffic(client, holding.department));
      const goOn = (): Promise<number[]> => Promise.all(traffic.map((one) => one.goesOn(MINUTES)));
      try {
        await goOn();
        await kill(raised, await orderer(raised, 'leader'));
        const killed = (await goOn()).map(Math.round);
        await up(raised);
        await goOn();
        console.log(`once the leader was killed, a write was acknowledged after ${killed.join(' and ')} ms`);
        for (const [turn, client] of clients.entries()) {
          await traffic[turn]?.stop();
          await demandOnce(client.ledger, traffic[turn]?.receipts ?? []);
        }
      } finally {
        await Promise.allSettled(traffic.map((one) => one.stop()));
        for (const client of clients) await client.close();
      }
    },
    4 * MINUTES,
  );

  test(
    'says that this release does not refuse back-dated transactions',
    async () => {
      let stdout = '';
      const missing = async (): Promise<string | undefined> => {
        const told = await raised.run(['doctor']);
        stdout = told.stdout;
        return told.code === 0 ? undefined : stdout;
      };
      // A peer that the killed orderer gave its blocks may be catching up yet.
      await waitFor({ what: 'a doctor that finds nothing wrong', missing, seconds: 90 }, silent);
      expect(stdout.includes('has no TimeWindowCheck')).toBe(!hasTimeWindowCheck(raised.toolchain));
    },
    2 * MINUTES,
  );

  describe('with the Gateway service of its peers switched off', () => {
    beforeAll(() => restartPeers(raised, { CORE_PEER_GATEWAY_ENABLED: 'false' }), 2 * MINUTES);

    test('finds it on none of them', async () => {
      const connection = await readConnection(raised.connection, 'AuthorityMSP');
      const authorities = await FabricAuthorities.open(join(raised.home, 'without'), connection.own);
      const reader = await authorities.reader();
      await authorities.close();
      for (const address of connection.peers) {
        const peer = new GatewayPeer(address, connection, () => Promise.resolve(reader));
        await expect(peer.height()).rejects.toThrow('UNIMPLEMENTED');
        peer.close();
      }
    });

    conformance('the fabric-sdk ledger', () => openSubject(raised.connection, openSdkLedger));
  });
});
