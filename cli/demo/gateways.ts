// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startGateway, type Config, type Gateway } from 'yuanliu-gateway';
import type { LEDGERS } from 'yuanliu-gateway/config/settings';
import { configOf, type ServeOptions } from '../commands/serve.js';
import { demandDigest, examineLedger, type Examination } from '../examine.js';
import { said } from '../words/index.js';

export interface Ground extends ServeOptions {
  readonly data: string;
  readonly ledger: (typeof LEDGERS)[number];
  /** Folder of the Fabric network. */
  readonly network: string;
}

/** The gateways of a demonstration: one for all on the embedded ledger, one for each organisation on Fabric. */
export interface Gateways {
  /** The one that the public asks. */
  readonly first: Gateway;
  readonly all: readonly Gateway[];
  /** The gateway of the members under an MSP. */
  of(mspId: string): Gateway;
  close(): Promise<void>;
  /** Once closed: checks the whole ledger, and that every gateway's index says the same. Throws if one does not. */
  examine(): Promise<Examination>;
}

/** Starts them; if one does not start, none runs. */
export async function startGateways(ground: Ground): Promise<Gateways> {
  const configs = await configsOf(ground);
  const running = new Map<string, Gateway>();
  const close = async (): Promise<void> => {
    await Promise.all([...running.values()].map((gateway) => gateway.close()));
  };
  try {
    for (const config of configs) running.set(memberOf(config), await startGateway(config));
  } catch (error) {
    await close();
    throw error;
  }
  const all = [...running.values()];
  const [first] = all;
  if (!first) throw new Error(`the network in ${ground.network} has no organisations`);
  return {
    first,
    all,
    of: (mspId) => running.get(mspId) ?? first,
    close,
    examine: async () => {
      const [own, ...others] = configs;
      if (!own) throw new Error('there is no gateway');
      const examination = await examineLedger(own);
      for (const config of others) await demandDigest(config, examination.digest);
      return examination;
    },
  };
}

async function configsOf({ ledger, network, ...options }: Ground): Promise<readonly Config[]> {
  const quiet = { YUANLIU_LOG_LEVEL: 'error', YUANLIU_REQUESTS_PER_MINUTE: '1000000' };
  if (ledger === 'embedded') return [configOf(options, { ...quiet, YUANLIU_LEDGER: 'embedded' })];
  const connection = join(network, 'network.json');
  if (!existsSync(connection)) {
    throw new Error(said('no-network', { network }));
  }
  const { organizations } = JSON.parse(await readFile(connection, 'utf8')) as {
    organizations: Record<string, unknown>;
  };
  return Object.keys(organizations).map((mspId, turn) => {
    const own = { YUANLIU_LEDGER: ledger, YUANLIU_FABRIC: connection, YUANLIU_MSP: mspId };
    const { port = 8080, adminPort = 8081 } = options;
    const ports = { port: port && port + 2 * turn, adminPort: adminPort && adminPort + 2 * turn };
    return configOf({ data: join(options.data, mspId), ...ports }, { ...quiet, ...own });
  });
}

function memberOf({ ledger }: Config): string {
  return ledger.kind === 'embedded' ? '' : ledger.mspId;
}
