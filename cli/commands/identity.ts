// SPDX-License-Identifier: Apache-2.0
import { Command, Option } from 'commander';
import { PERSON_STATES, REVOCATION_REASONS, type Standing } from 'yuanliu-gateway/identity/person';
import { agrees, columns } from 'yuanliu-network/terminal';
import { administratorOf, type AdminOptions, withAdmin } from './admin.js';
import { withIdentityStore } from './identity-store.js';
import { count, organizationOf, print, withData } from './options.js';
import { walletExport, walletImport } from './wallet.js';

interface PersonOptions extends AdminOptions {
  readonly organization: string;
  readonly msp?: string;
}

/** `yuanliu identity` */
export function identityCommand(): Command {
  const command = new Command('identity').description(
    'the people whom a gateway signs for: their certificates, from the authority of their organisation',
  );
  for (const each of [register, enrol, renew, revoke, list, walletImport, walletExport, rotateKey])
    command.addCommand(each().exitOverride());
  return command;
}

function register(): Command {
  return forPerson('register')
    .description('make somebody known to the certificate authority')
    .action(performing('register'));
}

function enrol(): Command {
  return forPerson('enrol')
    .description('give somebody a key and certificate, kept by the gateway; a repeat changes nothing')
    .action(performing('enrol'));
}

function renew(): Command {
  return forPerson('renew')
    .description(
      'give somebody a new key and certificate now; with a third of its life left the gateway does it by itself',
    )
    .action(performing('renew'));
}

function revoke(): Command {
  return forPerson('revoke')
    .description('take back every certificate of somebody, for good')
    .addOption(new Option('--reason <reason>', 'why').choices(REVOCATION_REASONS).default('unspecified'))
    .option('--yes', 'do not ask', false)
    .addHelpText(
      'after',
      `
The gateway signs for the person no more. The peers of a Fabric network refuse the certificates once the authority's list
is in the channel: \`npm run network -- crl MSP\`.`,
    )
    .action(async (user: string, options: PersonOptions & { reason: string; yes: boolean }) => {
      const { organization, reason, yes } = options;
      if (!yes && !(await agrees(`Revoke ${user} of ${organization} for good (${reason})?`))) return;
      await perform('revoke', user, options, { reason });
    });
}

function list(): Command {
  return withAdmin(new Command('list'))
    .description('whom the gateway signs for, a page at a time')
    .option('--organization <organization>', 'only of this organisation, by its credit code or as --as takes it')
    .option('--user <name>', 'only this person')
    .addOption(new Option('--state <state>', 'only those who are').choices(PERSON_STATES))
    .option('--limit <n>', 'people of a page', count, 50)
    .option('--cursor <cursor>', 'of the page before')
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
          console.log(page.items.length === 0 ? 'nobody' : table(page.items));
          if (page.cursor !== undefined) console.log(`… more: --cursor ${page.cursor}`);
        }
      },
    );
}

function rotateKey(): Command {
  return withData(new Command('rotate-key'))
    .description('seal the identities of a stopped gateway with a new key; broken off at any moment, they still open')
    .addHelpText(
      'after',
      `
The key is in DATA/identities/store.key, and is replaced there. Where YUANLIU_STORE_KEY holds it, YUANLIU_STORE_KEY_NEW
must hold the new one; start the gateway with that from then on. Backups taken before are authenticated by the old key: keep a
copy of it as long as them.`,
    )
    .action(async ({ data }: { data: string }) => {
      await withIdentityStore(data, async (store) => {
        await store.rotateKey();
        console.log(`${(await store.labels()).length} identities are sealed with the new key`);
        console.log('take a backup now: those taken before need the old key');
      });
    });
}

function forPerson(act: string): Command {
  return withAdmin(new Command(act))
    .argument('<user>', 'name of the person, unique in the organisation')
    .requiredOption('--organization <organization>', 'whom the person acts for, by its credit code or as --as takes it')
    .option('--msp <id>', 'of an organisation that is not on the ledger yet');
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
  return columns([['ORGANISATION', 'MSP', 'STATE', 'EXPIRES', 'SERIAL', 'USER'], ...rows]);
}
