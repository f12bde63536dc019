// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { OrganizationBody } from 'yuanliu-chaincode/records/organization/organization';
import type { RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import { startGateway, type Config, type Gateway } from 'yuanliu-gateway';
import { GatewayClient, ProblemError, UsageError } from '../client.js';
import { adoptRulebook } from '../commands/rulebook.js';
import { examineLedger } from '../examine.js';
import { filled, roleIn, type Lang } from '../lang.js';
import { readRunFile, writeRunFile, type Account } from '../run-file.js';
import { shown } from '../shown.js';
import type { NewOrganization } from './organizations-file.js';
import { initTexts as texts } from './words.js';

export interface FirstHour {
  readonly config: Config;
  readonly rulebook: { readonly file: string; readonly body: RulebookBody };
  /** Those to admit; the first data-authority among them founds the ledger. */
  readonly members: readonly NewOrganization[];
  readonly lang: Lang;
}

/**
 * Founds a ledger, adopts the rulebook, admits the organisations, makes their users, and checks the whole. What was done
 * before is left as it is, so that it can be repeated after a failure or with a longer file.
 */
export async function firstHour({ config, rulebook, members, lang }: FirstHour): Promise<void> {
  const { directory: data } = config;
  const say = (text: keyof typeof texts, params: Readonly<Record<string, string>> = {}): void => {
    for (const line of filled(texts[text][lang], params).split('\n')) console.log(shown(line));
  };
  await demandStopped(data, lang);
  say('title');
  const gateway = await startGateway({ ...config, port: 0, adminPort: 0 });
  try {
    say('ledger', { kind: config.ledger.kind, data });
    if (config.ledger.kind === 'embedded') say('embedded');
    const stage: Stage = { gateway, config, say, lang };
    const client = await found(stage, members);
    const adopted = await adoptRulebook(client, rulebook.body);
    const { file } = rulebook;
    if (adopted) say('adopted', { file, version: String(adopted.record.version) });
    else say('wasAdopted', { file });
    await admitAll(stage, client, members);
    await makeUsers(stage, members);
  } finally {
    await gateway.close();
  }
  const { blocks, transactions } = await examineLedger(config);
  say('checked', { blocks: String(blocks), transactions: String(transactions) });
  const [founder] = members.filter(isFounder);
  say('next', { data, user: founder?.users[0] ?? '' });
}

interface Stage {
  readonly gateway: Gateway;
  readonly config: Config;
  readonly say: (text: keyof typeof texts, params?: Readonly<Record<string, string>>) => void;
  readonly lang: Lang;
}

async function demandStopped(data: string, lang: Lang): Promise<void> {
  const run = await readRunFile(data);
  if (!run) return;
  const isUp = await fetch(new URL('/api/v1/status', run.gateway)).then(
    () => true,
    () => false,
  );
  if (isUp) throw new UsageError(filled(texts.running[lang], { data }));
}

/** The founder admits itself, unless it did; returns who acts for it. */
async function found({ gateway, say }: Stage, members: readonly NewOrganization[]): Promise<GatewayClient> {
  const founder = members.find(isFounder);
  const [user] = founder?.users ?? [];
  if (!founder || user === undefined) throw new UsageError('no data-authority with a user');
  const { name, code } = founder;
  const { token } = await gateway.account({ mspId: gateway.founder, user, organization: code });
  const client = new GatewayClient(gateway.url, token, { printed: true });
  if (await admittedAs(client, code)) say('wasFounded', { name, code });
  else {
    const { receipt } = await client.act('organization:admit', code, { ...admission(founder), msp: gateway.founder });
    say('founded', { name, code, txId: receipt?.txId ?? '' });
  }
  return client;
}

function isFounder({ roles }: NewOrganization): boolean {
  return roles.some(({ role }) => role === 'data-authority');
}

async function admitAll({ gateway, say }: Stage, client: GatewayClient, members: readonly NewOrganization[]) {
  const added: NewOrganization[] = [];
  const differing: NewOrganization[] = [];
  for (const member of members) {
    const record = await admittedAs(client, member.code);
    if (!record) {
      await client.act('organization:admit', member.code, admission(member));
      added.push(member);
    } else {
      const { name, roles } = record.body;
      const msp = isFounder(member) ? gateway.founder : member.msp;
      const stated = { ...admission(member), msp };
      if (!isDeepStrictEqual({ name, msp: record.body.msp, roles }, stated)) differing.push(member);
    }
  }
  say('admitted', { added: String(added.length), before: String(members.length - added.length) });
  for (const { name, code } of added) say('admission', { name, code });
  for (const { name, code, line } of differing) say('differs', { name, code, line: String(line) });
}

function admission({ name, msp, roles }: NewOrganization) {
  return { name, msp, roles };
}

/** An organisation as the ledger has it; undefined if it is not admitted. */
async function admittedAs(client: GatewayClient, code: string): Promise<LedgerRecord<OrganizationBody> | undefined> {
  try {
    const { record } = await client.ask<{ record: LedgerRecord<OrganizationBody> }>(`/api/v1/organizations/${code}`);
    return record;
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404) return undefined;
    throw error;
  }
}

/** Accounts of every user whose certificates this gateway can have made, in `run.json` as commands find them. */
async function makeUsers({ gateway, config, say, lang }: Stage, members: readonly NewOrganization[]): Promise<void> {
  const { directory: data, ledger, auth } = config;
  const isOwn = (msp: string): boolean => ledger.kind === 'embedded' || msp === ledger.mspId;
  const accounts: Account[] = [];
  for (const { name, code, msp, roles, users } of members) {
    const [first] = roles;
    const mspId = first?.role === 'data-authority' ? gateway.founder : msp;
    if (!isOwn(mspId)) {
      say('elsewhere', { name, msp: mspId, code });
      continue;
    }
    for (const user of users) {
      await gateway.account({ mspId, user, organization: code });
      accounts.push({ role: first?.role ?? 'platform', organization: code, name, user });
    }
  }
  await writeRunFile(data, {
    gateway: gateway.url,
    admin: gateway.adminUrl,
    pid: process.pid,
    ledger: ledger.kind,
    auth: auth.mode,
    accounts,
  });
  say('users', { count: String(accounts.length), data });
  if (auth.mode === 'oidc') say('oidc');
  for (const { role, name, user } of accounts) say('user', { role: roleIn(lang, role), name, user });
}
