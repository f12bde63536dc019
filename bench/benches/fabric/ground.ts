// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import { SigningIdentity } from 'yuanliu-gateway/identity/signing-identity';
import { readConnection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';
import { networkIn } from 'yuanliu-network/commands/options';
import { readSecrets } from 'yuanliu-network/identity/authority';
import { enrolClient } from 'yuanliu-network/identity/enrol';
import type { Network } from 'yuanliu-network/nodes/services';
import { silent } from 'yuanliu-network/progress';
import { raiseNetwork } from 'yuanliu-network/raise';
import { toolchainFor } from 'yuanliu-network/toolchain/toolchain';
import { cast, type Member } from 'yuanliu-demo/cast';
import { shortStory } from 'yuanliu-demo/short-story';
import { ids } from 'yuanliu-demo/story';
import type { BenchOptions } from '../bench.js';
import { WorkerClient } from './client.js';
import type { DriverName } from './driver.js';

/** A Fabric network with a product whose use can be recorded. */
export interface Ground {
  readonly network: Network;
  /** Another client of it; `checkEvery` as for the gateway's ledger. It is closed with the ground. */
  readonly client: (driver: DriverName, checkEvery?: number) => WorkerClient;
  /** The identity of a member's user, enrolled once. */
  readonly identityOf: (member: Member) => Promise<SigningIdentity>;
  /** A folder that is deleted with the ground. */
  readonly home: string;
}

/** Brings a network up, or takes the one that is given, for as long as `measure` takes. */
export async function onGround<T>(options: BenchOptions, measure: (ground: Ground) => Promise<T>): Promise<T> {
  if (options.network !== undefined) return settled(networkIn(options.network), measure);
  const raised = await raiseNetwork();
  try {
    return await settled(raised.network, measure);
  } finally {
    await raised.destroy();
  }
}

async function settled<T>(network: Network, measure: (ground: Ground) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'yuanliu-bench-'));
  const clients: WorkerClient[] = [];
  try {
    const enrol = await enroller(network, home);
    const identityOf: Ground['identityOf'] = async (member) => {
      const msp = await enrol(member);
      const certificate = await readFile(join(msp, 'signcerts', 'cert.pem'), 'utf8');
      const privateKey = await readFile(join(msp, 'keystore', 'key.pem'), 'utf8');
      return new SigningIdentity({ mspId: member.msp, certificate, privateKey });
    };
    await tellStory(network, home, identityOf);
    const { msp: mspId } = cast.developer;
    const msp = await enrol(cast.developer);
    const client: Ground['client'] = (driver, checkEvery = 1) => {
      const directory = join(home, `client-${clients.length}`);
      const connection = network.folder.connection;
      const started = new WorkerClient({ driver, connection, mspId, msp, directory, checkEvery });
      clients.push(started);
      return started;
    };
    return await measure({ network, client, identityOf, home });
  } finally {
    for (const client of clients) client.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** Enrols a member's user, once, and returns its MSP folder. */
type Enrol = (member: Member) => Promise<string>;

async function enroller(network: Network, home: string): Promise<Enrol> {
  const toolchain = await toolchainFor(network.topology.fabric, silent);
  const secrets = await readSecrets(network.folder);
  const enrolled = new Map<string, string>();
  return async ({ msp, user: post, code }) => {
    const known = enrolled.get(`${post} ${code}`);
    if (known !== undefined) return known;
    const organization = network.topology.organizations.find(({ mspId }) => mspId === msp);
    if (!organization) throw new Error(`${msp} is not on this network`);
    const target = join(home, `msp-${enrolled.size}`);
    const user = `bench-${Date.now()}-${enrolled.size}`; // the network may know those of a bench before
    const attributes = { 'yuanliu.org': code };
    await enrolClient({ ...network, toolchain }, secrets, { organization, user, attributes, target });
    enrolled.set(`${post} ${code}`, target);
    return target;
  };
}

/** Does nothing where it was told before. */
async function tellStory({ folder }: Network, home: string, identityOf: Ground['identityOf']): Promise<void> {
  const connection = await readConnection(folder.connection, cast.authority.msp);
  const reader = await identityOf(cast.authority);
  const ledger = await openFabricLedger({
    connection,
    directory: join(home, 'story'),
    reader: () => Promise.resolve(reader),
  });
  try {
    const told = await ledger.evaluate({ identity: reader, transaction: 'product:get', args: [ids.derived] }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof ContractError) return false;
        throw error;
      },
    );
    if (told) return;
    for (const { by, act, id, input } of shortStory()) {
      await ledger.submit({ identity: await identityOf(by), transaction: act, args: [id, JSON.stringify(input)] });
    }
  } finally {
    await ledger.close();
  }
}
