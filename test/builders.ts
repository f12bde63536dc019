// SPDX-License-Identifier: Apache-2.0
import { cp, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import type { ActResult, Performed } from 'yuanliu-chaincode/engine/perform';
import { factsOf } from 'yuanliu-gateway/ledger/block-facts';
import { leftRecord } from 'yuanliu-gateway/acts/left-record';
import { openEmbeddedLedger, type EmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import type { Ledger, Receipt } from 'yuanliu-gateway/ledger/port';
import { cast, CITY, departmentOf, type Member } from 'yuanliu-demo/cast';
import { identityOf, perform } from 'yuanliu-demo/perform';
import {
  authorized,
  founding,
  graded,
  listed,
  madeUpDigest,
  produced,
  registered,
  type Anchored,
  type Step,
} from 'yuanliu-demo/story';
import { onceInRun } from './once-in-run';

export { cast, CITY, demoCode } from 'yuanliu-demo/cast';
export { ids, madeUpDigest, PURPOSE, use } from 'yuanliu-demo/story';

/** A demonstration city on a real embedded ledger of its own. */
export interface City {
  readonly ledger: EmbeddedLedger;
  readonly directory: string;
  readonly departments: readonly [Member, Member];
  /** The four resources of the city, two in each domain; the first two carry the story. */
  readonly resources: readonly Anchored[];
  /** Performs an act and returns what it left. Throws ContractError when it is refused. */
  act(by: Member, act: string, id: string, input?: object): Promise<ActResult & { receipt: Receipt }>;
  run(steps: readonly Step[]): Promise<void>;
  /** What `kind:get` reads. */
  get(ref: string): Promise<ActResult['record']>;
  close(): Promise<void>;
}

export type Stage = 'empty' | 'founded' | 'listed' | 'authorized' | 'produced';

export interface CityOptions {
  readonly clock?: () => Date;
  /** A channel that no other city has. Without it, cities may be copies of one. */
  readonly ownChannel?: true;
}

/** Opens a city and brings it to a stage of the demonstration's story. */
export async function openCity(stage: Stage, { clock, ownChannel }: CityOptions = {}): Promise<City> {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-test-'));
  const told = ownChannel ? undefined : await toldBefore(stage, clock?.());
  if (told !== undefined) await cp(told, directory, { recursive: true });
  const ledger = await openEmbeddedLedger({ directory, ...(clock ? { clock } : {}) });
  const act: City['act'] = async (by, name, id, input = {}) => {
    const { result, receipt } = await perform(ledger, { by, act: name, id, input });
    return { ...(await wholeResult(ledger, result, receipt)), receipt };
  };
  const run: City['run'] = async (steps) => {
    for (const { by, act: name, id, input } of steps) await act(by, name, id, input);
  };
  const city: City = {
    ledger,
    directory,
    departments,
    resources,
    act,
    run,
    get: async (ref) => {
      const identity = await identityOf(ledger, cast.authority);
      const [kind, id] = ref.split('/');
      return JSON.parse(
        await ledger.evaluate({ identity, transaction: `${kind ?? ''}:get`, args: [id ?? ''] }),
      ) as ActResult['record'];
    },
    close: async () => {
      await ledger.close();
      await rm(directory, { recursive: true, force: true });
    },
  };

  if (told === undefined) await run(storyTo(stage));
  return city;
}

/**
 * The folder of a ledger on which the story is told up to a stage: told once in a run, and copied by each city. Undefined
 * for a city whose clock begins at another time than the present: its story has times of its own.
 */
async function toldBefore(stage: Stage, begins = new Date()): Promise<string | undefined> {
  if (Math.abs(begins.getTime() - Date.now()) > SAME_PRESENT) return undefined;
  if (process.env['YUANLIU_STORE_KEY'] !== undefined) return undefined; // its identities are sealed with a key of its own
  const folder = await onceInRun(`story-${stage}`, async (directory) => {
    const ledger = await openEmbeddedLedger({ directory });
    for (const { by, act, id, input } of storyTo(stage)) await perform(ledger, { by, act, id, input });
    await ledger.close();
    await utimes(directory, new Date(), new Date()); // when the story was over
  });
  return begins.getTime() < (await stat(folder)).mtimeMs ? undefined : folder;
}

/** Clocks that begin so near to the present, in milliseconds, begin now. */
const SAME_PRESENT = 60_000;

/** What an act left, read from its block: its transaction answers only which record that is. */
export async function wholeResult(ledger: Ledger, result: string, receipt: Receipt): Promise<ActResult> {
  const { ref, also, repeated } = JSON.parse(result) as Performed;
  if (repeated === undefined) return { record: await leftRecord(ledger, receipt, ref), also };
  return {
    record: await leftRecord(ledger, { txId: repeated, blockNumber: await blockOf(ledger, repeated) }, ref),
    also,
    repeated,
  };
}

async function blockOf(ledger: Ledger, txId: string): Promise<number> {
  for await (const block of ledger.blocks(0)) {
    if (factsOf(block, ledger.chaincode).transactions.some((one) => one.txId === txId)) return block.number;
  }
  throw new Error(`no block holds ${txId}`);
}

const departments = [departmentOf('金融服务', 0), departmentOf('医疗健康', 1)] as const;
const resources = departments.flatMap((provider, i) =>
  [1, 2].map((n): Anchored => ({ id: `R-${i * 2 + n}`, domain: provider.name.slice(0, 4), provider })),
);

/** Every act that brings an empty ledger to a stage of the story. */
export function storyTo(stage: Stage): Step[] {
  const carrying = resources.slice(0, 2);
  const stages: readonly [Stage, () => Step[]][] = [
    ['founded', () => founding(departments)],
    [
      'listed',
      () => [
        ...resources.flatMap(anchored),
        ...resources.flatMap(graded),
        ...resources.flatMap(registered),
        ...listed(resources),
      ],
    ],
    ['authorized', () => authorized(carrying)],
    ['produced', () => produced(carrying)],
  ];
  const upTo = stages.findIndex(([name]) => name === stage);
  return stages.slice(0, upTo + 1).flatMap(([, steps]) => steps());
}

/** 上链 of one resource of the city. */
export function anchored({ id, domain, provider }: Anchored): Step[] {
  return [
    {
      by: provider,
      act: 'resource:anchor',
      id,
      input: { title: `资源 ${id}`, domain, region: CITY, digest: madeUpDigest(id) },
    },
  ];
}

/** The contract's refusal of an attempt that must be refused. */
export async function refusal(attempt: Promise<unknown>): Promise<ContractError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ContractError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

/** Ids of the rules that an accepted act broke. */
export function brokenBy({ record }: Pick<ActResult, 'record'>): string[] {
  return record.act.violations.map(({ rule }) => rule);
}

let serial = 0;

/** An id that nobody has used: tests share one city and must not meet. */
export function fresh(prefix: string): string {
  return `${prefix}-t${++serial}`;
}
