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
    .description('批量上链 — anchor the resources of a CSV file, a result per row')
    .argument('<file>', 'CSV in UTF-8, GB18030 (GBK), Big5 or UTF-16; its first row names the columns')
    .option(
      '--columns <field=header>',
      'which column says a field; ignore=HEADER leaves one out; repeatable',
      several,
      [],
    )
    .option('--set <field=value>', 'a value for every row; repeatable', several, [])
    .option('--split <dir>', 'send nothing: write the rows of each provider into a file of their own')
    .option('--dry-run', 'tell what would happen to each row; write nothing', false)
    .addHelpText(
      'after',
      `
Fields: ${rowFields.join(', ')}.
Usual Chinese headers (领域, 分类, 数据集名称, 数据摘要, 更新频率, 发布日期, 提供方) are known; columns that are not used are named.
The same file again changes nothing: send it again after an interruption.

Examples:
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
          if (process.stderr.isTTY) process.stderr.write(`\r${rowsDone(now)} of ${now.rows} rows `);
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
  return shown(`${rows} rows of ${provider} → ${file}: let it send them, yuanliu import ${file} --as ${provider}`);
}

function linesOf({ encoding, columns = {}, ignored = [], results, counts, dryRun, state }: ImportState): string[] {
  const renamed = Object.entries(columns).filter(([field, header]) => field !== header);
  const found = Object.entries(counts).filter(([, rows]) => rows > 0);
  return [
    ...(encoding === 'utf-8' ? [] : [`read as ${nameOf(encoding)}`]),
    ...(renamed.length === 0
      ? []
      : [`columns: ${renamed.map(([field, header]) => `${field} ← ${header}`).join(', ')}`]),
    ...(ignored.length === 0 ? [] : [`not used: ${ignored.join(', ')}`]),
    ...results.flatMap(({ line, id, result, message, remedy }) =>
      message === undefined
        ? []
        : [`line ${line} ${id}: ${result}: ${message}${remedy === undefined ? '' : ` → ${remedy}`}`],
    ),
    `${dryRun ? 'dry run, nothing written: ' : ''}${found.map(([what, rows]) => `${rows} ${what}`).join(', ')}`,
    ...(state === 'done' ? [] : [`${state} before its end: send the file again`]),
  ];
}
