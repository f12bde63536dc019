// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { here, membersHere } from '../host.js';
import type { Network } from '../nodes/services.js';
import type { Organization } from '../topology.js';

/** A certificate that a node, an administrator or the authorities' server was given. */
export interface Certificate {
  /** Within the network's folder. */
  readonly path: string;
  /** How to have another made. */
  readonly remedy: string;
  /** The organisation whose orderer shows it to the others. */
  readonly consenter?: string;
  /** When it ends; absent where it cannot be read. */
  readonly until?: Date;
  /** Why it is of no use; absent where it is. */
  readonly flaw?: string;
}

/** Every certificate that the network's own processes and administrators show. */
export function certificatesOf(network: Network, now = new Date()): Certificate[] {
  const { folder, topology } = network;
  const own = here(network);
  const found: Certificate[] = [];
  const within = (path: string): string => relative(folder.root, path);
  if (existsSync(folder.caTls)) {
    const path = within(folder.caTls);
    const remedy = `delete ${path} there and bring the network down and up: it is made anew`;
    found.push({ path, remedy, ...examined(folder.caTls, undefined, now) }); // its key is among the authority's others
  }
  for (const organization of topology.organizations) {
    const all = folder.identity(organization);
    for (const name of existsSync(all) ? readdirSync(all, { recursive: true, encoding: 'utf8' }) : []) {
      if (!name.endsWith('cert.pem') || name.includes('.unfinished')) continue;
      const file = join(all, name);
      const home = file.endsWith(SIGNING) ? dirname(dirname(file)) : dirname(file);
      const key = file.endsWith(SIGNING) ? join(home, 'keystore', 'key.pem') : join(home, 'key.pem');
      const [role = ''] = relative(all, file).split(sep);
      const remedy = remedyFor(within(home), role, organization);
      found.push({
        path: within(file),
        remedy,
        ...(role === 'orderer' ? { consenter: organization.name } : {}),
        ...examined(file, own.includes(organization) ? key : undefined, now),
      });
    }
  }
  return found;
}

/** @throws Error that names the certificates that are of no use, why, and how to have others made. */
export function demandUsable(network: Network, now = new Date()): void {
  const amiss = certificatesOf(network, now).filter(({ flaw }) => flaw !== undefined);
  if (amiss.length === 0) return;
  const list = amiss.map(({ path, flaw }) => `${path} ${flaw ?? ''}`).join('\n');
  const remedies = [...new Set(amiss.map(({ remedy }) => remedy))].join('; ');
  throw new Error(`${list}\nin ${network.folder.root}: put it back from a backup, or ${remedies}`);
}

/**
 * An orderer whose certificates are gone must not be enrolled anew by the way: the channel names the old ones, and it
 * would order nothing.
 *
 * @param but Whose nodes are not looked at.
 * @throws Error that names the command for it; also for a renewal that was begun and is not done.
 */
export function demandKept(network: Network, but?: Organization): void {
  const { folder } = network;
  for (const organization of membersHere(network)) {
    if (organization === but) continue;
    for (const role of RENEWABLE) {
      if (!existsSync(folder.identity(organization, nextOf(role)))) continue;
      const name = `${role}.${organization.name}`;
      throw new Error(`the renewal of ${name} was begun and is not done: npm run network -- renew ${name}`);
    }
    const lost = ['msp', 'tls'].filter((part) => !existsSync(folder.identity(organization, 'orderer', part)));
    if (lost.length === 0 || !existsSync(folder.genesis)) continue;
    const folders = lost.map((part) => folder.identity(organization, 'orderer', part)).join(' and ');
    throw new Error(
      `${folders} is missing, and the channel names its certificates: put it back from a backup, or have others ` +
        `made and named by the channel with npm run network -- renew orderer.${organization.name}`,
    );
  }
}

/** How many whole days are left; negative once it is over. */
export function daysUntil(end: Date, now = new Date()): number {
  return Math.floor((end.getTime() - now.getTime()) / 86_400_000);
}

/** From how many days before its end a certificate is complained about. */
export const WARNING_DAYS = 30;

/** The roles whose certificates `renew` changes. */
export const RENEWABLE = ['orderer', 'peer'] as const;

/** The folder of a role's next certificates, while a renewal is under way. */
export function nextOf(role: string): string {
  return `${role}.next`;
}

/** How to get another certificate in place of one. */
function remedyFor(home: string, role: string, { name }: Organization): string {
  const known = RENEWABLE.find((one) => role === one || role === nextOf(one));
  return known
    ? `run npm run network -- renew ${known}.${name}`
    : `delete ${home} there and bring the network down and up: it is enrolled anew`;
}

/** Where an MSP folder has its certificate. */
const SIGNING = join('signcerts', 'cert.pem');

function examined(file: string, key: string | undefined, now: Date): Pick<Certificate, 'until' | 'flaw'> {
  const certificate = readable(() => new X509Certificate(readFileSync(file)));
  if (!certificate) return { flaw: 'cannot be read' };
  const until = new Date(certificate.validTo);
  if (until <= now) return { until, flaw: `expired at ${until.toISOString()}` };
  if (key === undefined) return { until };
  const secret = readable(() => createPrivateKey(readFileSync(key)));
  if (!secret) return { until, flaw: `has no key: ${key} is missing or cannot be read` };
  return certificate.checkPrivateKey(secret) ? { until } : { until, flaw: `is of another key than ${key}` };
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
