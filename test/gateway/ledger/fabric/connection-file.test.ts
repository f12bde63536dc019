// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueRoot } from 'yuanliu-gateway/identity/certificate';
import { readConnection } from 'yuanliu-gateway/ledger/fabric/connection-file';

const file = (name: string): string => join(folder, name);
let folder: string;
let root: string;

beforeAll(async () => {
  const from = new Date();
  root = (await issueRoot({ mspId: 'AgencyMSP', commonName: 'ca', organization: '测试', from })).certificate;
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yuanliu-connection-'));
  writeFileSync(file('root.pem'), root);
  writeFileSync(file('registrar.json'), '{"user":"registrar","secret":"s"}');
  const ca = { url: 'https://localhost:7054', name: 'AgencyMSP', tlsRoot: 'root.pem', registrar: 'registrar.json' };
  const peers = [{ name: 'peer.agency', endpoint: 'localhost:7051', tlsRoot: 'root.pem' }];
  const organizations = { AgencyMSP: { mspId: 'AgencyMSP', root: 'root.pem', ca, peers } };
  const network = { channel: 'public-data', chaincode: 'yuanliu', endorsements: 1, organizations };
  writeFileSync(file('network.json'), JSON.stringify(network));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('is read with what it points to', async () => {
  expect(await readConnection(file('network.json'), 'AgencyMSP')).toMatchObject({
    own: { mspId: 'AgencyMSP', roots: [root], authority: { tlsRoot: root, registrar: { secret: 's' } } },
    peers: [{ name: 'peer.agency', tlsRoot: root }],
  });
});

test.each<[string, () => void, RegExp, string]>([
  [
    'is not there',
    () => {
      rmSync(file('network.json'));
    },
    /ENOENT/,
    'AgencyMSP',
  ],
  [
    'is half written',
    () => {
      writeFileSync(file('network.json'), '{"channel": "pub');
    },
    /SyntaxError/,
    'AgencyMSP',
  ],
  [
    'points to nothing',
    () => {
      rmSync(file('root.pem'));
    },
    /ENOENT.*root\.pem/,
    'AgencyMSP',
  ],
  [
    'points to no certificate',
    () => {
      writeFileSync(file('root.pem'), '-----BEGIN');
    },
    /root\.pem holds no cert/,
    'AgencyMSP',
  ],
  [
    'points to no secret',
    () => {
      writeFileSync(file('registrar.json'), '{}');
    },
    /secret/,
    'AgencyMSP',
  ],
  ['is of others', () => undefined, /NobodyMSP is none of its organisations: AgencyMSP/, 'NobodyMSP'],
])('is refused with the next step where it %s', async (_, spoil, why, mspId) => {
  spoil();
  const read = readConnection(file('network.json'), mspId);
  await expect(read).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringMatching(why) as string });
  await expect(read).rejects.toThrow(/network\.json describes no Fabric network .*: bring a network up with/s);
});
