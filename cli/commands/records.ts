// SPDX-License-Identifier: Apache-2.0
import { beijingTime } from 'yuanliu-chaincode/messages/beijing-time';
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { Worded } from 'yuanliu-chaincode/messages';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { HistoryEntry, Page, RecordView } from 'yuanliu-gateway/index/ledger-index';
import type { RecordActs } from 'yuanliu-gateway/queries/worklist/answer';
import type { TraceAnswer } from 'yuanliu-gateway/queries/trace/answer';
import { actHelp } from '../act-help.js';
import { pluralOf, UsageError, type Done, type GatewayClient } from '../client.js';
import { EXIT } from '../exit.js';
import { openActLines } from '../open-act-lines.js';
import { organizationNames, type Named } from '../organization-names.js';
import { acted, outline } from '../record-lines.js';
import { sendBatch } from '../send-batch.js';
import { shown } from '../shown.js';
import { drawTree, type Question } from '../tree.js';
import { actText, brokenRule, stateText } from '../people-words.js';
import { said } from '../words/index.js';
import {
  clientOf,
  count,
  paged,
  pathOf,
  print,
  printPage,
  textOf,
  withClient,
  withEncoding,
  withPages,
  type ClientOptions,
  type PageOptions,
} from './options.js';

/** `yuanliu act KIND:ACT ID [INPUT]` */
export function actCommand(): Command {
  return withEncoding(withClient(new Command('act')))
    .description(said('about-act'))
    .argument('[kind:act]', said('arg-act'))
    .argument('[id]', said('arg-id'))
    .argument('[input]', said('arg-input'), '{}')
    .option('--key <key>', said('option-key'))
    .option('--batch <file>', said('option-batch'))
    .option('--dry-run', said('option-dry-run'), false)
    .addHelpText(
      'after',
      `
${said('examples')}
  yuanliu act resource:anchor R-1 '{"title":"防汛监测","domain":"城市治理","region":"310000"}' --as '城市治理主管部门(演示)'
  yuanliu act agreement:suspend AGR-2026 '{"reason":"检查"}' --as implementing-agency --dry-run`,
    )
    .addHelpText('after', ({ command }) => `\n${actHelp(command.args[0])}`)
    .action(
      async (act: string | undefined, id: string | undefined, input: string, options: ClientOptions & ActOptions) => {
        const client = await clientOf(options);
        const { key, dryRun, batch } = options;
        if (batch !== undefined) {
          if (act !== undefined || key !== undefined || dryRun) {
            throw new UsageError(said('batch-alone'));
          }
          await actAll(client, await readFile(batch, 'utf8'), options.json);
          return;
        }
        if (act === undefined || id === undefined) throw new UsageError(said('name-an-act'));
        const done = await client.act(act, withoutKind(act, id), await inputOf(input, options), {
          dryRun,
          ...(key === undefined ? {} : { key }),
        });
        if (options.json) print(done);
        else {
          if (done.replayed) console.log(said('done-before', { key: key ?? '' }));
          console.log(`${dryRun ? foretold(done) : ''}${summary(done.record)}`);
          const { time, violations } = done.record.act;
          for (const one of violations) console.log(`  ${brokenRule(one, time)} (${one.article}): ${one.message}`);
          for (const ref of done.also) console.log(said(dryRun ? 'also-would' : 'also-wrote', { ref }));
          if (done.receipt)
            console.log(said('line-transaction', { txId: done.receipt.txId, block: done.receipt.blockNumber }));
        }
      },
    );
}

/** Performs the acts of a file; the exit code tells that one was refused. */
async function actAll(client: GatewayClient, text: string, json: boolean | undefined): Promise<void> {
  const counts = { done: 0, replayed: 0, failed: 0 };
  for await (const result of sendBatch(client, text)) {
    const { line, problem, replayed, act, id } = result;
    counts[problem ? 'failed' : replayed ? 'replayed' : 'done'] += 1;
    if (json) console.log(JSON.stringify(result));
    else if (problem) {
      console.log(
        shown(
          `${said('batch-line', { line, act: act ?? '', id: id ?? '', code: problem.code, why: problem.detail })}; ${problem.remedy ?? ''}`,
        ),
      );
    }
    const all = counts.done + counts.replayed + counts.failed;
    if (!json && all % TOLD_EVERY === 0) console.error(said('batch-so-far', { count: all, failed: counts.failed }));
  }
  if (!json) console.log(said('batch-counts', counts));
  if (counts.failed > 0) process.exitCode = EXIT.rejected;
}

