// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { ADDRESS } from '../topology.js';

/** What needs ports. */
export interface PortUser {
  readonly name: string;
  readonly ports: readonly number[];
}

/** @throws Error that names the services whose ports are taken, and by whom where that can be told. */
export async function demandFree(services: readonly PortUser[]): Promise<void> {
  const taken: string[] = [];
  for (const { name, ports } of services) {
    const port = await firstTaken(ports);
    if (port === undefined) continue;
    const owner = ownerOf(port) ?? 'a process that cannot be seen from here';
    taken.push(`port ${port}, for ${name}, is in use by ${owner}`);
  }
  if (taken.length === 0) return;
  throw new Error(`${taken.join('\n')}\nend what uses it, or choose other ports with --port-base`);
}

async function firstTaken(ports: readonly number[]): Promise<number | undefined> {
  for (const port of ports) if (!(await isFree(port))) return port;
  return undefined;
}

/** Whether nothing listens on a port. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => {
      done(false);
    });
    server.listen({ host: ADDRESS, port, exclusive: true }, () => {
      server.close(() => {
        done(true);
      });
    });
  });
}

/** The command line and number of the process that listens on a port, on systems with /proc. */
function ownerOf(port: number): string | undefined {
  const inode = listeningInode(port);
  if (inode === undefined) return undefined;
  for (const pid of entriesOf('/proc').filter((name) => /^\d+$/.test(name))) {
    const holds = entriesOf(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
    if (holds) return `${textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim().slice(0, 120)} (process ${pid})`;
  }
  return undefined;
}

function listeningInode(port: number): string | undefined {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const LISTEN = '0A';
  for (const line of `${textOf('/proc/net/tcp')}${textOf('/proc/net/tcp6')}`.split('\n')) {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    if (local?.endsWith(suffix) === true && state === LISTEN) return inode;
  }
  return undefined;
}

/** Processes come and go, and not all may be looked into: what cannot be read is not there. */
function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function entriesOf(folder: string): string[] {
  return readable(() => readdirSync(folder), []);
}

function linkOf(path: string): string {
  return readable(() => readlinkSync(path), '');
}

function textOf(file: string): string {
  return readable(() => readFileSync(file, 'utf8'), '');
}
