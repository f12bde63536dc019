// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { Listr } from 'listr2';
import { buildGo, missingGo } from 'yuanliu-network/toolchain/go';
import { exportBlocks, falsify, makeLedger } from 'yuanliu-testing/blockcheck/blocks';
import { BLOCKCHECK } from 'yuanliu-testing/blockcheck/build';
import { type Differential, runDifferential } from 'yuanliu-testing/blockcheck/odd/differential';
import { isKept, keep } from 'yuanliu-testing/blockcheck/odd/kept';
import { count } from 'yuanliu-cli/commands/options';

/** What `network/blockcheck` prints. */
interface FabricVerdict {
  readonly ok: boolean;
  readonly blocks: number;
  readonly transactions: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly commitHash: string;
  readonly decoded: number;
  readonly differences: readonly FabricDifference[];
}

interface FabricDifference {
  readonly block: number;
  readonly transaction?: number;
  readonly what: string;
  readonly inBlock: string;
  readonly byFabric: string;
}

new Command('fabric:blockcheck')
  .description("Has Fabric's own peer code judge the blocks of an embedded ledger and odd transactions, and compares.")
  .argument('[directory]', 'data folder of an embedded ledger that is not in use; without it, a small new one')
  .option('--no-decode', 'skip having configtxlator decode each block, which takes a process a block')
  .option('--odd <count>', 'odd transactions to judge beside one of each kind', count, 2000)
  .option('--seed <number>', 'where the odd transactions begin: another one, other transactions', count, 1)
  .option('--keep <folder>', 'write the kept odd transactions with their verdicts into this folder, and nothing else')
  .action(async (directory: string | undefined, options: Options) => {
    const reason = missingGo();
    if (reason !== undefined) {
      console.log(`fabric:blockcheck SKIPPED — ${reason}`);
      return;
    }
    const work = await mkdtemp(join(tmpdir(), 'yuanliu-blockcheck-'));
    try {
      if (options.keep !== undefined) await keepOdd(options.keep, work);
      else await check(directory, work, options);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });

interface Options {
  readonly decode: boolean;
  readonly odd: number;
  readonly seed: number;
  readonly keep?: string;
}

interface Progress {
  /** Where `blockcheck` and `configtxlator` are. */
  programs: string;
  verdict: FabricVerdict;
  odd?: Differential;
}

/** Build, take the blocks, let Fabric judge them; on a ledger of our own, see that it notices a lie. */
async function check(directory: string | undefined, work: string, { decode, odd, seed }: Options): Promise<void> {
  const [blocks, made] = [join(work, 'blocks'), join(work, 'ledger')];
  const { verdict, odd: differential } = await new Listr<Progress>([
    {
      title: "Build Fabric's peer code",
      task: async (context, task) => {
        context.programs = await buildGo(BLOCKCHECK, (line) => (task.output = line));
      },
    },
    { title: 'Make a small ledger', enabled: directory === undefined, task: () => makeLedger(made) },
    { title: 'Export its blocks', task: () => exportBlocks(directory ?? made, blocks) },
    {
      title: `Have Fabric judge and commit them${decode ? ', and configtxlator decode them' : ''}`,
      task: async (context) => {
        context.verdict = await judge(context.programs, blocks, decode);
      },
    },
    {
      title: 'Have Fabric judge copies that lie',
      enabled: directory === undefined,
      skip: ({ verdict: found }) => !found.ok,
      task: async (context) => {
        for (const what of ['validation code', 'commit hash'] as const) {
          const copy = join(work, what.replace(' ', '-'));
          await falsify(blocks, copy, what);
          const found = await judge(context.programs, copy, decode);
          if (!found.differences.some((difference) => difference.what === what)) {
            throw new Error(`Fabric did not notice a false ${what}: this check checks nothing`);
          }
        }
      },
    },
    {
      title: 'Have Fabric and our verifier judge odd transactions',
      enabled: directory === undefined,
      task: async (context) => {
        context.odd = await runDifferential(join(context.programs, 'blockcheck'), work, { more: odd, seed });
      },
    },
  ]).run({} as Progress);
  report(verdict);
  if (directory === undefined && verdict.ok) {
    console.log('Of two copies, one with a false validation code, one with a false commit hash, it refused both.');
  }
  if (differential) reportOdd(differential);
}

function reportOdd({ transactions, valid, remarked, disagreements }: Differential): void {
  console.log(`${transactions} odd transactions, ${valid} valid by Fabric, ${remarked} remarked on by our verifier`);
  for (const one of disagreements.slice(0, 20)) console.log(`DIFFERS ${one}`);
  console.log(
    disagreements.length === 0 ? 'Our verifier agrees on every one.' : `It differs on ${disagreements.length}.`,
  );
  if (disagreements.length > 0) process.exitCode = 1;
}

/** Writes the corpus that the tests read where there is no Go. */
async function keepOdd(folder: string, work: string): Promise<void> {
  const programs = await buildGo(BLOCKCHECK, (line) => {
    console.log(line);
  });
  let files = 0;
  const options = { more: 0, seed: 1, only: isKept };
  const found = await runDifferential(join(programs, 'blockcheck'), work, options, (chain, trust) =>
    keep(folder, files++, chain, trust),
  );
  reportOdd(found);
}

function report(verdict: FabricVerdict): void {
  const codes = Object.entries(verdict.codes).map(([code, count]) => `${code} ${count}`);
  console.log(`${verdict.blocks} blocks, ${verdict.transactions} transactions: ${codes.join(', ')}`);
  console.log(`commit hash by Fabric ${verdict.commitHash}; configtxlator decoded ${verdict.decoded} blocks`);
  for (const { block, transaction, what, inBlock, byFabric } of verdict.differences.slice(0, 20)) {
    const place = transaction === undefined ? '' : `, transaction ${transaction}`;
    console.log(`DIFFERS block ${block}${place}: ${what} ${inBlock}, by Fabric ${byFabric}`);
  }
  console.log(verdict.ok ? 'Fabric agrees with every block.' : `Fabric differs ${verdict.differences.length} times.`);
  if (!verdict.ok) process.exitCode = 1;
}

/** Runs the Go program on a folder; it exits 1 for a difference, which is an answer, and 2 when it has none. */
function judge(programs: string, folder: string, decode: boolean): Promise<FabricVerdict> {
  return new Promise((done, fail) => {
    const args = [...(decode ? ['-configtxlator', join(programs, 'configtxlator')] : []), folder];
    execFile(join(programs, 'blockcheck'), args, { maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error && error.code !== 1) fail(new Error(stderr.trim() || error.message));
      else done(JSON.parse(stdout) as FabricVerdict);
    });
  });
}
