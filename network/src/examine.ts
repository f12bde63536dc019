// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { readCode } from 'yuanliu-chaincode/code';
import { committedAt, installedOn } from './chaincode/lifecycle.js';
import { genesisFindings } from './channel/genesis.js';
import { chaincodeFolder, type Deployment, nextOf, packedIn } from './chaincode/package.js';
import { codeRunAt } from './chaincode/running-code.js';
import { digestOf } from './chaincode/service.js';
import { type Finding, privacyFinding } from './finding.js';
import { membersHere } from './host.js';
import { consenterFindings } from './consenter-findings.js';
import { certificatesOf, daysUntil, WARNING_DAYS } from './identity/certificates.js';
import { chaincodeName, type Network } from './nodes/services.js';
import { overviewOf } from './overview.js';
import type { Processes } from './process/processes.js';
import { ToolError } from './tool.js';
import { hasTimeWindowCheck, type Toolchain } from './toolchain/toolchain.js';

/**
 * Looks at the programs, the processes, the certificates and the chaincode of a network. Changes nothing, and builds
 * nothing: without programs it says what it did not look at.
 */
export async function examine(
  network: Network,
  toolchain: Toolchain | undefined,
  processes: Processes,
): Promise<Finding[]> {
  const packed = packedIn(network.folder);
  const checks = [
    () => Promise.resolve([toolchain ? toolchainFinding(toolchain) : NO_PROGRAMS]),
    () => serviceFindings(network, processes),
    () => Promise.resolve(certificateFindings(network)),
    ...(toolchain ? [() => consenterFindings(network, toolchain, processes)] : []),
    () => secretFindings(network),
    ...(toolchain ? [() => genesisFindings(network, toolchain, processes)] : []),
    ...(packed
      ? [
          () => codeFindings(network, packed, processes),
          ...(toolchain ? [() => peerFindings(network, packed, toolchain, processes)] : []),
        ]
      : [() => Promise.resolve([UNPACKED])]),
  ];
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...(await check()));
  return findings;
}

const NO_PROGRAMS: Finding = {
  verdict: 'wrong',
  what: 'there are no Fabric programs here, so the channel’s configuration and the peers’ chaincode were not looked at',
  remedy: 'npm run network -- up builds them, once for this machine; or set FABRIC_BIN to the folder of a release',
};

const UNPACKED: Finding = { verdict: 'notice', what: 'no chaincode was packed yet', remedy: 'npm run network -- up' };

function toolchainFinding(toolchain: Toolchain): Finding {
  const { version, peer } = toolchain;
  if (hasTimeWindowCheck(toolchain)) return { verdict: 'right', what: `Fabric ${version}, ${peer}` };
  return {
    verdict: 'notice',
    what: `Fabric ${version} has no TimeWindowCheck: a client can back-date a transaction`,
    remedy: 'for anything but tests of compatibility take 2.5.10 or later, or 3.1',
  };
}

async function serviceFindings(network: Network, processes: Processes): Promise<Finding[]> {
  const states = await overviewOf(network, processes);
  const ill = states.filter(({ state }) => state === 'ill');
  const findings: Finding[] = ill.map(({ name, remark }) => ({
    verdict: 'wrong',
    what: `${name} is ill${remark === undefined ? '' : `: ${remark}`}`,
    remedy: `npm run network -- logs ${name}, then restart ${name}`,
  }));
  const stopped = states.filter(({ state }) => state === 'stopped').map(({ name }) => name);
  if (stopped.length > 0)
    findings.push({ verdict: 'wrong', what: `stopped: ${stopped.join(', ')}`, remedy: 'npm run network -- up' });
  if (findings.length === 0) findings.push({ verdict: 'right', what: `${states.length} processes, all well` });
  const heights = states.flatMap(({ height }) => (height === undefined ? [] : [height]));
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  if (heights.length > 0 && high - low > 10)
    findings.push({
      verdict: 'wrong',
      what: `nodes are ${high - low} blocks apart (${low} to ${high})`,
      remedy: 'ask `status` which lags; restart it if it does not catch up',
    });
  return findings;
}

