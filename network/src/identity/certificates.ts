// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Folder } from '../folder.js';
import type { Topology } from '../topology.js';

/** A certificate of the network, and when it ends. */
export interface Dated {
  /** Within the network's folder. */
  readonly path: string;
  readonly until: Date;
}

/** Every certificate that the organisations' administrators and nodes have enrolled for. */
export async function certificatesOf(folder: Folder, { organizations }: Topology): Promise<Dated[]> {
  const found: Dated[] = [];
  for (const organization of organizations) {
    const home = folder.identity(organization);
    if (!existsSync(home)) continue;
    for (const name of await readdir(home, { recursive: true })) {
      if (!name.endsWith('cert.pem')) continue;
      const path = join(home, name);
      found.push({
        path: relative(folder.root, path),
        until: new Date(new X509Certificate(await readFile(path)).validTo),
      });
    }
  }
  return found;
}

/** @throws Error that names the certificates that have expired: no node would be believed with them. */
export async function demandUnexpired(folder: Folder, topology: Topology, now: Date): Promise<void> {
  const expired = (await certificatesOf(folder, topology)).filter(({ until }) => until <= now);
  if (expired.length === 0) return;
  const list = expired.map(({ path, until }) => `${path} (${until.toISOString()})`).join(', ');
  throw new Error(
    `expired: ${list}\ndelete those folders under ${folder.root} and bring the network up: they are enrolled anew ` +
      '(an orderer’s TLS certificate also stands in the channel’s configuration: renew it there before it expires)',
  );
}
