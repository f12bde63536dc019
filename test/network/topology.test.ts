// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  membersOf,
  portsOf,
  readTopology,
  sharedPorts,
  TOPOLOGY_FILE,
  type Topology,
  withOrganization,
} from 'yuanliu-network/topology';

const folder = mkdtempSync(join(tmpdir(), 'yuanliu-topology-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function changed(change: (topology: Topology) => unknown): string {
  const file = join(folder, 'topology.json');
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(TOPOLOGY_FILE, 'utf8')) as Topology)));
  return file;
}

test('the topology of the 2.5 line differs in nothing but the release and its consensus', () => {
  const lts = readTopology(join(dirname(TOPOLOGY_FILE), 'topology-lts.json'));
  expect(lts).toEqual({ ...readTopology(TOPOLOGY_FILE), fabric: '2.5', consensus: 'raft' });
});

test('no two processes share a port', () => {
  const topology = readTopology(TOPOLOGY_FILE);
  const ports = [sharedPorts(topology), ...membersOf(topology).map((member) => portsOf(topology, member))].flatMap(
    (each) => Object.values(each) as number[],
  );
  expect(new Set(ports).size).toBe(ports.length);
});

test.each<[string, (topology: Topology) => unknown, RegExp]>([
  ['a field nobody knows', (topology) => ({ ...topology, colour: 'red' }), /colour/],
  ['more endorsements than peers', (topology) => ({ ...topology, endorsements: 5 }), /5 endorsements of 4/],
  ['BFT on the 2.5 line', (topology) => ({ ...topology, fabric: '2.5' }), /choose consensus raft/],
  [
    'BFT of three',
    (topology) => ({ ...topology, organizations: topology.organizations.slice(1) }),
    /only with four; 3 organisations/,
  ],
])('refuses %s, naming the file', (_, change, message) => {
  const file = changed(change);
  expect(() => readTopology(file)).toThrow(message);
  expect(() => readTopology(file)).toThrow(file);
});

describe('one organisation more', () => {
  const topology = readTopology(TOPOLOGY_FILE);
  const district = { name: 'district', mspId: 'DistrictMSP', nodes: false };

  test('is taken once', () => {
    const grown = withOrganization(topology, district);
    expect(grown.organizations).toEqual([...topology.organizations, district]);
    expect(withOrganization(grown, district)).toBe(grown);
  });

  test.each([
    ['whose MSP is taken', { mspId: 'AgencyMSP' }, /there is agency with AgencyMSP already/],
    ['whose name is taken', { name: 'agency' }, /there is agency with AgencyMSP already/],
    ['whose MSP a channel cannot hold', { mspId: '区MSP' }, /cannot be .*choose others/s],
    ['whose name is too long', { name: 'd'.repeat(41) }, /cannot be .*choose others/s],
  ])('is refused %s', (_, change, message) => {
    expect(() => withOrganization(topology, { ...district, ...change })).toThrow(message);
  });
});