const TOLD_EVERY = 1000;

interface ActOptions {
  readonly batch?: string;
  readonly key?: string;
  readonly dryRun: boolean;
  readonly encoding?: string;
}

/** `yuanliu get KIND/ID[@VERSION]` */
export function getCommand(): Command {
  return withClient(new Command('get'))
    .description(said('about-get'))
    .argument('<kind/id[@version]>', said('arg-ref'))
    .option('--as-of <when>', said('option-as-of'))
    .option('--history', said('option-history'), false)
    .option('--acts', said('option-acts'), false)
    .option('--limit <n>', said('option-limit-history'), count)
    .option('--cursor <cursor>', said('option-cursor'))
    .addHelpText(
      'after',
      `\n${said('examples')}\n  yuanliu get product/P-score --as-of 200\n  yuanliu get product/P-score --history\n  yuanliu get agreement/AGR-2026 --acts --as implementing-agency`,
    )
    .action(async (ref: string, options: ClientOptions & GetOptions) => {
      const { path, version } = pathOf(ref);
      const { asOf, history, acts, limit, cursor } = options;
      if (history && acts) throw new UsageError(said('two-questions'));
      if (acts && version !== undefined) throw new UsageError(said('acts-no-version'));
      if (history && version !== undefined) throw new UsageError(said('history-no-version'));
      const client = await clientOf(options);
      if (history) {
        const query = { asOf, limit: limit?.toString(), cursor };
        const page = await client.ask<Page<Worded<HistoryEntry>>>(`${path}/history`, { query });
        const kind = ref.split('/')[0] ?? '';
        const named = await namesIn(client, page, options);
        const now = new Date().toISOString();
        printPage(page, options, (entry) => acted(kind, entry, named, now), said('no-act-seen'));
        return;
      }
      if (acts) {
        const open = await client.ask<Worded<RecordActs>>(`${path}/acts`, { query: { asOf } });
        if (options.json) print(open);
        else console.log(openActLines(open));
        return;
      }
      const view = await client.ask<RecordView>(path, { query: { version, asOf } });
      if (options.json) print(view);
      else {
        const named = await namesIn(client, view, options);
        const { counted } = view;
        const more = counted
          ? [`  counts ${counted.count} later reports, first ${counted.refs.slice(0, 5).join(', ')}`]
          : [];
        console.log([summary(view.record, named), ...outline(view.record.body, '  ', named), ...more].join('\n'));
      }
    });
}

interface GetOptions {
  readonly asOf?: string;
  readonly history: boolean;
  readonly acts: boolean;
  readonly limit?: number;
  readonly cursor?: string;
}

/** `yuanliu list KIND [FIELD=VALUE…]` */
export function listCommand(): Command {
  return withPages(withClient(new Command('list')))
    .description(said('about-list'))
    .argument('<kind>', said('arg-kind'))
    .argument('[filters...]', said('arg-filters'))
    .addHelpText(
      'after',
      `\n${said('examples')}\n  yuanliu list resource domain=城市治理 --as supervisor\n  yuanliu list usage state=recorded --as supervisor --json`,
    )
    .action(async (kind: string, filters: string[], options: ClientOptions & PageOptions) => {
      const client = await clientOf(options);
      const query = { ...filtersOf(filters), ...paged(options) };
      const page = await client.ask<Page<RecordView>>(`/api/v1/${pluralOf(kind)}`, { query });
      const none = said('none-seen');
      const acting = page.items.map(({ record }) => record.act.organization);
      const named = await namesIn(client, acting, options);
      printPage(page, options, ({ record }) => summary(record, named), none);
    });
}

