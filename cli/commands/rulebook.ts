// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import type { RecordView } from 'yuanliu-gateway/index/ledger-index';
import { RULEBOOK_ID, type RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import { differences, type Difference } from 'yuanliu-gateway/rulebook-files/difference';
import { readRulebookFile, type RulebookFile } from 'yuanliu-gateway/rulebook-files/read';
import { ProblemError, UsageError, type GatewayClient } from '../client.js';
import { EXIT } from '../exit.js';
import { actIn, filled, roleIn, withLang, type Lang, type LangOptions } from '../lang.js';
import { dueDay } from '../people-words.js';
import { problemTexts, remarkTexts, rulebookTexts as texts } from '../rulebook-words.js';
import { shown } from '../shown.js';
import { said } from '../words/index.js';
import { clientOf, print, withClient, type ClientOptions } from './options.js';

/** `yuanliu rulebook` */
export function rulebookCommand(): Command {
  const command = new Command('rulebook').description(said('about-rulebook'));
  for (const each of [check, diff, adopt]) command.addCommand(each().exitOverride());
  return command;
}

function check(): Command {
  return withLang(new Command('check'))
    .description(said('about-rulebook-check'))
    .argument('<file>', said('arg-rulebook'))
    .option('--json', said('option-json'), false)
    .action((file: string, { lang, json }: LangOptions & { json: boolean }) => {
      const read = readRulebookFile(file);
      if (json) print({ problems: read.problems, remarks: read.remarks });
      else console.log(reportOf(read, lang).join('\n'));
      if (!read.body) process.exitCode = EXIT.failed;
    });
}

function diff(): Command {
  return withLang(withClient(new Command('diff')))
    .description(said('about-rulebook-diff'))
    .argument('<file>', said('arg-rulebook-before'))
    .argument('[other]', said('arg-rulebook-after'))
    .option('--current', said('option-current'), false)
    .addHelpText('after', `\n${said('example')}\n  yuanliu rulebook diff rulebooks/national-2025.yaml --current`)
    .action(
      async (file: string, other: string | undefined, options: ClientOptions & LangOptions & { current: boolean }) => {
        const { current, lang, json } = options;
        if ((other === undefined) !== current) throw new UsageError(said('two-rulebooks'));
        const inForce = current ? await rulebookInForce(await clientOf(options)) : undefined;
        if (current && !inForce) throw new UsageError(said('no-rulebook-yet'));
        const before = inForce?.body ?? bodyIn(file, lang);
        const found = differences(before, bodyIn(other ?? file, lang));
        if (json) print(found);
        else console.log(differenceLines(found, lang).join('\n'));
      },
    );
}

function adopt(): Command {
  return withLang(withClient(new Command('adopt')))
    .description(said('about-rulebook-adopt'))
    .argument('<file>', said('arg-rulebook'))
    .option('--dry-run', said('option-dry-run-rulebook'), false)
    .addHelpText(
      'after',
      `\n${said('example')}\n  yuanliu rulebook adopt rulebooks/national-2025.yaml --as data-authority`,
    )
    .action(async (file: string, options: ClientOptions & LangOptions & { dryRun: boolean }) => {
      const { lang, dryRun, json } = options;
      const body = bodyIn(file, lang);
      const done = await adoptRulebook(await clientOf(options), body, { dryRun });
      if (json) print(done ?? { unchanged: true });
      else console.log(done ? adoptedLine(done, lang) : texts.unchanged[lang]);
      if (!json && !dryRun) console.log(texts.next[lang]);
    });
}

type Done = Awaited<ReturnType<GatewayClient['act']>>;

function adoptedLine({ record, receipt }: Done, lang: Lang): string {
  if (!receipt) return texts.foretold[lang];
  return filled(texts.adopted[lang], { version: String(record.version), txId: receipt.txId });
}

/** Adopts a rulebook, or makes it the next version of the one in force; undefined where that says the same. */
export async function adoptRulebook(
  client: GatewayClient,
  body: RulebookBody,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<Done | undefined> {
  const inForce = await rulebookInForce(client);
  if (inForce && differences(inForce.body, body).length === 0) return undefined;
  return client.act(inForce ? 'rulebook:amend' : 'rulebook:adopt', RULEBOOK_ID, body, { dryRun });
}

/** The rulebook in force; undefined if there is none yet. */
async function rulebookInForce(client: GatewayClient): Promise<{ readonly body: RulebookBody } | undefined> {
  try {
    const { record } = await client.ask<RecordView>(`/api/v1/rulebooks/${RULEBOOK_ID}`);
    return { body: record.body as RulebookBody };
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404) return undefined;
    throw error;
  }
}

/** What a file says. @throws UsageError naming each problem with its line */
export function bodyIn(file: string, lang: Lang): RulebookBody {
  const read = readRulebookFile(file);
  if (!read.body) throw new UsageError(reportOf(read, lang).join('\n'));
  return read.body;
}

function reportOf({ file, problems, remarks, body }: RulebookFile, lang: Lang): string[] {
  const at = (line: number, path: string): string => `${file}:${line}${path === '' ? '' : ` ${path}`}`;
  return [
    ...problems.map(({ line, path, code, params }) => `${at(line, path)}: ${filled(problemTexts[code][lang], params)}`),
    ...remarks.map(({ line, path, code, params }) => {
      const day: Readonly<Record<string, string>> = params['by'] === undefined ? {} : { day: dueDay(params['by']) };
      return `! ${at(line, path)}: ${filled(remarkTexts[code][lang], { ...params, ...day })}`;
    }),
    body
      ? filled(texts.fits[lang], { file, rules: String(Object.keys(body.rules).length) })
      : filled(texts.faulty[lang], { count: String(problems.length) }),
  ].map(shown);
}

/** Acts that a line names before it counts the rest. */
const MOST_NAMED = 6;

function differenceLines(found: readonly Difference[], lang: Lang): string[] {
  if (found.length === 0) return [texts.same[lang]];
  const none = texts.none[lang];
  return [
    filled(texts.changes[lang], { count: String(found.length) }),
    ...found.flatMap(({ path, before = none, after = none, acts, roles }) => {
      const concerns = { roles: rolesText(roles, lang), acts: actsText(acts, lang) };
      const line = `${path}: ${before} → ${after}`;
      return acts.length === 0 ? [line] : [line, `    ${filled(texts.concerns[lang], concerns)}`];
    }),
  ].map(shown);
}

/** Roles beyond which everybody is concerned, more or less. */
const FEW_ROLES = 5;

function rolesText(roles: Difference['roles'], lang: Lang): string {
  if (roles.length > FEW_ROLES) return texts.everyone[lang];
  return roles.map((role) => roleIn(lang, role)).join(lang === 'zh-CN' ? '、' : ', ');
}

function actsText(acts: readonly string[], lang: Lang): string {
  const named = acts.slice(0, MOST_NAMED).map((act) => actIn(lang, act));
  const more = acts.length - named.length;
  const rest = more > 0 ? [filled(texts.more[lang], { count: String(more) })] : [];
  return [...named, ...rest].join(lang === 'zh-CN' ? '、' : ', ');
}
