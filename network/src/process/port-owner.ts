// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { ADDRESS } from '../topology.js';

/** A port that a service needs. */
export interface PortUse {
  readonly port: number;
  readonly service: string;
}

/** @throws Error that names the services whose ports are taken, and by whom where that can be told. */
export async function demandFree(ports: readonly PortUse[]): Promise<void> {
  const taken = new Map<string, string>();
  for (const { port, service } of ports) {
    if (taken.has(service) || (await isFree(port))) continue;
    const owner = ownerOf(port) ?? 'a process that cannot be seen from here';
    taken.set(service, `port ${port}, for ${service}, is in use by ${owner}`);
  }
  if (taken.size === 0) return;
  throw new Error(`${[...taken.values()].join('\n')}\nend what uses it, or choose other ports with --port-base`);
}

function isFree(port: number): Promise<boolean> {
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
