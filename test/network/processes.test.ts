// SPDX-License-Identifier: Apache-2.0
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Folder } from 'yuanliu-network/folder';
import { demandWell, startServices } from 'yuanliu-network/nodes/start';
import { identityOf } from 'yuanliu-network/process/identity';
import { withLock } from 'yuanliu-network/process/lock';
import { demandFree } from 'yuanliu-network/process/port-owner';
import { Processes } from 'yuanliu-network/process/processes';
import { silent } from 'yuanliu-network/progress';
import type { Toolchain } from 'yuanliu-network/toolchain/toolchain';

let folder: Folder;
let processes: Processes;

beforeEach(() => {
  folder = new Folder(mkdtempSync(join(tmpdir(), 'yuanliu-processes-')));
  processes = new Processes(folder, silent);
});

afterEach(async () => {
  for (const name of (await processes.running()).keys()) await processes.stop(name);
  rmSync(folder.root, { recursive: true });
});

/** A program that runs for a minute unless it is ended. */
function sleeper(name: string, script = 'setTimeout(() => undefined, 60_000)'): Parameters<Processes['start']>[0] {
  return { name, program: process.execPath, args: ['-e', script], env: {}, cwd: folder.root };
}

async function ended(name: string): Promise<void> {
  for (let tries = 0; (await processes.running()).has(name) && tries < 3000; tries++)
    await new Promise((done) => setTimeout(done, 10));
}

test('starts a program once and ends it', async () => {
  await processes.start(sleeper('a'));
  const first = (await processes.running()).get('a');
  await processes.start(sleeper('a'));
  expect((await processes.running()).get('a')).toEqual(first);
  expect(await processes.stop('a')).toBe(true);
  expect((await processes.running()).size).toBe(0);
  expect(await processes.stop('a')).toBe(false);
});

test('knows its processes again from the record alone', async () => {
  await processes.start(sleeper('a'));
  const another = new Processes(folder, silent);
  expect(await another.stop('a')).toBe(true);
  expect((await processes.running()).size).toBe(0);
});

test('signals no process that it did not start, though its number stands on record', async () => {
  const stranger = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 60_000)']);
  try {
    await new Promise((done) => stranger.once('spawn', done));
    const pid = stranger.pid ?? 0;
    const since = new Date().toISOString();
    writeFileSync(folder.processes, JSON.stringify({ a: { pid, identity: 'another boot:1', since } }));
    expect(await processes.stop('a')).toBe(false);
    expect(identityOf(pid)).toBeDefined();
  } finally {
    stranger.kill();
  }
});

test('says what a program that ended left in its log', async () => {
  const startedAndAlive = async (): Promise<void> => {
    await processes.start(sleeper('a', 'console.error("the disk is full"); process.exit(3)')); // may end meanwhile
    await ended('a');
    await processes.demandAlive('a');
  };
  await expect(startedAndAlive()).rejects.toThrow(/the disk is full/);
});

test('does not take for the last words of a program what one before it said', async () => {
  await processes.start(sleeper('a', 'console.error("a fatal error")'));
  await ended('a');
  await processes.start(sleeper('a', 'console.error("all well")'));
  await ended('a');
  await expect(processes.demandAlive('a')).rejects.toThrow(/ends with:\nall well$/);
});

test('lets one command at a time work on a folder, and forgets one that was killed', async () => {
  await withLock(folder, async () => {
    await expect(withLock(folder, () => Promise.resolve())).rejects.toThrow(`process ${process.pid} works on`);
  });
  writeFileSync(`${folder.lock} 999999 another boot:1 ${randomUUID()}`, '');
  expect(await withLock(folder, () => Promise.resolve('done'))).toBe('done');
});

test('lets one of many commands that begin together work at a time, though others were killed at it', async () => {
  const script = `
    const { rmSync, writeFileSync } = require('node:fs');
    const { Folder } = require('yuanliu-network/folder');
    const { withLock } = require('yuanliu-network/process/lock');
    const [root] = process.argv.slice(1);
    const work = async () => {
      writeFileSync(root + '/inside', '', { flag: 'wx' }); // fails where another works
      await new Promise((done) => setTimeout(done, 1));
      rmSync(root + '/inside');
    };
    (async () => {
      for (let turn = 0; turn < 60; turn++) {
        writeFileSync(root + '/lock 1 another boot:1 ' + process.pid + '-' + turn, ''); // as a killed one leaves it
        await withLock(new Folder(root), work).catch((error) => {
          if (!error.message.includes('works on')) console.log(error.message);
        });
      }
    })();`;
  const command = (): Promise<string> =>
    new Promise((done) => {
      execFile(process.execPath, ['-e', script, folder.root], { cwd: __dirname }, (_, stdout, stderr) => {
        done(stdout + stderr);
      });
    });
  expect(await Promise.all(Array.from({ length: 6 }, command))).toEqual(['', '', '', '', '', '']);
});

test('names who holds a port', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  try {
    await expect(demandFree([{ name: 'peer.a', ports: [port] }])).rejects.toThrow(
      new RegExp(`port ${port}, for peer.a, is in use by .*process ${process.pid}`),
    );
  } finally {
    server.close();
  }
  await demandFree([]);
});

test('lets one of many commands have what a killed one held', async () => {
  writeFileSync(`${folder.lock} 1 another boot:1 ${randomUUID()}`, '');
  let [inside, refused] = [0, 0];
  const both = new Promise<void>((resolve) => {
    const tried = Array.from({ length: 8 }, () =>
      withLock(folder, () => {
        inside += 1;
        if (inside + refused === 8) resolve();
        return both;
      }).catch((error: unknown) => {
        expect(String(error)).toContain('works on');
        refused += 1;
        if (inside + refused === 8) resolve();
      }),
    );
    void Promise.all(tried);
  });
  await both;
  expect([inside, refused]).toEqual([1, 7]);
});

test('names the command for a process that runs and does not answer (fault F7)', async () => {
  const name = 'orderer.agency';
  const hung = {
    name,
    ports: [],
    unhealthy: () => Promise.resolve('port 1: no answer'),
    program: () => Promise.resolve(sleeper(name)),
  };
  const toolchain = {} as Toolchain;
  await expect(startServices([hung], toolchain, processes, silent, 1)).rejects.toThrow(
    /no answer\. It runs and does not answer: npm run network -- restart orderer\.agency/,
  );
  await expect(demandWell([hung])).rejects.toThrow(/npm run network -- restart orderer\.agency/);
});
