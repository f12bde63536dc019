// SPDX-License-Identifier: Apache-2.0
import { Command, Option } from 'commander';
import { PERSON_STATES, REVOCATION_REASONS, type Standing } from 'yuanliu-gateway/identity/person';
import { agrees, columns } from 'yuanliu-network/terminal';
import { administratorOf, type AdminOptions, withAdmin } from './admin.js';
import { withIdentityStore } from './identity-store.js';
import { count, organizationOf, print, withData } from './options.js';
import { said } from '../words/index.js';
import { walletExport, walletImport } from './wallet.js';

interface PersonOptions extends AdminOptions {
  readonly organization: string;
  readonly msp?: string;
}

/** `yuanliu identity` */
export function identityCommand(): Command {
  const command = new Command('identity').description(said('about-identity'));
  for (const each of [register, enrol, renew, revoke, list, walletImport, walletExport, rotateKey])
    command.addCommand(each().exitOverride());
  return command;
}

function register(): Command {
  return forPerson('register').description(said('about-register')).action(performing('register'));
}

function enrol(): Command {
  return forPerson('enrol').description(said('about-enrol')).action(performing('enrol'));
}

function renew(): Command {
  return forPerson('renew').description(said('about-renew')).action(performing('renew'));
}

function revoke(): Command {
  return forPerson('revoke')
    .description(said('about-revoke'))
    .addOption(
      new Option('--reason <reason>', said('option-reason')).choices(REVOCATION_REASONS).default('unspecified'),
    )
    .option('--yes', said('option-yes'), false)
    .addHelpText(
      'after',
      `
${said('help-revoke')}`,
    )
    .action(async (user: string, options: PersonOptions & { reason: string; yes: boolean }) => {
      const { organization, reason, yes } = options;
      if (!yes && !(await agrees(said('ask-revoke', { user, organization, reason })))) return;
      await perform('revoke', user, options, { reason });
    });
}

function list(): Command {
  return withAdmin(new Command('list'))
    .description(said('about-identity-list'))
    .option('--organization <organization>', said('option-organization-only'))
    .option('--user <name>', said('option-person-only'))
    .addOption(new Option('--state <state>', said('option-state-only')).choices(PERSON_STATES))
    .option('--limit <n>', said('option-limit-people'), count, 50)
    .option('--cursor <cursor>', said('option-cursor'))
    .action(
      async (
        options: AdminOptions &
          Partial<Record<'organization' | 'user' | 'state' | 'cursor', string>> & { limit: number },
      ) => {
        const { user, state, cursor, limit, data } = options;
        const organization = options.organization && (await organizationOf(options.organization, data));
        const query = { organization, user, state, cursor, limit: String(limit) };
        const client = await administratorOf(options);
        const page = await client.ask<{ items: Standing[]; cursor?: string }>('/admin/v1/identities', { query });
        if (options.json) print(page);
        else {
          console.log(page.items.length === 0 ? said('nobody') : table(page.items));
          if (page.cursor !== undefined) console.log(said('more-pages', { cursor: page.cursor }));
        }
      },
    );
}

function rotateKey(): Command {
  return withData(new Command('rotate-key'))
    .description(said('about-rotate'))
    .addHelpText(
      'after',
      `
${said('help-rotate')}`,
    )
    .action(async ({ data }: { data: string }) => {
      await withIdentityStore(data, async (store) => {
        await store.rotateKey();
        console.log(said('rotated', { count: (await store.labels()).length }));
        console.log(said('backup-now'));
      });
    });
}

function forPerson(act: string): Command {
  return withAdmin(new Command(act))
    .argument('<user>', said('arg-user'))
    .requiredOption('--organization <organization>', said('option-organization-for'))
    .option('--msp <id>', said('option-msp'));
}

function performing(act: string): (user: string, options: PersonOptions) => Promise<void> {
  return (user, options) => perform(act, user, options, {});
}

async function perform(act: string, user: string, options: PersonOptions, input: object): Promise<void> {
  const { msp, json } = options;
  const organization = await organizationOf(options.organization, options.data);
  const path = `/admin/v1/identities/${[organization, user, act].map(encodeURIComponent).join('/')}`;
  const body = JSON.stringify({ ...input, ...(msp === undefined ? {} : { msp }) });
  const person = await (await administratorOf(options)).ask<Standing>(path, { method: 'POST', body });
  if (json) print(person);
  else console.log(table([person]));
}

function table(people: readonly Standing[]): string {
  const rows = people.map(({ user, organization, mspId, serial = '—', expires = '—', state, revoked }) => [
    organization,
    mspId,
    state + (revoked ? ` ${revoked.at.slice(0, 10)} (${revoked.reason})` : ''),
    expires.slice(0, 16),
    serial,
    user,
  ]);
  return columns([
    [
      said('head-organization'),
      'MSP',
      said('head-state'),
      said('head-expires'),
      said('head-serial'),
      said('head-user'),
    ],
    ...rows,
  ]);
}
