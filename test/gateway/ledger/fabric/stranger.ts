// SPDX-License-Identifier: Apache-2.0
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { EventEmitter } from 'node:events';
import {
  Metadata,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  status,
} from '@grpc/grpc-js';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import type { PeerAddress } from 'yuanliu-gateway/ledger/fabric/connection-file';
import type { Said } from 'yuanliu-gateway/ledger/fabric/errors';
import type { Prover } from '../../../verifier/prover/chain';
import { encode } from '../../../verifier/prover/encode';

/** A channel that strangers' peers serve: what is ordered gets a block of its own. */
export class Channel {
  readonly grown = new EventEmitter().setMaxListeners(0);

  constructor(readonly chain: Prover) {}

  order({ txId, envelope }: { readonly txId: string; readonly envelope: Buffer }): void {
    this.chain.add([{ txId, envelope, namespace: 'yuanliu', writes: [{ key: 'k', value: 'v' }] }]);
    this.grown.emit('block');
  }
}

/** What a peer does with one request; what it throws as a {@link Refusal} is its answer. */
export interface Conduct {
  evaluate(): string | Promise<string>;
  /** Before it tells how many blocks it has. */
  height(): unknown;
  /** Before it endorses. */
  endorse(): unknown;
  submit(transaction: { readonly txId: string; readonly envelope: Buffer }): unknown;
  /** Serialized blocks from `from` on, or a `common.Status` instead; the stream ends with the iteration. */
  deliver(from: number, signal: AbortSignal): AsyncIterable<Uint8Array | number>;
}

/** A gRPC status as Fabric's Gateway service answers with. */
export class Refusal extends Error {
  constructor(
    readonly code: status,
    message: string,
    readonly details: readonly Said[] = [],
  ) {
    super(message);
  }
}

/** A peer that somebody else runs: it speaks Fabric's protocol over TLS, and may do with it what it likes. */
export class StrangerPeer {
  readonly conduct: Conduct;
  /** The requests that came, by name, in order. */
  readonly asked: string[] = [];
  readonly #server = new Server();

  private constructor(
    readonly address: PeerAddress,
    channel: Channel,
    services: { readonly gateway: boolean },
    tls: { readonly certificate: string; readonly key: string },
  ) {
    this.conduct = honest(channel);
    this.#tls = tls;
    this.#server.addService(peer.DeliverService, {
      deliver: (stream: ServerDuplexStream<common.Envelope, peer.DeliverResponse>) => {
        stream.once('data', (seek: common.Envelope) => void this.#deliver(seek, stream));
      },
    });
    if (!services.gateway) return;
    this.#server.addService(gateway.GatewayService, {
      evaluate: this.#answering('evaluate', async (request: gateway.EvaluateRequest) => {
        const result = new peer.Response();
        result.setStatus(200);
        const system = isSystemCall(request);
        if (system) await this.conduct.height();
        result.setPayload(system ? heightOf(channel) : Buffer.from(await this.conduct.evaluate()));
        const response = new gateway.EvaluateResponse();
        response.setResult(result);
        return response;
      }),
      endorse: this.#answering('endorse', async (request: gateway.EndorseRequest) => {
        await this.conduct.endorse();
        const response = new gateway.EndorseResponse();
        response.setPreparedTransaction(endorsed(channel.chain, request));
        return response;
      }),
      submit: this.#answering('submit', async (request: gateway.SubmitRequest) => {
        const envelope = Buffer.from(request.getPreparedTransaction()?.serializeBinary() ?? []);
        await this.conduct.submit({ txId: request.getTransactionId(), envelope });
        return new gateway.SubmitResponse();
      }),
    });
  }

  readonly #tls: { readonly certificate: string; readonly key: string };

  static async start(name: string, channel: Channel, services = { gateway: true }): Promise<StrangerPeer> {
    const tls = await selfSigned();
    const address = { name, mspId: name, endpoint: '', tlsRoot: tls.certificate };
    const stranger = new StrangerPeer(address, channel, services, tls);
    Object.assign(address, { endpoint: `localhost:${await stranger.#listen()}` });
    return stranger;
  }

  close(): void {
    this.#server.forceShutdown();
  }

  #listen(): Promise<number> {
    const pair = { private_key: Buffer.from(this.#tls.key), cert_chain: Buffer.from(this.#tls.certificate) };
    return new Promise((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, [pair]), (error, port) => {
        if (error) reject(error);
        else resolve(port);
      });
    });
  }

  #answering<Request, Response>(name: string, answer: (request: Request) => Promise<Response>) {
    return (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>): void => {
      this.asked.push(name);
      answer(call.request).then(
        (response) => {
          done(null, response);
        },
        (error: unknown) => {
          done(error instanceof Refusal ? refusal(error) : { code: status.INTERNAL, message: String(error) });
        },
      );
    };
  }

  async #deliver(
    seek: common.Envelope,
    stream: ServerDuplexStream<common.Envelope, peer.DeliverResponse>,
  ): Promise<void> {
    this.asked.push('deliver');
    const ended = new AbortController();
    stream.on('cancelled', () => {
      ended.abort();
    });
    for await (const given of this.conduct.deliver(firstOf(seek), ended.signal)) {
      const response = new peer.DeliverResponse();
      if (typeof given === 'number')
        response.setStatus(given as 0); // the type knows no other
      else response.setBlock(common.Block.deserializeBinary(given));
      stream.write(response);
    }
    stream.end();
  }
}

