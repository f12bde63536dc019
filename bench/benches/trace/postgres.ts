// SPDX-License-Identifier: Apache-2.0
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';

/** A PostgreSQL server of this bench's own, on a Unix socket in a folder of its own. */
export interface Postgres {
  readonly client: Client;
  /** A folder that the server may read. */
  readonly directory: string;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL 15 from its binaries, which will not run as root: as root, it runs as the user `postgres`. Its memory
 * holds all the data, its planner knows that reads are cheap, and it is never made to wait for a disk; JIT is off, for it
 * costs more than queries this short take.
 *
 * @throws Error if the binaries are missing: set POSTGRES_BIN to their folder.
 */
export async function startPostgres(): Promise<Postgres> {
  const bin = process.env['POSTGRES_BIN'] ?? '/usr/lib/postgresql/15/bin';
  if (!existsSync(join(bin, 'postgres')))
    throw new Error(`no PostgreSQL in ${bin}: set POSTGRES_BIN to its bin folder`);
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-postgres-'));
  const asUser = userInfo().uid === 0 ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : undefined;
  if (asUser) await run('chown', ['postgres', directory]);
  await chmod(directory, 0o755);
  const command = (name: string, args: readonly string[]): [string, string[]] =>
    asUser ? ['setpriv', [...asUser, join(bin, name), ...args]] : [join(bin, name), [...args]];

  const data = join(directory, 'data');
  await run(...command('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']));
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(...command('postgres', ['-D', data, '-k', directory, ...flags]), { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const stop = async (): Promise<void> => {
    server.kill('SIGINT'); // fast shutdown
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const client = await connected(directory, () => server.exitCode === null);
    return { client, directory, stop: () => client.end().then(stop) };
  } catch (error) {
    await stop();
    throw error;
  }
}

const run = promisify(execFile);

const settings = {
  listen_addresses: '',
  shared_buffers: '3GB',
  work_mem: '256MB',
  maintenance_work_mem: '1GB',
  effective_cache_size: '8GB',
  random_page_cost: '1.0',
  seq_page_cost: '1.0',
  jit: 'off',
  plan_cache_mode: 'force_custom_plan', // with a generic plan this statement takes twice as long
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '8GB',
  autovacuum: 'off', // the bench vacuums and analyzes once, after loading
} as const;

async function connected(host: string, runs: () => boolean): Promise<Client> {
  for (;;) {
    const client = new Client({ host, user: 'postgres', database: 'postgres' });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (!runs()) throw new Error('PostgreSQL did not start', { cause: error });
      await delay(50);
    }
  }
}
