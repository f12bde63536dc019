// SPDX-License-Identifier: Apache-2.0
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { common, gateway } from '@hyperledger/fabric-protos';
import { FabricAuthorities } from 'yuanliu-gateway/identity/fabric-authorities';
import { openIndex, type OpenIndex } from 'yuanliu-gateway/index/open-index';
import { readConnection, trustOf } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { GatewayPeer } from 'yuanliu-gateway/ledger/fabric/gateway-peer';
import type { Identity } from 'yuanliu-gateway/ledger/port';
import { cast } from 'yuanliu-demo/cast';
import { founding } from 'yuanliu-demo/story';
import { storedBlocks } from 'yuanliu-cli/stored-blocks';
import { decodeBlock, verifyChain } from 'yuanliu-verifier';
import { type Connected, connectTo } from './connect';
import { MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';

/** A client of the channel whose organisation the contract never admitted, and what it alone can make of a transaction. */
describe('a transaction with an unknown empty group in its payload, which Fabric finds valid', () => {
  const members = ['AuthorityMSP', 'AgencyMSP', 'OperatorMSP', 'DepartmentMSP'];
  const opened: (() => Promise<void>)[] = [];
  const gateways: { readonly connected: Connected; readonly index: OpenIndex }[] = [];
  let raised: RaisedNetwork;
  let stranger: Identity;
  let oddTxId: string;

  beforeAll(async () => {
    raised = await raiseNetwork();
    opened.push(() => raised.destroy());
    for (const mspId of members) {
      const connected = await connectTo(raised, mspId);
      opened.push(() => connected.close());
      const directory = await mkdtemp(join(raised.home, 'index-'));
      const index = await openIndex({ directory, ledger: connected.ledger });
      opened.push(() => index.close());
      gateways.push({ connected, index });
    }
    const { own } = await readConnection(raised.connection, 'DeveloperMSP');
    const authorities = await FabricAuthorities.open(join(raised.home, 'developer'), own);
    opened.push(() => authorities.close());
    stranger = await authorities.enrol({
      mspId: 'DeveloperMSP',
      user: '未准入',
      organization: cast.developer.code,
    });
  }, RAISING);

  afterAll(async () => {
    for (const close of opened.reverse()) await close();
  }, MINUTES);

  const first = (): (typeof gateways)[number] => {
    const [found] = gateways;
    if (!found) throw new Error('no gateway is open');
    return found;
  };

  test(
    'is in a block that every gateway takes, and its index is right (fault A1)',
    async () => {
      const [admission, ...others] = founding([]);
      if (!admission) throw new Error('the story has no beginning');
      await first().connected.run([admission]);
      oddTxId = await submitOdd();
      await first().connected.run(others); // its block, or one before, holds the odd one

      const height = await first().connected.ledger.height();
      const states = await Promise.all(
        gateways.map(async ({ index }) => {
          await index.waitFor(height - 1, MINUTES);
          const viewer = index.viewer(cast.authority.code);
          return {
            failure: index.failure(),
            setAside: index.setAside(),
            odd: index.transaction(oddTxId, viewer),
            authority: index.record(`organization/${cast.authority.code}`, viewer)?.record.body,
          };
        }),
      );
      for (const state of states) {
        expect(state).toMatchObject({
          failure: undefined,
          setAside: 0,
          odd: { validationCode: 'VALID', changed: [] },
          authority: { name: cast.authority.name },
        });
      }
      expect(new Set(gateways.map(({ index }) => index.digest())).size).toBe(1);
    },
    2 * MINUTES,
  );

  test(
    'is in a chain that the verifier proves from the pinned genesis block (fault A1)',
    async () => {
      const { ledger } = first().connected;
      const trust = trustOf(await readConnection(raised.connection, 'AuthorityMSP'));
      const blocks: Uint8Array[] = [];
      for await (const { bytes } of storedBlocks(ledger)) blocks.push(bytes);
      expect(await verifyChain(blocks, trust)).toMatchObject({ ok: true, findings: [], blocks: blocks.length });
      const odd = blocks.flatMap((block) => decodeBlock(block).transactions).find(({ txId }) => txId === oddTxId);
      expect(odd?.payload.subarray(-2)).toEqual(Buffer.from([0x7b, 0x7c]));
    },
    MINUTES,
  );

  /** Has a call endorsed that anyone may make, adds the group to its payload, signs and sends it. */
  async function submitOdd(): Promise<string> {
    const connection = await readConnection(raised.connection, 'AuthorityMSP');
    const peer = new GatewayPeer(connection.peers[0], connection, () => Promise.resolve(stranger));
    try {
      const call = { identity: stranger, transaction: 'org.hyperledger.fabric:GetMetadata', args: [] };
      const { txId, transaction } = await peer.endorse(call);
      const prepared = gateway.PreparedTransaction.deserializeBinary(transaction);
      const envelope = prepared.getEnvelope() ?? new common.Envelope();
      const payload = Buffer.concat([envelope.getPayload_asU8(), Buffer.from([0x7b, 0x7c])]);
      envelope.setPayload(payload);
      envelope.setSignature(stranger.sign(payload));
      prepared.setEnvelope(envelope);
      await peer.submit(prepared.serializeBinary());
      return txId;
    } finally {
      peer.close();
    }
  }
});
