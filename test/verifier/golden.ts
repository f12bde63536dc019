// SPDX-License-Identifier: Apache-2.0
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Trust } from 'yuanliu-verifier';

/**
 * Chains that Fabric's own peer code (`network/blockcheck`) agreed with, code by code. They stay as they are: what was
 * provable once must stay provable.
 */
export async function readGolden(name: string): Promise<{ readonly blocks: Buffer[]; readonly trust: Trust }> {
  const folder = join(__dirname, 'golden', name);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.block')).sort();
  const trust = JSON.parse(await readFile(join(folder, 'trust.json'), 'utf8')) as Trust;
  return { blocks: await Promise.all(files.map((file) => readFile(join(folder, file)))), trust };
}

/** With `UPDATE_GOLDEN` set, writes a chain into the golden folder: ask `network/blockcheck` about it before keeping it. */
export async function recordGolden(
  name: string,
  { blocks, trust }: { readonly blocks: readonly Buffer[]; readonly trust: Trust },
): Promise<void> {
  if (process.env['UPDATE_GOLDEN'] === undefined) return;
  const folder = join(__dirname, 'golden', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'trust.json'), `${JSON.stringify(trust, null, 2)}\n`);
  for (const [number, block] of blocks.entries()) {
    await writeFile(join(folder, `${String(number).padStart(6, '0')}.block`), block);
  }
}
