// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { query } from '../channel/transact.js';
import { membersHere } from '../host.js';
import type { Network } from '../nodes/services.js';
import { ToolError } from '../tool.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import { type Organization } from '../topology.js';
import { deployed, nextOf } from './package.js';

const about = z.object({ digest: z.string(), version: z.string() });

/** What the chaincode that a member's peer runs says of its own code; undefined for one of before it could tell. */
export async function codeRunAt(
  network: Network,
  toolchain: Toolchain,
  from: Organization,
): Promise<z.infer<typeof about> | undefined> {
  try {
    return about.parse(JSON.parse(await query(network, toolchain, ['code:about'], { from })));
  } catch (error) {
    // fabric-contract-api has no code for a contract that is not there.
    if (error instanceof ToolError && error.output.includes('Contract name is not known')) return undefined;
    throw error;
  }
}

/** @throws Error that names the peers whose chaincode is other code than the organisations approved. */
export async function demandCode(network: Network, toolchain: Toolchain): Promise<void> {
  const approved = [(await deployed(network)).code.digest, nextOf(network.folder)?.code.digest];
  const others: string[] = [];
  for (const member of membersHere(network)) {
    const running = await codeRunAt(network, toolchain, member);
    if (running && !approved.includes(running.digest))
      others.push(`peer.${member.name} runs ${running.digest.slice(0, 12)} (version ${running.version})`);
  }
  if (others.length > 0)
    throw new Error(
      `the package on the channel is of code ${approved[0]?.slice(0, 12) ?? ''}, but ${others.join(', ')}: ` +
        'restart the chaincode from the commit it was made from, or bring the other code in with `npm run network -- upgrade`',
    );
}
