// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import type { Config } from 'yuanliu-gateway';
import type { Standing } from 'yuanliu-gateway/identity/person';
import { type Finding, findingLine } from 'yuanliu-network/finding';
import { GatewayClient, UnreachableError } from '../client.js';
import {
  beginningFinding,
  calendarFindings,
  groundFindings,
  heightFinding,
  keptFindings,
  peopleFinding,
  rulesFindings,
  type Status,
  uncheckedFinding,
} from '../doctor.js';
import { type Examination, examineLedger } from '../examine.js';
import { readRunFile } from '../run-file.js';
import { administratorOf } from './admin.js';
import { dataFolder, type KeepingOptions, print, withConfig } from './options.js';
import { said } from '../words/index.js';
import { configOf } from './serve.js';

/** `yuanliu doctor` */
export function doctorCommand(): Command {
  return withConfig(new Command('doctor'))
    .description(said('about-doctor'))
    .option('--deep', said('option-deep'), false)
    .option('--json', said('option-json'), false)
    .addHelpText(
      'after',
      `
${said('help-doctor')}`,
    )
    .action(async ({ json, deep, ...options }: KeepingOptions & { json: boolean; deep: boolean }) => {
      const config = configOf(options, { YUANLIU_DATA: dataFolder() });
      if (!existsSync(config.directory)) throw new Error(said('no-folder-data', { directory: config.directory }));
      const ground = await groundFindings(config); // first: what opens the folder makes it private
      const status = await running(config.directory);
      if (status && deep) throw new Error(said('stop-first', { directory: config.directory }));
      const { findings, ...known } = status ? await ofRunning(config, status) : await ofStopped(config, deep);
      const all = [...ground, ...findings];
      if (json) print({ ...known, findings: all });
      else console.log(all.map(findingLine).join('\n'));
      if (all.some(({ verdict }) => verdict === 'wrong')) process.exitCode = 1;
    });
}

interface Report extends Partial<Omit<Examination, 'people'>> {
  readonly running: boolean;
  readonly status?: Status;
  readonly findings: readonly Finding[];
}

async function ofRunning({ directory }: Config, status: Status): Promise<Report> {
  const runs: Finding = { verdict: 'right', what: said('gateway-runs', { directory }) };
  const findings = [
    runs,
    beginningFinding(status),
    heightFinding(status),
    ...rulesFindings(status),
    ...calendarFindings(status.calendarUntil),
    uncheckedFinding(directory),
    peopleFinding(await everybody(directory)),
  ];
  return { running: true, status, findings };
}

async function ofStopped(config: Config, deep: boolean): Promise<Report> {
  const stopped: Finding = { verdict: 'notice', what: said('no-gateway-runs', { directory: config.directory }) };
  try {
    const examination = await examineLedger(config, { deep });
    const { people, ...known } = examination;
    return {
      running: false,
      ...known,
      findings: [stopped, ...keptFindings(examination, config), peopleFinding(people)],
    };
  } catch (error) {
    const wrong: Finding = { verdict: 'wrong', what: error instanceof Error ? error.message : String(error) };
    return { running: false, findings: [stopped, wrong] };
  }
}

async function running(directory: string): Promise<Status | undefined> {
  const run = await readRunFile(directory);
  if (!run) return undefined;
  try {
    return await new GatewayClient(run.gateway).ask<Status>('/api/v1/status');
  } catch (error) {
    if (error instanceof UnreachableError) return undefined;
    throw error;
  }
}

async function everybody(data: string): Promise<Standing[]> {
  const admin = await administratorOf({ data });
  const people: Standing[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await admin.ask<{ items: Standing[]; cursor?: string }>('/admin/v1/identities', { query: { cursor } });
    people.push(...page.items);
    cursor = page.cursor;
  }
  return people;
}
