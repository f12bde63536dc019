// SPDX-License-Identifier: Apache-2.0
import 'reflect-metadata';
import { inspect } from 'node:util';
import { JSONSerializer } from 'fabric-contract-api';
import { ChaincodeStub } from 'fabric-shim';

/* eslint-disable @typescript-eslint/no-require-imports -- files of the packages that have no types */

/**
 * The one place that touches fabric-shim's inside; fabric-shim and fabric-contract-api are pinned to 2.5.8 for it.
 *
 * Six things are changed, none of which decides anything about a transaction. The first five took 220 of the 279 µs of
 * an act:
 * - `debug` and `info` of the packages' loggers do nothing: winston formats every message before it drops it;
 * - `error` likewise: it prints what the contract refused, and the caller gets the same as an error;
 * - `Certificate.fromPEM`, which every `ClientIdentity` calls, remembers what it parsed;
 * - so does the `compile` of a parameter's schema: its own memory is found only by serializing the schema again;
 * - arguments print as nothing: the shim has each inspected for a message that nobody reads;
 * - the packages' listeners for uncaught errors are taken off: they would keep a process alive that Node ends.
 */

/** What a contract package exports, as fabric-chaincode-node expects it. */
export interface ContractModule {
  readonly contracts: readonly (new () => object)[];
}

/** What the shim hands back for one invocation. */
export interface ChaincodeResponse {
  readonly status: number;
  readonly payload?: Uint8Array;
  readonly message?: string;
}

/** fabric-shim's dispatcher of contract transactions. */
export interface Chaincode {
  Invoke(stub: ChaincodeStub): Promise<ChaincodeResponse>;
}

/** The chaincode as fabric-chaincode-node would start it. */
export function newChaincode(module: ContractModule, title: string, version: string): Chaincode {
  const serializers = { transaction: 'jsonSerializer', serializers: { jsonSerializer: JSONSerializer } };
  const chaincode = new ChaincodeFromContract([...module.contracts], serializers, {}, title, version);
  for (const { dataMarshall } of Object.values(chaincode.contractImplementations)) rememberSchemas(dataMarshall.ajv);
  return chaincode;
}

/** The arguments of one invocation, as the shim takes them out of a proposal. */
export interface Invocation {
  readonly channel: string;
  readonly txId: string;
  readonly args: readonly Uint8Array[];
  readonly proposalBytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** The shim's own stub, with `handler` in the place of the stream to a peer. */
export function newStub(handler: object, invocation: Invocation): ChaincodeStub {
  const stub = new (ChaincodeStub as unknown as StubConstructor)(
    handler,
    invocation.channel,
    invocation.txId,
    { getArgsList_asU8: () => invocation.args },
    { getSignature: () => invocation.signature, getProposalBytes: () => invocation.proposalBytes },
  );
  for (const arg of stub.getBufferArgs()) Object.defineProperty(arg, inspect.custom, UNSEEN);
  return stub;
}

/** The event that the contract set, if it did. */
export function eventOf(stub: ChaincodeStub): { readonly name: string; readonly payload: Uint8Array } | undefined {
  const { chaincodeEvent } = stub as unknown as { chaincodeEvent?: ChaincodeEvent };
  return chaincodeEvent && { name: chaincodeEvent.getEventName(), payload: chaincodeEvent.getPayload_asU8() };
}

const UNSEEN = { value: () => '' };

type OpenStub = ChaincodeStub & { getBufferArgs(): readonly Uint8Array[] };

type StubConstructor = new (
  handler: object,
  channel: string,
  txId: string,
  input: { getArgsList_asU8(): readonly Uint8Array[] },
  proposal: { getSignature(): Uint8Array; getProposalBytes(): Uint8Array },
) => OpenStub;

interface ChaincodeEvent {
  getEventName(): string;
  getPayload_asU8(): Uint8Array;
}

interface LoggerModule {
  getLogger(name: string): Record<'debug' | 'info' | 'error', () => void> & { exceptions: { unhandle(): void } };
}

const ChaincodeFromContract = require('fabric-shim/lib/contract-spi/chaincodefromcontract.js') as new (
  contracts: (new () => object)[],
  serializers: object,
  metadata: object,
  title: string,
  version: string,
) => Chaincode & { contractImplementations: Record<string, { dataMarshall: { ajv: SchemaCompiler } }> };

quiet(require('fabric-shim/lib/logger.js') as LoggerModule, [
  'contracts-spi/chaincodefromcontract.js',
  'contracts-spi/datamarshall.js',
  'lib/chaincode.js',
  'lib/stub.js',
  'lib/iterators.js',
]);
quiet(require('fabric-contract-api/lib/logger.js') as LoggerModule, [
  './lib/jsontransactionserializer.js',
  './lib/contract.js',
]);
rememberCertificates(require('@fidm/x509') as { Certificate: CertificateParser });
for (const listener of process.listeners('unhandledRejection')) {
  if (listener.name === 'loggerUnhandledRejectionFn') process.off('unhandledRejection', listener);
}

/** Loggers are shared by name, so this reaches the ones that the packages already hold. */
function quiet(module: LoggerModule, names: readonly string[]): void {
  const silent = (): void => undefined;
  for (const name of names) Object.assign(module.getLogger(name), { debug: silent, info: silent, error: silent });
  module.getLogger('_').exceptions.unhandle(); // the one logger that catches exceptions
}

interface CertificateParser {
  fromPEM(pem: string): object;
}

function rememberCertificates({ Certificate }: { Certificate: CertificateParser }): void {
  const parse = Certificate.fromPEM.bind(Certificate);
  const known = new Map<string, object>();
  Certificate.fromPEM = (pem) => {
    const found = known.get(pem) ?? parse(pem);
    if (known.size >= 10_000) known.clear();
    known.set(pem, found);
    return found;
  };
}

/** What DataMarshall compiles for each parameter of each call: a new wrapper around a schema that stays. */
interface SchemaCompiler {
  compile(wrapper: { properties: { prop: object } }): unknown;
}

function rememberSchemas(ajv: SchemaCompiler): void {
  const compile = ajv.compile.bind(ajv);
  const known = new WeakMap<object, unknown>();
  ajv.compile = (wrapper) => {
    const { prop } = wrapper.properties;
    const found = known.get(prop) ?? compile(wrapper);
    known.set(prop, found);
    return found;
  };
}
