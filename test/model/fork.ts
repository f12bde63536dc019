// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActResult, Performed } from 'yuanliu-chaincode/engine/perform';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import { EmbeddedPki } from 'yuanliu-gateway/identity/embedded-pki';
import { loadContract, type ContractHost } from 'yuanliu-gateway/ledger/embedded/contract-host';
import { newProposal } from 'yuanliu-gateway/ledger/embedded/proposal';
import { eventOf, newStub } from 'yuanliu-gateway/ledger/embedded/shim';
import { Simulator } from 'yuanliu-gateway/ledger/embedded/simulator';
import type { StateValue } from 'yuanliu-gateway/ledger/embedded/store';
import type { Member } from 'yuanliu-demo/cast';
import type { Step } from 'yuanliu-demo/story';

/** What came of an act: what it left, or why it was refused. */
export type Came = { readonly result: ActResult } | { readonly error: ContractError };

/** What came of a transaction: its answer, event and writes, which the state now has; or why it was refused. */
export type Transacted = { readonly txId: string } & (
  | { readonly answer: string; readonly event: string | undefined; readonly written: readonly string[] }
  | { readonly error: ContractError }
);

const TARGET = { channel: 'public-data', chaincode: 'yuanliu' };

/** People's certificates, and the contract, for as many worlds as a test needs. */
export class Contract {
  readonly host: ContractHost = loadContract();
  readonly #pki: EmbeddedPki;
  readonly #directory: string;

  private constructor(pki: EmbeddedPki, directory: string) {
    this.#pki = pki;
    this.#directory = directory;
  }

  static async open(): Promise<Contract> {
    const directory = await mkdtemp(join(tmpdir(), 'yuanliu-test-'));
    return new Contract(await EmbeddedPki.open(directory), directory);
  }

  identityOf({ msp: mspId, user, code: organization }: Member) {
    return this.#pki.enrol({ mspId, user, organization });
  }

  async close(): Promise<void> {
    await this.#pki.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/**
 * A world state in memory on which the contract runs as on the embedded ledger, and which forks: what is done on one side
 * is not seen on the other.
 */
export class Fork {
  readonly #contract: Contract;
  readonly #state: Map<string, StateValue>;
  #height: number;

  constructor(contract: Contract, state: ReadonlyMap<string, StateValue> = new Map(), height = 0) {
    this.#contract = contract;
    this.#state = new Map(state);
    this.#height = height;
  }

  fork(): Fork {
    return new Fork(this.#contract, this.#state, this.#height);
  }

  /** Performs an act at a ledger time. */
  async act(by: Member, act: string, id: string, input: object, time: string): Promise<Came> {
    const came = await this.transact(by, act, [id, JSON.stringify(input)], time);
    if ('error' in came) return { error: came.error };
    const { ref, also } = JSON.parse(came.answer) as Performed;
    const record = this.get(ref);
    if (!record) throw new Error(`${act} ${id} left no ${ref}`);
    return { result: { record, also } };
  }

  /** Runs a transaction at a ledger time. @throws Error where the contract fails */
  async transact(by: Member, transaction: string, args: readonly string[], time: string): Promise<Transacted> {
    const identity = await this.#contract.identityOf(by);
    const proposal = newProposal({ identity, transaction, args }, TARGET, new Date(time));
    const { txId, bytes: proposalBytes, signature } = proposal;
    const simulator = new Simulator({
      height: this.#height,
      get: (key) => this.#state.get(key),
      release: () => undefined,
    });
    const stub = newStub(simulator, { channel: TARGET.channel, txId, args: proposal.args, proposalBytes, signature });
    const response = await this.#contract.host.chaincode.Invoke(stub);
    if (response.status >= 400) {
      const error = ContractError.parse(response.message ?? '');
      if (!error) throw new Error(`${transaction} ${args.join(' ')} fails: ${response.message ?? ''}`);
      return { txId, error };
    }
    const version = { block: (this.#height += 1), transaction: 0 };
    const { writes } = simulator.readWriteSet();
    for (const { key, value } of writes) {
      if (value === undefined) this.#state.delete(key);
      else this.#state.set(key, { value, version });
    }
    const event = eventOf(stub);
    return {
      txId,
      answer: Buffer.from(response.payload ?? []).toString(),
      event: event && Buffer.from(event.payload).toString(),
      written: writes.map(({ key }) => key),
    };
  }

  /** Performs acts that are accepted. @throws Error at the first that is refused. */
  async run(steps: readonly Step[], time: string): Promise<void> {
    for (const { by, act, id, input } of steps) {
      const came = await this.act(by, act, id, input, time);
      if ('error' in came) throw new Error(`${act} ${id}: ${came.error.message}`);
    }
  }

  /** Puts a record where it is stored, as a contract of before may have left it. */
  store(record: ActResult['record']): void {
    const version = { block: (this.#height += 1), transaction: 0 };
    this.#state.set(`${record.kind}/${record.id}`, { value: Buffer.from(JSON.stringify(record)), version });
  }

  /** Every key with what it holds. */
  all(): ReadonlyMap<string, unknown> {
    return new Map([...this.#state].map(([key, { value }]) => [key, JSON.parse(Buffer.from(value).toString())]));
  }

  /** The record at a reference, as it is stored. */
  get(ref: string): ActResult['record'] | undefined {
    const found = this.#state.get(ref);
    return found && (JSON.parse(Buffer.from(found.value).toString()) as ActResult['record']);
  }
}

/** Ids of the rules that an act broke, recorded or refused; each once. */
export function rulesOf(came: Came): string[] {
  const broken =
    'error' in came
      ? [came.error.rule ?? [], ...(came.error.details.violations ?? []).map(({ rule }) => rule)].flat()
      : came.result.record.act.violations.map(({ rule }) => rule);
  return [...new Set(broken)].sort();
}
