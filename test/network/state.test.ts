// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { issueLeaf, issueRoot } from 'yuanliu-gateway/identity/certificate';
import { deployed } from 'yuanliu-network/chaincode/package';
import { makeGenesis } from 'yuanliu-network/channel/configtx';
import { networkIn } from 'yuanliu-network/commands/options';
import { Folder } from 'yuanliu-network/folder';
import { ownHost } from 'yuanliu-network/host';
import { readSecrets, writeAuthorityConfig } from 'yuanliu-network/identity/authority';
import { certificatesOf, demandUsable } from 'yuanliu-network/identity/certificates';
import type { Network } from 'yuanliu-network/nodes/services';
import { Processes } from 'yuanliu-network/process/processes';
import { silent } from 'yuanliu-network/progress';
import { runScript } from 'yuanliu-network/raise';
import type { Toolchain } from 'yuanliu-network/toolchain/toolchain';
import { readTopology, TOPOLOGY_FILE } from 'yuanliu-network/topology';

const topology = readTopology(TOPOLOGY_FILE);
const toolchain = { version: '3.1.1' } as Toolchain; // what is tried here runs none of its programs
let network: Network;

beforeEach(() => {
  network = { folder: new Folder(mkdtempSync(join(tmpdir(), 'yuanliu-state-'))), topology };
});

afterEach(() => {
  rmSync(network.folder.root, { recursive: true });
});

/** Writes a file of the network's folder. */
function put(path: string, content: string | Buffer): string {
  const file = join(network.folder.root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

describe('a file of the network that does not hold what it should', () => {
  test.each<[string, string, () => unknown, RegExp]>([
    [
      'topology.json',
      '{"fabric": "3.1",',
      () => networkIn(network.folder.root),
      /put it back as it was, from a backup/,
    ],
    ['host.json', '', () => ownHost(network.folder), /write \{"organization": "NAME"\} there/],
    ['processes.json', '{"ca": {"pid"', () => running(), /delete it and bring the network up/],
    ['ca/secrets.json', '{"AgencyMSP": ', () => readSecrets(network.folder), /from a backup/],
    ['chaincode/deployment.json', '{"label": "x"}', () => deployed(network), /from a backup/],
    ['channel/genesis.block', '\x0a\x40half', () => genesis(), /or delete it where no orderer and no peer has joined/],
  ])('is named with what to do, and left as it is: %s', async (path, content, use, remedy) => {
    const file = put(path, content);
    await expect(Promise.resolve().then(use)).rejects.toThrow(remedy);
    await expect(Promise.resolve().then(use)).rejects.toThrow(file);
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  const running = () => new Processes(network.folder, silent).running();
  const genesis = () => makeGenesis(network.folder, topology, toolchain);
});

test('the processes can be ended where the topology cannot be read', async () => {
  put('topology.json', '{');
  const sleep = 'setTimeout(() => undefined, 60_000)';
  const processes = new Processes(network.folder, silent);
  const { root: cwd } = network.folder;
  await processes.start({ name: 'ca', program: process.execPath, args: ['-e', sleep], env: {}, cwd });
  const script = join(__dirname, '..', '..', 'network', 'dist', 'network.js');
  expect(await runScript(script, ['down', '--data', cwd])).toMatchObject({ code: 0 });
  expect((await processes.running()).size).toBe(0);
});

test('secrets that are gone are not made anew where the authorities know their users by the old', async () => {
  await writeAuthorityConfig(network);
  const before = await readSecrets(network.folder);
  rmSync(network.folder.secrets);
  put('ca/ca-cert.pem', 'the server has run');
  await expect(writeAuthorityConfig(network)).rejects.toThrow(/secrets\.json is missing.*from a backup/);
  put('ca/secrets.json', JSON.stringify(before));
  expect(await writeAuthorityConfig(network)).toEqual(before);
});

describe('what a node or administrator shows', () => {
  const home = 'organizations/AgencyMSP/peer/msp';
  const day = 86_400_000;

  /** Enrols a peer whose certificate is good for a while from now on. */
  async function enrol(): Promise<void> {
    const from = new Date();
    const ca = await issueRoot({ mspId: 'AgencyMSP', commonName: 'ca', organization: '测试', from });
    const { certificate, privateKey } = await issueLeaf(ca, { commonName: 'peer', ou: 'peer', from });
    put(`${home}/signcerts/cert.pem`, certificate);
    put(`${home}/keystore/key.pem`, privateKey);
  }

  beforeEach(enrol);

  test('is taken while it is good', () => {
    expect(flaw()).toBe('');
    expect(certificatesOf(network)).toMatchObject([{ path: `${home}/signcerts/cert.pem` }]);
  });

  test.each<[string, () => unknown, RegExp]>([
    ['whose key is gone', lostKey, /has no key: .*key\.pem/],
    ['whose key is half written', () => put(`${home}/keystore/key.pem`, '-----BEGIN'), /has no key: .*key\.pem/],
    ['with the key of another', otherKey, /is of another key than .*key\.pem/],
    ['that is half written', () => put(`${home}/signcerts/cert.pem`, '-----BEGIN'), /cannot be read/],
  ])('is named with what to do where it is a certificate %s', async (_, spoil, message) => {
    await spoil();
    expect(flaw()).toMatch(message);
    expect(flaw()).toContain('put it back from a backup, or run npm run network -- renew peer.agency');
  });

  test('is named with what to do once it has expired', () => {
    const later = new Date(Date.now() + 20 * 366 * day);
    expect(flaw(later)).toMatch(
      new RegExp(`${home}/signcerts/cert.pem expired at .*
.*renew peer.agency`),
    );
  });

  /** What is said of it. */
  function flaw(now?: Date): string {
    try {
      demandUsable(network, now);
      return '';
    } catch (error) {
      return String(error);
    }
  }

  function lostKey(): void {
    rmSync(join(network.folder.root, home, 'keystore', 'key.pem'));
  }

  async function otherKey(): Promise<void> {
    const certificate = readFileSync(join(network.folder.root, home, 'signcerts', 'cert.pem'));
    await enrol();
    put(`${home}/signcerts/cert.pem`, certificate);
  }
});
