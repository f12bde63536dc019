// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeGenesis } from 'yuanliu-network/channel/configtx';
import { genesisFindings, genesisToPin, pinnedGenesis } from 'yuanliu-network/channel/genesis';
import { Folder } from 'yuanliu-network/folder';
import { Processes } from 'yuanliu-network/process/processes';
import { silent } from 'yuanliu-network/progress';
import type { Toolchain } from 'yuanliu-network/toolchain/toolchain';
import { readTopology, TOPOLOGY_FILE } from 'yuanliu-network/topology';
import { readGolden } from '../verifier/golden';

const topology = readTopology(TOPOLOGY_FILE);
const toolchain = { version: '3.1.1' } as Toolchain; // what is tried here runs none of its programs
let folder: Folder;
let genesis: string;
beforeEach(async () => {
  folder = new Folder(mkdtempSync(join(tmpdir(), 'yuanliu-genesis-')));
  mkdirSync(folder.channel);
  const { blocks, trust } = await readGolden('smartbft');
  writeFileSync(folder.genesis, blocks[0] ?? '');
  genesis = trust.genesis ?? '';
});
afterEach(() => {
  rmSync(folder.root, { recursive: true });
});

const findings = (): ReturnType<typeof genesisFindings> =>
  genesisFindings({ folder, topology }, toolchain, new Processes(folder, silent));

test('a network that pins no genesis block gets its own pinned, and `doctor` says so until then (fault A2)', async () => {
  writeFileSync(folder.connection, '{"channel": "public-data"}'); // as it was written before
  expect(pinnedGenesis(folder)).toBeUndefined();
  expect(await findings()).toMatchObject([{ verdict: 'wrong', remedy: 'npm run network -- up writes it' }]);
  expect(genesisToPin(folder)).toBe(genesis);
  writeFileSync(folder.connection, JSON.stringify({ genesis }));
  expect(genesisToPin(folder)).toBe(genesis);
  expect(await findings()).toMatchObject([{ verdict: 'right' }]);
});

test('another genesis block, or none, does not replace the one that is pinned (fault A2)', async () => {
  writeFileSync(folder.connection, JSON.stringify({ genesis: 'ab'.repeat(32) }));
  expect(() => genesisToPin(folder)).toThrow(/pins abab\w+: put both back from one backup/);
  await expect(makeGenesis(folder, topology, toolchain)).rejects.toThrow(/put both back from one backup/);
  rmSync(folder.genesis);
  await expect(makeGenesis(folder, topology, toolchain)).rejects.toThrow(/is missing, and .* pins abab/);
});
