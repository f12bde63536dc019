// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Organization } from './topology.js';

/** Where everything of one network lies. Only its owner can read it: it holds every organisation's keys. */
export class Folder {
  readonly root: string;

  constructor(directory: string) {
    this.root = resolve(directory);
  }

  /** The topology this network was made from. */
  get topology(): string {
    return join(this.root, 'topology.json');
  }

  /** What a client needs to connect, for the gateway. */
  get connection(): string {
    return join(this.root, 'network.json');
  }

  /** Whose host this is, where each organisation has its own. */
  get host(): string {
    return join(this.root, 'host.json');
  }

  /** What other hosts are to have of this one. */
  get out(): string {
    return join(this.root, 'out');
  }

  get processes(): string {
    return join(this.root, 'processes.json');
  }

  get lock(): string {
    return join(this.root, 'lock');
  }

  get ca(): string {
    return join(this.root, 'ca');
  }

  /** The root that the certificate authority server's own TLS certificate is checked with. */
  get caRoot(): string {
    return join(this.ca, 'ca-cert.pem');
  }

  /** The server's own TLS certificate. */
  get caTls(): string {
    return join(this.ca, 'tls-cert.pem');
  }

  get secrets(): string {
    return join(this.ca, 'secrets.json');
  }

  get channel(): string {
    return join(this.root, 'channel');
  }

  get genesis(): string {
    return join(this.channel, 'genesis.block');
  }

  get chaincode(): string {
    return join(this.root, 'chaincode');
  }

  log(service: string): string {
    return join(this.root, 'logs', `${service}.log`);
  }

  /** Configuration and data of one orderer or peer. */
  node(service: string): string {
    return join(this.root, 'nodes', service);
  }

  /** An organisation's identities: `msp` (its public side), `admin`, `peer`, `orderer`, …, each with `msp` or `tls`. */
  identity(organization: Organization, ...path: readonly string[]): string {
    return join(this.root, 'organizations', organization.mspId, ...path);
  }

  get exists(): boolean {
    return existsSync(this.topology);
  }
}

/** Writes a file whole or not at all, readable by its owner alone, and makes its folder. */
export async function writePrivate(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${process.pid}`;
  const handle = await open(unfinished, 'w', 0o600);
  await handle.writeFile(content);
  await handle.sync();
  await handle.close();
  await rename(unfinished, file);
}

/** Every configuration file of Fabric is YAML, and JSON is YAML. */
export function writeJson(file: string, value: unknown): Promise<void> {
  return writePrivate(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** Makes a folder by filling a new one beside it, so that an interrupted attempt leaves no half of it. */
export async function makeFolder(folder: string, fill: (unfinished: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await fill(unfinished);
  await rename(unfinished, folder);
}

/** What a JSON file holds, as {@link parseJson} reads it; undefined if there is none. */
export function readJson<T>(file: string, schema: z.ZodType<T>, remedy: string): T | undefined {
  return existsSync(file) ? parseJson(file, readFileSync(file, 'utf8'), schema, remedy) : undefined;
}

/**
 * @param remedy What to do about a file that does not hold what it should.
 * @throws Error that names the file, what is wrong in it, and the remedy.
 */
export function parseJson<T>(file: string, text: string, schema: z.ZodType<T>, remedy: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new Error(`${file} does not hold what it should (${why}): ${remedy}`, { cause });
  }
}

/** What a file holds; undefined if there is none. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Whether the system failed for this reason. */
function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
