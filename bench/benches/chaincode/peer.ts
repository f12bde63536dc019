// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { credentials, type ClientDuplexStream } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';
import type { Footprint } from './minimal/contract.js';

/** A transaction as a peer hands it to a chaincode. */
export interface Asked {
  readonly args: readonly Uint8Array[];
  /** `peer.Proposal` and its creator's signature. */
  readonly proposal: Uint8Array;
  readonly signature: Uint8Array;
}

type ReadState = (key: string) => Uint8Array | undefined;

/** A chaincode that runs as on a network, in a process of its own with its log at `error`; this is its peer. */
export class Chaincode {
  readonly #child: ChildProcess;
  readonly #stream: ClientDuplexStream<peer.ChaincodeMessage, peer.ChaincodeMessage>;
  readonly #client: peer.ChaincodeClient;
  readonly #read: ReadState;
  readonly #open = new Map<string, Simulation>();
  #serial = 0;

  private constructor(child: ChildProcess, client: peer.ChaincodeClient, read: ReadState) {
    this.#child = child;
    this.#client = client;
    this.#read = read;
    this.#stream = client.connect();
    this.#stream.on('data', (message: peer.ChaincodeMessage) => {
      this.#hear(message);
    });
    this.#stream.on('error', (error) => {
      for (const { reject } of this.#open.values()) reject(error);
    });
  }

  /** Starts the chaincode of a package's folder; `read` is the state that it runs on. */
  static async start(home: string, read: ReadState): Promise<Chaincode> {
    const address = `127.0.0.1:${await freePort()}`;
    const cli = join(dirname(require.resolve('fabric-shim/package.json')), 'cli.js');
    const child = spawn(
      process.execPath,
      [cli, 'server', '--chaincode-address', address, '--chaincode-id', 'bench:1', '--module-path', home],
      {
        stdio: 'inherit',
        env: { ...process.env, CORE_CHAINCODE_LOGGING_LEVEL: 'error', CORE_CHAINCODE_LOGGING_SHIM: 'error' },
      },
    );
    const client = new peer.ChaincodeClient(address, credentials.createInsecure());
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => {
        reject(new Error(`the chaincode in ${home} did not start: see above`));
      });
      client.waitForReady(Date.now() + 60_000, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    return new Chaincode(child, client, read);
  }

  /** Runs one transaction; throws what the contract refused. */
  simulate(asked: Asked): Promise<Footprint> {
    const txId = `bench-${++this.#serial}`;
    return new Promise((resolve, reject) => {
      this.#open.set(txId, { reads: [], writes: [], resolve, reject });
      const input = new peer.ChaincodeInput();
      input.setArgsList([...asked.args]);
      const signed = new peer.SignedProposal();
      signed.setProposalBytes(asked.proposal);
      signed.setSignature(asked.signature);
      const message = newMessage(Type.TRANSACTION, txId, input.serializeBinary());
      message.setProposal(signed);
      this.#stream.write(message);
    });
  }

  /** Microseconds of CPU that the chaincode has taken so far, by the kernel's account. */
  async cpu(): Promise<number> {
    const stat = await readFile(`/proc/${this.#child.pid ?? ''}/stat`, 'utf8');
    const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14); // the name before may hold anything
    return (Number(user) + Number(system)) * TICK;
  }

  stop(): void {
    this.#client.close();
    this.#child.kill('SIGKILL');
  }

  #hear(message: peer.ChaincodeMessage): void {
    const txId = message.getTxid();
    const simulation = this.#open.get(txId);
    switch (message.getType()) {
      case Type.REGISTER:
        for (const type of [Type.REGISTERED, Type.READY]) this.#stream.write(newMessage(type, '', new Uint8Array()));
        return;
      case Type.GET_STATE: {
        const key = peer.GetState.deserializeBinary(message.getPayload_asU8()).getKey();
        simulation?.reads.push(key);
        this.#stream.write(newMessage(Type.RESPONSE, txId, this.#read(key) ?? new Uint8Array()));
        return;
      }
      case Type.PUT_STATE: {
        const put = peer.PutState.deserializeBinary(message.getPayload_asU8());
        simulation?.writes.push({ key: put.getKey(), value: Buffer.from(put.getValue_asU8()).toString() });
        this.#stream.write(newMessage(Type.RESPONSE, txId, new Uint8Array()));
        return;
      }
      case Type.COMPLETED: {
        this.#open.delete(txId);
        const response = peer.Response.deserializeBinary(message.getPayload_asU8());
        if (response.getStatus() === 200) simulation?.resolve(simulation);
        else simulation?.reject(new Error(`the contract refused: ${response.getMessage()}`));
        return;
      }
      default:
        simulation?.reject(new Error(`the chaincode said ${message.getType()}: ${message.getPayload_asB64()}`));
    }
  }
}

interface Simulation extends Footprint {
  readonly resolve: (footprint: Footprint) => void;
  readonly reject: (error: Error) => void;
}

const { Type } = peer.ChaincodeMessage;

function newMessage(type: (typeof Type)[keyof typeof Type], txId: string, payload: Uint8Array): peer.ChaincodeMessage {
  const message = new peer.ChaincodeMessage();
  message.setType(type);
  message.setTxid(txId);
  message.setChannelId(txId === '' ? '' : 'public-data');
  message.setPayload(payload);
  return message;
}

/** Microseconds of one of the kernel's clock ticks, 100 a second. */
const TICK = 10_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