/** A peer that does what it should. */
function honest(channel: Channel): Conduct {
  return {
    evaluate: () => 'ok',
    height: () => undefined,
    endorse: () => undefined,
    submit: (transaction) => {
      channel.order(transaction);
    },
    deliver: (from, signal) => blocksOf(channel, from, signal),
  };
}

/** The channel's blocks, and each new one. */
export async function* blocksOf(channel: Channel, from: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let number = from; !signal.aborted;) {
    const block = channel.chain.blocks[number];
    if (block) {
      yield block;
      number++;
    } else await next(channel, signal);
  }
}

function next({ grown }: Channel, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      grown.off('block', wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    grown.on('block', wake);
    signal.addEventListener('abort', wake);
  });
}

/** Endorsed by those whose keys the prover has, on the proposal's own nonce: so under its transaction id. */
function endorsed(chain: Prover, request: gateway.EndorseRequest): common.Envelope {
  const bytes = request.getProposedTransaction()?.getProposalBytes_asU8() ?? new Uint8Array();
  const header = common.Header.deserializeBinary(peer.Proposal.deserializeBinary(bytes).getHeader_asU8());
  const nonce = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()).getNonce_asU8();
  const { envelope } = chain.transaction({ nonce: Buffer.from(nonce) });
  const unsigned = new common.Envelope();
  unsigned.setPayload(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  return unsigned;
}

function isSystemCall(request: gateway.EvaluateRequest): boolean {
  const bytes = request.getProposedTransaction()?.getProposalBytes_asU8() ?? new Uint8Array();
  return Buffer.from(bytes).includes('GetChainInfo');
}

function heightOf({ chain }: Channel): Buffer {
  return encode([1, chain.blocks.length]);
}

function firstOf(seek: common.Envelope): number {
  const { data } = common.Payload.deserializeBinary(seek.getPayload_asU8()).toObject();
  // orderer.SeekInfo: start (1), of it specified (3), of it the number (1), each one byte long in a short chain
  const bytes = Buffer.from(String(data), 'base64');
  const specified = bytes.indexOf(0x1a);
  return bytes[specified + 1] === 0 ? 0 : (bytes[specified + 3] ?? 0);
}

function refusal({ code, message, details }: Refusal): { code: status; details: string; metadata: Metadata } {
  const metadata = new Metadata();
  const packed = details.map(({ address, mspId, message: said }) =>
    encode([1, 'type.googleapis.com/gateway.ErrorDetail'], [2, encode([1, address], [2, mspId], [3, said])]),
  );
  metadata.set('grpc-status-details-bin', encode([1, code], [2, message], [3, packed]));
  return { code, details: message, metadata };
}

/** A TLS certificate for `localhost`. */
export async function selfSigned(): Promise<{ readonly certificate: string; readonly key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    keys,
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
  });
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { certificate: certificate.toString('pem'), key };
}