/** `yuanliu trace KIND/ID[@VERSION]` */
export function traceCommand(): Command {
  return withClient(new Command('trace'))
    .description(said('about-trace'))
    .argument('<kind/id[@version]>', said('arg-ref-trace'))
    .option('--origins', said('option-origins'), false)
    .option('--destinations', said('option-destinations'), false)
    .option('--impact', said('option-impact'), false)
    .option('--depth <n>', said('option-depth'), count)
    .option('--as-of <when>', said('option-as-of'))
    .addHelpText(
      'after',
      `
${said('examples')}
  yuanliu trace product/P-score --as implementing-agency
  yuanliu trace agreement/AGR-2026 --impact --as implementing-agency`,
    )
    .action(async (ref: string, options: ClientOptions & Readonly<Record<Question, boolean>> & TraceOptions) => {
      const client = await clientOf(options);
      const { path, version } = pathOf(ref);
      const { asOf, depth } = options;
      const query = { version, asOf, ...(depth === undefined ? {} : { depth: String(depth) }) };
      const asked = questions.filter((question) => options[question]);
      const answers: Partial<Record<Question, TraceAnswer>> = {};
      for (const question of asked.length > 0 ? asked : questions.slice(0, 2)) {
        const answer = (answers[question] = await client.ask<TraceAnswer>(`${path}/${question}`, { query }));
        if (options.json) continue;
        const named = await organizationNames(client, answer);
        console.log(`${said(`title-${question}`)}\n${drawTree(answer, question, named)}`);
      }
      if (options.json) print(answers);
    });
}

interface TraceOptions {
  readonly depth?: number;
  readonly asOf?: string;
}

const questions: readonly Question[] = ['origins', 'destinations', 'impact'];

async function inputOf(text: string, options: Pick<ActOptions, 'encoding'>): Promise<object> {
  const read = async (): Promise<string> => {
    if (text === '-') return textOf(await standardInput(), said('standard-input'), options);
    if (!text.startsWith('@')) return text;
    return textOf(await readFile(text.slice(1)), text.slice(1), options);
  };
  const json = await read();
  try {
    return JSON.parse(json) as object;
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new UsageError(shown(said('input-not-json', { json: json.slice(0, 60), why: why.slice(0, 120) })));
  }
}

async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Filters as a query. @throws UsageError for one that is given twice: a list takes one value of a field. */
function filtersOf(filters: readonly string[]): Readonly<Record<string, string>> {
  const pairs = filters.map(pair);
  const twice = pairs.find(([field], place) => pairs.findIndex(([one]) => one === field) !== place);
  if (twice) throw new UsageError(said('filter-twice', { field: twice[0] }));
  return Object.fromEntries(pairs);
}

function pair(filter: string): [string, string] {
  const at = filter.indexOf('=');
  if (at < 1) throw new UsageError(said('not-a-filter', { filter }));
  return [filter.slice(0, at), filter.slice(at + 1)];
}

/** What a dry run foretells. A report that breaks rules is recorded all the same, and opens a finding. */
function foretold({ record: { act } }: Done): string {
  const broken = act.violations.length;
  if (broken === 0) return said('would-be-accepted');
  const code = act.nature === 'report' ? 'would-open-finding' : 'would-be-recorded';
  return said(broken === 1 ? code : `${code}-many`, { count: broken });
}

/** The id, where the reference of a record of the act's kind is given. */
function withoutKind(act: string, id: string): string {
  const prefix = `${act.split(':')[0] ?? ''}/`;
  return id.startsWith(prefix) ? id.slice(prefix.length) : id;
}

/** Names of organisations for what is printed for people; JSON has the codes. */
async function namesIn(client: GatewayClient, answer: unknown, { json }: ClientOptions): Promise<Named> {
  return json ? (code) => code : organizationNames(client, answer);
}

function summary({ kind, id, version, state, body, act }: LedgerRecord, named?: Named): string {
  const { title, name } = body as { title?: string; name?: string };
  const by = named === undefined ? '' : said('by-whom', { who: named(act.organization) });
  return `${kind}/${id}@${version} ${title ?? name ?? ''} [${stateText(kind, state)}] ${actText(kind, act.name)} ${beijingTime(act.time)}${by}`.replace(
    '  ',
    ' ',
  );
}
