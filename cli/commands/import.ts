// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import { columnChoice, rowFields } from 'yuanliu-gateway/imports/columns';
import { nameOf, encodingOf } from 'yuanliu-gateway/text/encoding';
import { EXIT } from '../exit.js';
import { UsageError } from '../failures.js';
import { rowsAmiss, rowsDone, sendImport, type ImportState } from '../send-import.js';
import { shown } from '../shown.js';
import { cliMessages, said, type CliCode } from '../words/index.js';
import { splitFile, type SplitPart } from '../split-file.js';
import { clientOf, print, textOf, withClient, withEncoding, type ClientOptions } from './options.js';

interface ImportOptions extends ClientOptions {
  readonly dryRun: boolean;
  readonly encoding?: string;
  readonly columns: readonly string[];
  readonly set: readonly string[];
  readonly split?: string;
}

/** `yuanliu import FILE.csv` */
export function importCommand(): Command {
  return withEncoding(withClient(new Command('import')))
    .description(said('about-import'))
    .argument('<file>', said('arg-csv'))
    .option('--columns <field=header>', said('option-columns'), several, [])
    .option('--set <field=value>', said('option-set'), several, [])
    .option('--split <dir>', said('option-split'))
    .option('--dry-run', said('option-dry-run-rows'), false)
    .addHelpText(
      'after',
      `
${said('help-import', { fields: rowFields.join(', ') })}

${said('examples')}
  yuanliu import 城市治理.csv --as 城市治理主管部门(演示) --dry-run
  yuanliu import 目录.csv --columns item=資料集名稱,category=服務分類 --set domain=旅游 --as 城市治理主管部门(演示)
  yuanliu import 全市目录.csv --split 各部门`,
    )
    .action(async (file: string, options: ImportOptions) => {
      const choice = chosen(options);
      const bytes = await readFile(file);
      if (options.split !== undefined) {
        const parts = await unreadable(() => splitFile(textOf(bytes, file, options), options.split ?? '', choice));
        if (options.json) print({ parts });
        else for (const part of parts) console.log(partLine(part));
        return;
      }
      const client = await clientOf(options);
      const { dryRun, columns, set } = options;
      const encoding = options.encoding === undefined ? undefined : encodingOf(options.encoding);
      const state = await sendImport(client, bytes, {
        ...{ dryRun, columns, set },
        ...(encoding === undefined ? {} : { encoding }),
        progress: (now) => {
          if (process.stderr.isTTY)
            process.stderr.write(`\r${said('rows-of', { done: rowsDone(now), rows: now.rows })}`);
        },
      });
      if (process.stderr.isTTY) process.stderr.write('\n');
      if (options.json) print(state);
      else for (const line of linesOf(state)) console.log(line);
      if (rowsAmiss(state) > 0 || state.state !== 'done') process.exitCode = EXIT.rejected;
    });
}

function several(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

function chosen(options: ImportOptions): ReturnType<typeof columnChoice> {
  try {
    return columnChoice(options);
  } catch (error) {
    if (error instanceof ContractError) throw new UsageError(`--${error.message}; ${error.details.remedy ?? ''}`);
    throw error;
  }
}

/** What the reader of files finds wrong, as wrong usage. */
async function unreadable<Value>(read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ContractError) throw new UsageError(`${error.message}; ${error.details.remedy ?? ''}`);
    throw error;
  }
}

function partLine({ provider, file, rows }: SplitPart): string {
  return shown(said('part-line', { rows, provider, file }));
}

function linesOf({ encoding, columns = {}, ignored = [], results, counts, dryRun, state }: ImportState): string[] {
  const renamed = Object.entries(columns).filter(([field, header]) => field !== header);
  const found = Object.entries(counts).filter(([, rows]) => rows > 0);
  return [
    ...(encoding === 'utf-8' ? [] : [said('read-as', { encoding: nameOf(encoding) })]),
    ...(renamed.length === 0
      ? []
      : [said('columns-are', { columns: renamed.map(([field, header]) => `${field} ← ${header}`).join(', ') })]),
    ...(ignored.length === 0 ? [] : [said('not-used', { columns: ignored.join(', ') })]),
    ...results.flatMap(({ line, id, result, message, remedy }) =>
      message === undefined
        ? []
        : [
            `${said('row-line', { line, id, result: resultText(result), message })}${remedy === undefined ? '' : ` → ${remedy}`}`,
          ],
    ),
    `${dryRun ? said('dry-run-rows') : ''}${found.map(([what, rows]) => said('rows-counted', { rows, what: resultText(what) })).join(', ')}`,
    ...(state === 'done' ? [] : [said('broken-off', { state })]),
  ];
}

function resultText(result: string): string {
  const code = `result-${result}`;
  return cliMessages.has(code) ? said(code as CliCode & `result-${string}`) : result;
}
