// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { regionCovers } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { UsageError } from '../client.js';
import { readOrganizations, type NewOrganization } from '../init/organizations-file.js';
import { firstHour } from '../init/first-hour.js';
import { initTexts as texts, rowTexts } from '../init/words.js';
import { filled, withLang, type Lang, type LangOptions } from '../lang.js';
import { shown } from '../shown.js';
import { bodyIn } from './rulebook.js';
import { textOf, withConfig, withEncoding, type KeepingOptions } from './options.js';
import { said } from '../words/index.js';
import { configOf } from './serve.js';

interface InitOptions extends KeepingOptions, LangOptions {
  readonly rulebook?: string;
  readonly organizations?: string;
  readonly encoding?: string;
}

const EXAMPLES = { rulebook: 'rulebooks/national-2025.yaml', organizations: 'docs/organizations.csv' };

/** `yuanliu init` */
export function initCommand(): Command {
  return withLang(withEncoding(withConfig(new Command('init'))))
    .description(said('about-init'))
    .option('--rulebook <file>', said('option-rulebook', { example: EXAMPLES.rulebook }))
    .option('--organizations <file>', said('option-organizations', { example: EXAMPLES.organizations }))
    .addHelpText(
      'after',
      `
${said('help-init')}

${said('example')}
  yuanliu init --data data --rulebook ${EXAMPLES.rulebook} --organizations ${EXAMPLES.organizations}`,
    )
    .action(async ({ rulebook, organizations, encoding, lang, ...options }: InitOptions) => {
      const config = configOf(options, { YUANLIU_DATA: 'data', YUANLIU_LOG_LEVEL: 'error' });
      const rules = await given('rulebook', rulebook, lang);
      const body = bodyIn(rules, lang);
      const file = await given('organizations', organizations, lang);
      const members = await membersIn(file, lang, encoding === undefined ? {} : { encoding });
      demandSameRegion(body.region, { file, members, lang });
      await firstHour({ config, rulebook: { file: rules, body }, members, lang });
    });
}

/** A founder that does not reach the rulebook's region could found the ledger, and never put its rules in force. */
function demandSameRegion(
  region: string,
  { file, members, lang }: { file: string; members: readonly NewOrganization[]; lang: Lang },
): void {
  const founder = members.find(({ roles }) => roles.some(({ role }) => role === 'data-authority'));
  const own = founder?.roles.find(({ role }) => role === 'data-authority')?.region ?? '';
  if (!founder || regionCovers(own, region)) return;
  const text = filled(texts.otherRegion[lang], { name: founder.name, own, region });
  throw new UsageError(shown(`${file}:${founder.line}: ${text}`));
}

/** An option, or the answer to a question at a terminal. */
async function given(option: keyof typeof EXAMPLES, value: string | undefined, lang: Lang): Promise<string> {
  if (value !== undefined) return value;
  const example = EXAMPLES[option];
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new UsageError(filled(texts.missing[lang], { option: `--${option}`, example }));
  const what = texts[`${option}File`][lang];
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(filled(texts.ask[lang], { what: `${what} [${example}]` }));
    return answer.trim() === '' ? example : answer.trim();
  } finally {
    terminal.close();
  }
}

async function membersIn(
  file: string,
  lang: Lang,
  options: { readonly encoding?: string },
): Promise<readonly NewOrganization[]> {
  const { organizations, problems } = await readOrganizations(file, textOf(await readFile(file), file, options));
  if (problems.length === 0) return organizations;
  const lines = problems.map(({ line, code, params }) => `${file}:${line}: ${filled(rowTexts[code][lang], params)}`);
  throw new UsageError(
    [...lines, filled(texts.faulty[lang], { count: String(problems.length) })].map(shown).join('\n'),
  );
}
