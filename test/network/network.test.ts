// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployed } from 'yuanliu-network/chaincode/package';
import { invoke, query } from 'yuanliu-network/channel/transact';
import { networkIn } from 'yuanliu-network/commands/options';
import { readSecrets } from 'yuanliu-network/identity/authority';
import { enrolClient } from 'yuanliu-network/identity/enrol';
import type { Network } from 'yuanliu-network/nodes/services';
import { silent } from 'yuanliu-network/progress';
import { type Toolchain, toolchainFor } from 'yuanliu-network/toolchain/toolchain';
import { founderOf } from 'yuanliu-network/topology';
import { cast } from 'yuanliu-scripts/demo/cast';
import { founding } from 'yuanliu-scripts/demo/story';
import { describeFabric } from './fabric';

const COMMAND = join(__dirname, '..', '..', 'network', 'dist', 'network.js');
const MINUTES = 60_000;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describeFabric('a native Fabric network', () => {
  const home = mkdtempSync(join(tmpdir(), 'yuanliu-network-'));
  const data = join(home, 'network');
  const { authority } = cast;
  let portBase: number;
  let network: Network;
  let toolchain: Toolchain;
  let clerk: string;

  /** Runs `network ARGS` on this network, or on another folder. */
  function run(args: readonly string[], folder = data): Promise<Ended> {
    return new Promise((done) => {
      execFile(
        process.execPath,
        [COMMAND, ...args, '--data', folder],
        { timeout: 9 * MINUTES },
        (error, stdout, stderr) => {
          done({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
        },
      );
    });
  }

  beforeAll(async () => {
    portBase = await freePortBase();
    const up = await run(['up', '--port-base', String(portBase)]);
    if (up.code !== 0) throw new Error(up.stderr);
    network = networkIn(data);
    toolchain = await toolchainFor(network.topology.fabric, silent);
    const organization = founderOf(network.topology);
    clerk = join(home, 'clerk');
    const attributes = { 'yuanliu.org': authority.code };
    const secrets = await readSecrets(network.folder);
    await enrolClient({ ...network, toolchain }, secrets, { organization, user: 'clerk', attributes, target: clerk });
  }, 10 * MINUTES); // programs are built the first time

  afterAll(async () => {
    await run(['destroy', '--yes']);
    rmSync(home, { recursive: true, force: true });
  }, MINUTES);

  test(
    'takes the founding act of an enrolled identity, and every peer reads it back',
    async () => {
      const [first] = founding([]);
      if (!first) throw new Error('the story has no beginning');
      await invoke(network, toolchain, [first.act, first.id, JSON.stringify(first.input)], { msp: clerk });
      const record: unknown = JSON.parse(
        await query(network, toolchain, ['organization:get', authority.code], { msp: clerk }),
      );
      expect(record).toMatchObject({ id: authority.code, body: { name: authority.name, msp: 'AuthorityMSP' } });
    },
    MINUTES,
  );

  test(
    'obeys the contract: an identity that speaks for no organisation is refused',
    async () => {
      const [, second] = founding([]);
      if (!second) throw new Error('the story ends too soon');
      const act = [second.act, second.id, JSON.stringify(second.input)];
      await expect(invoke(network, toolchain, act)).rejects.toThrow(/FORBIDDEN/);
    },
    MINUTES,
  );

  test(
    'does not start what runs, and says that all is well',
    async () => {
      const before = readFileSync(network.folder.processes, 'utf8');
      expect(await run(['up'])).toMatchObject({ code: 0 });
      expect(readFileSync(network.folder.processes, 'utf8')).toBe(before);
      const { code, stdout } = await run(['status']);
      expect([code, stdout]).toEqual([0, expect.stringContaining('all well')]);
    },
    MINUTES,
  );

  test(
    'names who holds a port that another network wants',
    async () => {
      const other = join(home, 'other');
      const { code, stderr } = await run(['up', '--port-base', String(portBase)], other);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/for ca, is in use by .*fabric-ca-server.* \(process \d+\)/),
      ]);
      expect(existsSync(join(other, 'topology.json'))).toBe(false);
    },
    MINUTES,
  );

  test(
    'starts one process anew and goes on',
    async () => {
      expect(await run(['restart', 'peer.agency'])).toMatchObject({ code: 0 });
      expect(await run(['restart', 'chaincode'])).toMatchObject({ code: 0 });
    },
    2 * MINUTES,
  );

  test(
    'finds nothing wrong, and tells when the code is not what its package says',
    async () => {
      expect(await run(['doctor'])).toMatchObject({ code: 0 });
      const script = join((await deployed(network)).home, 'dist', 'engine.js');
      const code = readFileSync(script);
      writeFileSync(script, `${code.toString()}\n// changed`);
      const { code: ended, stdout } = await run(['doctor']);
      expect([ended, stdout]).toEqual([1, expect.stringContaining('is not what the peers’ package says')]);
      const restarted = await run(['restart', 'chaincode']);
      expect([restarted.code, restarted.stderr]).toEqual([1, expect.stringContaining('its package says')]);
      writeFileSync(script, code);
      expect(await run(['up'])).toMatchObject({ code: 0 });
    },
    2 * MINUTES,
  );

  test(
    'keeps its data over down and up',
    async () => {
      expect(await run(['down'])).toMatchObject({ code: 0 });
      const stopped = await run(['status']);
      expect([stopped.code, stopped.stdout]).toEqual([1, expect.stringContaining('nothing runs')]);
      expect(await run(['up'])).toMatchObject({ code: 0 });
      const record = await query(network, toolchain, ['organization:get', authority.code], { msp: clerk });
      expect(record).toContain(authority.name);
    },
    2 * MINUTES,
  );

  test(
    'deletes nothing unasked',
    async () => {
      const { code, stderr } = await run(['destroy']);
      expect([code, stderr]).toEqual([1, expect.stringContaining('--yes')]);
      expect(existsSync(network.folder.genesis)).toBe(true);
    },
    MINUTES,
  );
});

/** The first of a stretch of ports that nothing listens on. */
async function freePortBase(): Promise<number> {
  for (let base = 20_000; base < 30_000; base += 100) {
    const free = await Promise.all([0, 10, 15, 40, 47].map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no free ports from 20000 to 30000');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => {
      done(false);
    });
    server.listen(port, '127.0.0.1', () =>
      server.close(() => {
        done(true);
      }),
    );
  });
}