function certificateFindings(network: Network): Finding[] {
  const all = certificatesOf(network);
  const findings = all.flatMap(({ path, remedy, flaw }): Finding[] =>
    flaw === undefined ? [] : [{ verdict: 'wrong', what: `${path} ${flaw}`, remedy }],
  );
  const good = all.flatMap(({ remedy, path, until, flaw }) =>
    until && flaw === undefined ? [{ remedy, path, until }] : [],
  );
  const [first] = good.sort((a, b) => a.until.getTime() - b.until.getTime());
  if (!first) return findings;
  const days = daysUntil(first.until);
  const what = `the first of ${good.length} certificates to expire, ${first.path}, does so in ${days} days`;
  const { remedy } = first;
  return [...findings, days > WARNING_DAYS ? { verdict: 'right', what } : { verdict: 'notice', what, remedy }];
}

async function secretFindings({ folder }: Network): Promise<Finding[]> {
  if (!existsSync(folder.secrets))
    return [{ verdict: 'wrong', what: `${folder.secrets} is missing`, remedy: 'put it back from a backup' }];
  return [await privacyFinding(folder.root, [folder.secrets])];
}

/** The package's digest against what lies on disk, what runs, and what the source tree now holds. */
async function codeFindings(
  network: Network,
  { code, home, sequence }: Deployment,
  processes: Processes,
): Promise<Finding[]> {
  const name = chaincodeName(sequence);
  const short = code.digest.slice(0, 12);
  const onDisk = await digestOf(home);
  const running = (await processes.running()).get(name)?.about['digest'];
  const findings: Finding[] = [];
  if (onDisk !== code.digest)
    findings.push({
      verdict: 'wrong',
      what: `the code in ${home}, or a package it stands on, is not what the peers’ package says`,
      remedy: 'npm ci at the commit it was made from; if the files were changed by hand, put them back from a backup',
    });
  if (running !== undefined && running !== code.digest)
    findings.push({
      verdict: 'wrong',
      what: `the chaincode that runs has digest ${running.slice(0, 12)}, its package says ${short}`,
      remedy: `npm run network -- restart ${name}`,
    });
  const next = nextOf(network.folder);
  if (next)
    findings.push({
      verdict: 'notice',
      what: `an upgrade to ${next.version} was begun and is not done`,
      remedy: 'npm run network -- upgrade goes on with it',
    });
  if (findings.length === 0)
    findings.push({ verdict: 'right', what: `the chaincode is what its package says, ${short}` });
  const tree = (await readCode(chaincodeFolder())).digest;
  if (tree !== code.digest)
    findings.push({
      verdict: 'notice',
      what: `the source tree holds other chaincode (${tree.slice(0, 12)}) than is deployed (${short})`,
      remedy: 'npm run network -- upgrade brings it in; until then the network keeps the code it has',
    });
  return findings;
}

/** What each peer has of the chaincode, and whether it can run it. */
async function peerFindings(
  network: Network,
  { code, packageId, version }: Deployment,
  toolchain: Toolchain,
  processes: Processes,
): Promise<Finding[]> {
  const running = await processes.running();
  const findings: Finding[] = [];
  for (const member of membersHere(network)) {
    const name = `peer.${member.name}`;
    if (!running.has(name)) continue; // is said already
    try {
      const installed = await installedOn(network, toolchain, member);
      const committed = await committedAt(network, toolchain, member);
      const ran = await codeRunAt(network, toolchain, member);
      const right = installed.includes(packageId) && committed?.version === version;
      const has = `package ${installed.join(', ') || 'none'}, definition ${committed?.version ?? 'none'}`;
      findings.push(
        right
          ? codeFinding(name, version, code.digest, ran?.digest)
          : { verdict: 'wrong', what: `${name} has ${has}; wanted ${packageId}`, remedy: 'npm run network -- up' },
      );
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      findings.push({ verdict: 'wrong', what: `${name}: ${error.message}`, remedy: 'npm run network -- up' });
    }
  }
  return findings;
}

/** What answers at a peer against what was approved: the package's id does not bind the code of the service behind it. */
function codeFinding(peer: string, version: string, approved: string, running: string | undefined): Finding {
  const [wanted, found] = [approved.slice(0, 12), running?.slice(0, 12)];
  if (running === approved)
    return { verdict: 'right', what: `${peer} answers with the chaincode ${version}, ${wanted}` };
  if (running === undefined)
    return { verdict: 'notice', what: `${peer} answers with the chaincode ${version}, which does not tell its digest` };
  return {
    verdict: 'wrong',
    what: `${peer} answers with code ${found}, and its organisation approved ${wanted}`,
    remedy: 'run the chaincode from the commit it was made from, or bring the other in with npm run network -- upgrade',
  };
}
