// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { type Bench, type BenchOptions, type Comparison, report } from './benches/bench.js';
import { count } from 'yuanliu-cli/commands/options';

const FOLDER = join(__dirname, 'benches');

void new Command('bench')
  .description('Runs one benchmark of bench/benches against its reference, or lists them.')
  .argument('[name]', 'which one; without it, all are listed')
  .option('--json', 'print one JSON object', false)
  .option('--samples <count>', 'pairs of measurements to take', count, 9)
  .option('--network <dir>', 'folder of the Fabric network to measure on: a new one, or one that only benchmarks used')
  .action(async (name: string | undefined, { json, ...options }: BenchOptions & { readonly json: boolean }) => {
    const benches = names();
    if (name === undefined) {
      list(benches);
      return;
    }
    if (!benches.includes(name)) throw new Error(`no bench ${name}; there are: ${benches.join(', ')}`);
    const bench = load(name);
    const result = report(bench, await bench.run(options));
    if (json) console.log(JSON.stringify(result));
    else {
      console.log(bench.about);
      tell(result);
      for (const [what, other] of Object.entries(result.also ?? {})) {
        console.log(what);
        tell(other);
      }
    }
  })
  .parseAsync();

function tell({ ours, reference, unit, ratio, min, max, samples }: Comparison): void {
  console.log(`${ours} against ${reference} ${unit}`);
  console.log(`ratio ${ratio} (${min} to ${max} in ${samples} samples)`);
}

function names(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.js') && file !== 'bench.js')
    .map((file) => file.slice(0, -'.js'.length))
    .sort();
}

function load(name: string): Bench {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a bench is found by its file name
  return (require(join(FOLDER, `${name}.js`)) as { default: Bench }).default;
}

function list(benches: readonly string[]): void {
  for (const name of benches) console.log(`${name.padEnd(24)}${load(name).about}`);
}
