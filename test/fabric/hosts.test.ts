// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTopology, TOPOLOGY_FILE } from 'yuanliu-network/topology';
import { GatewayClient } from 'yuanliu-cli/client';
import { cast } from 'yuanliu-demo/cast';
import { founding } from 'yuanliu-demo/story';
import { ended, said } from '../journeys/city';
import type { Ended } from 'yuanliu-network/raise';
import { MINUTES, RAISING } from './raise';

/** Network namespaces stand for hosts: each has its own loopback, and reaches the others by address alone. */
function whyNotHosts(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root makes network namespaces';
  try {
    execFileSync('ip', ['netns', 'list'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'the command ip (package iproute2) cannot make network namespaces here';
  }
}

const reason = whyNotHosts();
if (reason !== undefined) {
  test.skip(`a network with a host for each organisation — SKIPPED: ${reason}`, () => undefined);
} else {
  describe('a network with a host for each organisation', onHosts);
}

function onHosts(): void {
  const topology = readTopology(TOPOLOGY_FILE);
  const names = topology.organizations.map(({ name }) => name);
  const serial = process.pid % 250;
  const bridge = `yb${process.pid % 100_000}`;
  const addressOf = (name: string): string => `10.231.${serial}.${names.indexOf(name) + 2}`;
  const namespaceOf = (name: string): string => `${bridge}-${name}`;
  let home: string;
  const dataOf = (name: string): string => join(home, name);
  const gateways: ChildProcess[] = [];

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'yuanliu-hosts-'));
    ip('link', 'add', bridge, 'type', 'bridge');
    ip('addr', 'add', `10.231.${serial}.1/24`, 'dev', bridge);
    ip('link', 'set', bridge, 'up');
    for (const [turn, name] of names.entries()) {
      const namespace = namespaceOf(name);
      const cable = `${bridge}-${turn}`;
      ip('netns', 'add', namespace);
      ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
      ip('link', 'set', cable, 'master', bridge, 'up');
      ip('-n', namespace, 'addr', 'add', `${addressOf(name)}/24`, 'dev', 'eth0');
      for (const device of ['eth0', 'lo']) ip('-n', namespace, 'link', 'set', device, 'up');
    }
    const organizations = topology.organizations.map((one) => ({ ...one, host: addressOf(one.name) }));
    await writeFile(join(home, 'topology.json'), JSON.stringify({ ...topology, organizations }));
  });

  afterAll(async () => {
    for (const gateway of gateways) await ended(gateway, 'SIGTERM');
    for (const name of names) {
      await network(name, 'destroy', '--yes');
      ip('netns', 'del', namespaceOf(name));
    }
    ip('link', 'del', bridge);
    await rm(home, { recursive: true, force: true });
  }, 3 * MINUTES);

  test(
    'comes up when each host does its part, says what it waits for, and gives no key away',
    async () => {
      const chosen = ['--topology', join(home, 'topology.json')];
      for (const name of names) {
        const { code, stderr } = await network(name, 'up', ...chosen, '--host', name);
        expect([code, stderr]).toEqual([3, expect.stringContaining('are not here yet: copy what is in `out`')]);
      }
      await exchange();
      let waiting = [...names];
      for (let round = 0; waiting.length > 0; round++) {
        if (round === 8) throw new Error(`after ${round} rounds ${waiting.join(', ')} still wait`);
        const ends = await Promise.all(waiting.map((name) => network(name, 'up')));
        waiting = waiting.filter((_, turn) => ends[turn]?.code !== 0);
        await exchange();
      }
      for (const name of names) expect(await network(name, 'status')).toMatchObject({ code: 0 });
      const keys = execFileSync('find', [home, '-path', '*/out/*', '-name', '*key*'], { encoding: 'utf8' });
      expect(keys).toBe('');
    },
    RAISING,
  );

  test(
    'has a gateway on each host, of which one answers what was done at another',
    async () => {
      const [authority, agency] = [await serve('authority', 'AuthorityMSP'), await serve('agency', 'AgencyMSP')];
      const [first] = founding([]);
      if (!first || authority.token === undefined) throw new Error('nobody may found the ledger');
      const client = new GatewayClient(authority.url, authority.token);
      const { receipt } = await client.act(first.act, first.id, first.input);
      const path = `/api/v1/organizations/${cast.authority.code}`;
      const query = { minBlock: String(receipt?.blockNumber) };
      const seen = await new GatewayClient(agency.url).ask<{ record: { body: object } }>(path, { query });
      expect(seen.record.body).toMatchObject({ name: cast.authority.name });
    },
    2 * MINUTES,
  );

  /** Starts a gateway on an organisation's host; its address, and a token if it is the founder's. */
  async function serve(name: string, mspId: string): Promise<{ url: string; token?: string }> {
    const found = name === 'authority' ? ['--found', cast.authority.code] : [];
    const args = ['serve', '--data', join(home, `gateway-${name}`), ...found];
    const child = spawn(
      'ip',
      ['netns', 'exec', namespaceOf(name), process.execPath, script('cli', 'yuanliu'), ...args],
      {
        env: {
          ...process.env,
          YUANLIU_LEDGER: 'fabric',
          YUANLIU_FABRIC: join(dataOf(name), 'network.json'),
          YUANLIU_MSP: mspId,
          YUANLIU_HOST: addressOf(name),
          YUANLIU_LOG_LEVEL: 'error',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    gateways.push(child);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await said(child, found.length > 0 ? 'token of' : 'gateway http');
    await new Promise((resolve) => setImmediate(resolve)); // the line after it comes with it
    const token = /^ey\S+$/m.exec(output)?.[0];
    return { url: `http://${addressOf(name)}:8080`, ...(token === undefined ? {} : { token }) };
  }

  /** As people copy it from host to host. */
  async function exchange(): Promise<void> {
    for (const from of names) {
      for (const to of names.filter((name) => name !== from)) {
        await cp(join(dataOf(from), 'out'), dataOf(to), { recursive: true });
      }
    }
  }

  /** Runs `network ARGS` on an organisation's host. */
  function network(name: string, ...args: readonly string[]): Promise<Ended> {
    return new Promise((done) => {
      const command = [process.execPath, script('network', 'network'), ...args, '--data', dataOf(name)];
      execFile(
        'ip',
        ['netns', 'exec', namespaceOf(name), ...command],
        { timeout: RAISING },
        (error, stdout, stderr) => {
          done({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
        },
      );
    });
  }
}

function script(folder: string, name: string): string {
  return join(__dirname, '..', '..', folder, 'dist', `${name}.js`);
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args);
}
