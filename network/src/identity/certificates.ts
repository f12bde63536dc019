// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { here } from '../host.js';
import type { Network } from '../nodes/services.js';

/** A certificate that a node, an administrator or the authorities' server was given. */
export interface Certificate {
  /** Within the network's folder. */
  readonly path: string;
  /** What to delete, within the network's folder, to have another made. */
  readonly home: string;
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
  const look = (file: string, key: string | undefined, home: string): void => {
    const within = (path: string): string => relative(folder.root, path);
    found.push({ path: within(file), home: within(home), ...examined(file, key, now) });
  };
  if (existsSync(folder.caTls)) look(folder.caTls, undefined, folder.caTls); // its key is among the authority's others
  for (const organization of topology.organizations) {
    const all = folder.identity(organization);
    for (const name of existsSync(all) ? readdirSync(all, { recursive: true, encoding: 'utf8' }) : []) {
      if (!name.endsWith('cert.pem') || name.includes('.unfinished')) continue;
      const file = join(all, name);
      const home = file.endsWith(SIGNING) ? dirname(dirname(file)) : dirname(file);
      const key = file.endsWith(SIGNING) ? join(home, 'keystore', 'key.pem') : join(home, 'key.pem');
      look(file, own.includes(organization) ? key : undefined, home);
    }
  }
  return found;
}

/** @throws Error that names the certificates that are of no use, why, and how to have others made. */
export function demandUsable(network: Network, now = new Date()): void {
  const amiss = certificatesOf(network, now).filter(({ flaw }) => flaw !== undefined);
  if (amiss.length === 0) return;
  const list = amiss.map(({ path, flaw }) => `${path} ${flaw ?? ''}`).join('\n');
  const homes = [...new Set(amiss.map(({ home }) => home))].join(', ');
  throw new Error(
    `${list}\nin ${network.folder.root}: put it back from a backup, or delete ${homes} there ` +
      `and bring the network down and up: ${REMADE}`,
  );
}

/** What deleting a certificate's home comes to. */
export const REMADE =
  'it is enrolled anew (an orderer’s certificates also stand in the channel’s configuration, which has to name the new ones first)';

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
