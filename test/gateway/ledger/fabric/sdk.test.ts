// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import 'yuanliu-gateway/runtime/quiet-sdk';
import { Server, ServerCredentials, type ServerDuplexStream, status } from '@grpc/grpc-js';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import { Client, type Committer, type DiscoveryResultEndorsementPlan, type Endorser } from 'fabric-common';
import type { NodeError } from 'yuanliu-gateway/ledger/fabric/errors';
import { isDisagreement, isPassing, toPortError } from 'yuanliu-gateway/ledger/fabric/errors';
import { Endorsers } from 'yuanliu-gateway/ledger/fabric/sdk/endorsers';
import { broadcast } from 'yuanliu-gateway/ledger/fabric/sdk/orderers';
import { SilentNodes } from 'yuanliu-gateway/ledger/fabric/sdk/silent-nodes';
import { selfSigned } from './stranger';

const client = Client.newClient('test').setCentralizedConnectionOptions({ 'grpc-wait-for-ready-timeout': 300 });
const servers: Server[] = [];
const nodes: (Committer | Endorser)[] = [];
let tls: { readonly certificate: string; readonly key: string };
let silent: SilentNodes;

beforeAll(async () => {
  tls = await selfSigned();
});
beforeEach(() => {
  silent = new SilentNodes();
});
afterAll(() => {
  for (const node of nodes) node.disconnect();
  for (const server of servers) server.forceShutdown();
});

test('the archived SDK is loaded only where it is chosen', () => {
  const script = `
    const { openLedger } = require('yuanliu-gateway/ledger/open-ledger');
    const loaded = () => Object.keys(require.cache).some((name) => /node_modules\\/fabric-(network|common)\\//.test(name));
    (async () => {
      const seen = {};
      for (const kind of ['fabric', 'fabric-sdk']) {
        const config = { kind, connection: '/nowhere/network.json', mspId: 'AgencyMSP', checkEvery: 1 };
        await openLedger('/nowhere/data', config).catch(() => undefined);
        seen[kind] = loaded();
      }
      console.log(JSON.stringify(seen));
    })();`;
  const cwd = join(__dirname, '../../../..');
  const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd });
  expect(JSON.parse(stdout)).toEqual({ fabric: false, 'fabric-sdk': true });
});

describe('a transaction to be ordered', () => {
  const envelope = { payload: Buffer.from('payload'), signature: Buffer.from('signature') };
  const { SUCCESS, SERVICE_UNAVAILABLE, FORBIDDEN } = common.Status;

  test('goes to one Raft orderer, as it was signed', async () => {
    const orderers = await Promise.all([takes(SUCCESS), takes(SUCCESS), takes(SUCCESS)]);
    await send(orderers, 0);
    expect(orderers.flatMap(({ told }) => told)).toEqual([envelope]);
  });

  test('goes to the next Raft orderer when one has no leader or is gone', async () => {
    const orderers = [await takes(SERVICE_UNAVAILABLE), await gone(), await takes(SUCCESS)];
    for (let count = 0; count < 5; count++) await send(orderers, 0);
    expect(orderers[2]?.told).toHaveLength(5);
  });

  test('goes to every SmartBFT orderer, and is taken once one that is honest must have it', async () => {
    const orderers = [await takes(SUCCESS), await takes(SUCCESS), await takes(FORBIDDEN), await gone()];
    await send(orderers, 4);
    while (orderers.slice(0, 3).some(({ told }) => told.length === 0)) await new Promise(setImmediate);
    expect(orderers.map(({ told }) => told.length)).toEqual([1, 1, 1, 0]);
  });

  test('may or may not be ordered once too few SmartBFT orderers took it', async () => {
    const error = await failure(send([await takes(SUCCESS), await gone(), await gone(), await gone()], 4));
    expect(error).toMatchObject({ code: status.UNAVAILABLE });
    expect(isPassing(error)).toBe(true);
  });

  test('is refused when all Raft orderers refuse it, or so many SmartBFT ones that one is honest', async () => {
    const error = await failure(send([await takes(FORBIDDEN), await takes(FORBIDDEN)], 0));
    expect(toPortError(error)).toMatchObject({ code: 'ACCESS_DENIED' });
    const orderers = [await takes(FORBIDDEN), await takes(FORBIDDEN), await takes(FORBIDDEN), await gone()];
    expect(toPortError(await failure(send(orderers, 4)))).toMatchObject({ code: 'ACCESS_DENIED' });
  });

  async function send(orderers: readonly Stranger<Committer>[], consenters: number): Promise<void> {
    await broadcast(envelope, { orderers: orderers.map(({ node }) => node), consenters }, silent);
  }

  async function takes(answer: common.StatusMap[keyof common.StatusMap]): Promise<Stranger<Committer>> {
    const told: unknown[] = [];
    const server = new Server();
    server.addService(orderer.AtomicBroadcastService, {
      broadcast: (stream: ServerDuplexStream<common.Envelope, orderer.BroadcastResponse>) => {
        stream.on('data', (came: common.Envelope) => {
          const [payload, signature] = [came.getPayload_asU8(), came.getSignature_asU8()].map((bytes) =>
            Buffer.from(bytes),
          );
          told.push({ payload, signature });
          const response = new orderer.BroadcastResponse();
          response.setStatus(answer);
          stream.write(response);
        });
      },
    });
    return { node: at(await listen(server), (name) => client.newCommitter(name, 'AgencyMSP')), told };
  }

  async function gone(): Promise<Stranger<Committer>> {
    const found = await takes(SUCCESS);
    servers.at(-1)?.forceShutdown();
    return found;
  }
});

describe('endorsements', () => {
  test('are of the peer in use and of two others, and the same', async () => {
    const peers = await Promise.all(['A', 'B', 'C', 'D'].map((name) => endorses(name, 'x')));
    const responses = await collect(peers);
    expect(responses.map(({ payload }) => payload.toString())).toEqual(['x', 'x', 'x']);
    expect(responses[0]?.endorsement?.endorser.toString()).toBe('A');
    expect(peers.flatMap(({ told }) => told)).toHaveLength(3);
  });

  test('are of another peer where one is gone, which is then left out for a while', async () => {
    const peers = await Promise.all(['A', 'B', 'C', 'D'].map((name) => endorses(name, 'x')));
    servers.at(-2)?.forceShutdown();
    for (let count = 0; count < 5; count++) await collect(peers);
    expect(peers.map(({ told }) => told.length)).toEqual([5, 5, 0, 5]);
  });

  test('that differ end it, and who gave them is named', async () => {
    const peers = [await endorses('A', 'x'), await endorses('B', 'x'), await endorses('C', 'other')];
    const error = await failure(collect(peers));
    expect(error.details).toEqual([
      { mspId: 'CMSP', address: peers[2]?.node.name, message: 'ProposalResponsePayloads do not match' },
    ]);
    expect(isDisagreement(error, 'AMSP')).toBe(true);
  });

  test('are not asked further when the peer in use refuses: what its contract says is the answer', async () => {
    const refusal = 'NOT_FOUND - {"message":"there is none"}';
    const error = await failure(
      collect([await endorses('A', 'x', refusal), await endorses('B', 'x'), await endorses('C', 'x')]),
    );
    expect(toPortError(error)).toMatchObject({ name: 'ContractError', code: 'NOT_FOUND' });
  });

  test('that are too few for now may pass', async () => {
    const peers = [await endorses('A', 'x'), await endorses('B', 'x'), await endorses('C', 'x')];
    servers.at(-1)?.forceShutdown();
    const error = await failure(collect(peers));
    expect([isPassing(error), isDisagreement(error, 'AMSP')]).toEqual([true, false]);
  });

  /** Three of them, by a policy that asks for any three. */
  function collect(peers: readonly Stranger<Endorser>[]): ReturnType<Endorsers['endorse']> {
    const names = peers.map(({ node }) => node.name);
    const candidate = (node: Endorser) => ({ mspid: node.mspid, endpoint: node.name, name: node.name, chaincodes: [] });
    const plan = {
      chaincode: 'yuanliu',
      groups: Object.fromEntries(peers.map(({ node }) => [node.name, { peers: [candidate(node)] }])),
      layouts: threesOf(names).map((three) => Object.fromEntries(three.map((name) => [name, 1]))),
    } as unknown as DiscoveryResultEndorsementPlan;
    const [first] = peers;
    if (!first) throw new Error('no peer');
    const { name, mspid: mspId } = first.node;
    const options = { first: { name, mspId, endpoint: name, tlsRoot: '' }, plan, silent };
    return new Endorsers({ ...options, endorsers: peers.map(({ node }) => node) }).endorse(Buffer.alloc(0));
  }

  async function endorses(name: string, payload: string, refusal?: string): Promise<Stranger<Endorser>> {
    const told: unknown[] = [];
    const server = new Server();
    server.addService(peer.EndorserService, {
      processProposal: (_: unknown, done: (error: null, answer: peer.ProposalResponse) => void) => {
        told.push(name);
        const response = new peer.Response();
        response.setStatus(refusal === undefined ? 200 : 500);
        response.setMessage(refusal ?? '');
        const endorsement = new peer.Endorsement();
        endorsement.setEndorser(Buffer.from(name));
        const answer = new peer.ProposalResponse();
        answer.setResponse(response);
        answer.setPayload(Buffer.from(payload));
        answer.setEndorsement(endorsement);
        done(null, answer);
      },
    });
    return { node: at(await listen(server), (endpoint) => client.newEndorser(endpoint, `${name}MSP`)), told };
  }
});

/** A node that somebody else runs, as the SDK sees it, and what it was told. */
interface Stranger<Node> {
  readonly node: Node;
  readonly told: readonly unknown[];
}

function threesOf(names: readonly string[]): (readonly string[])[] {
  return names.length === 3 ? [names] : names.map((_, left) => names.filter((_, place) => place !== left));
}

function at<Node extends Committer | Endorser>(port: number, make: (name: string) => Node): Node {
  const node = make(`localhost:${port}`);
  node.setEndpoint(client.newEndpoint({ url: `grpcs://${node.name}`, pem: tls.certificate }));
  nodes.push(node);
  return node;
}

function listen(server: Server): Promise<number> {
  servers.push(server);
  const pair = { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.certificate) };
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, [pair]), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}

async function failure(promise: Promise<unknown>): Promise<NodeError> {
  return promise.then(
    () => {
      throw new Error('it was done');
    },
    (error: unknown) => error as NodeError,
  );
}
