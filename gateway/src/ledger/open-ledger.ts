// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Trust } from 'yuanliu-verifier';
import { founder } from 'yuanliu-chaincode/engine/founder';
import type { LedgerConfig } from '../config/config.js';
import { NOTICE } from '../identity/embedded-pki.js';
import type { People } from '../identity/people.js';
import { BEGINNING, type Beginning, demandGenesis, genesisOf, readBeginning, writeBeginning } from './beginning.js';
import { type EmbeddedLedger, openEmbeddedLedger } from './embedded/ledger.js';
import { makeDataFolder } from '../storage/private-files.js';
import { LedgerError } from './error.js';
import type { FabricLedgerOptions } from './fabric/ledger.js';
import type { Ledger } from './port.js';

/** A ledger that is open, and the people that it is open to. */
export interface OpenedLedger {
  readonly ledger: Ledger;
  readonly people: People;
  /** What its blocks are checked from. */
  readonly trust: Trust;
  readonly beginning: Beginning;
  /** The MSP whose first organisation founds the ledger. */
  readonly founder: string;
  /** What the ledger says of itself, if it is not to be relied on. */
  readonly notice?: string;
  /** The embedded ledger itself, where it is that: a network is backed up by its operators. */
  readonly embedded?: EmbeddedLedger;
  /** Closes the ledger and lets go of the identities. Idempotent. */
  close(): Promise<void>;
}

/** What matters to a ledger on a network only. */
type NetworkOptions = Pick<FabricLedgerOptions, 'logger' | 'settle'>;

/**
 * Opens the ledger that the configuration asks for; what it keeps is in `directory`.
 *
 * @throws LedgerError `UNAVAILABLE` when it cannot be reached, when another process holds the directory, or when the
 *   directory is of another ledger.
 */
export async function openLedger(
  directory: string,
  config: LedgerConfig,
  options: NetworkOptions = {},
): Promise<OpenedLedger> {
  const other = config.kind === 'embedded' ? 'fabric' : 'embedded';
  if (existsSync(join(directory, KEEPS[other]))) {
    const message = `${directory} is of the ${other} ledger: choose another folder, or YUANLIU_LEDGER=${other}`;
    throw new LedgerError('UNAVAILABLE', message);
  }
  await makeDataFolder(directory);
  if (config.kind === 'embedded') return openEmbedded(directory, config.genesis, options.settle);
  return openFabric(directory, config, options);
}

/** What only that ledger keeps in its folder. */
const KEEPS = { embedded: 'ledger', fabric: 'outbox' } as const;

async function openEmbedded(directory: string, pin: string | undefined, keep = true): Promise<OpenedLedger> {
  const stored = await readBeginning(directory);
  const ledger = await openEmbeddedLedger({ directory });
  try {
    const genesis = await genesisOf(ledger);
    demandGenesis(genesis, pin, 'YUANLIU_GENESIS');
    demandGenesis(genesis, stored?.genesis, join(directory, BEGINNING));
    // A ledger of before this was kept: the certificate authorities beside it are those that it was founded with.
    const own = keep && stored === undefined;
    const beginning = { genesis, pinned: pin !== undefined || own || stored?.pinned === true };
    if (keep && stored?.pinned !== beginning.pinned) await writeBeginning(directory, beginning);
    const { pki } = ledger;
    const roots = Object.fromEntries(pki.members.map(({ mspId, root }) => [mspId, [root]]));
    const trust = beginning.pinned ? { genesis } : { roots, blockSigners: 1 };
    const close = (): Promise<void> => ledger.close();
    return { ledger, people: pki.people, trust, beginning, founder, notice: NOTICE, embedded: ledger, close };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** What speaks to Fabric is loaded here: a gateway on the embedded ledger needs none of it. */
async function openFabric(
  directory: string,
  { kind, connection: file, mspId, checkEvery, genesis: pin }: Exclude<LedgerConfig, { kind: 'embedded' }>,
  options: NetworkOptions,
): Promise<OpenedLedger> {
  const { readConnection, trustOf } = await import('./fabric/connection-file.js');
  const open =
    kind === 'fabric'
      ? (await import('./fabric/ledger.js')).openFabricLedger
      : (await import('./fabric/sdk/ledger.js')).openSdkLedger;
  const { FabricAuthorities } = await import('../identity/fabric-authorities.js');

  const read = await readConnection(file, mspId);
  if (pin !== undefined && read.genesis !== undefined) demandGenesis(read.genesis, pin, 'YUANLIU_GENESIS');
  const connection = pin === undefined ? read : { ...read, genesis: pin };
  const authorities = await FabricAuthorities.open(join(directory, 'identities'), connection.own, {
    ...(options.logger ? { logger: options.logger } : {}),
  });
  try {
    await authorities.reader(); // what hinders it is said at the start
    const ledger = await open({ connection, directory, reader: () => authorities.reader(), checkEvery, ...options });
    const beginning = { genesis: await genesisOf(ledger), pinned: connection.genesis !== undefined };
    const close = async (): Promise<void> => {
      await ledger.close();
      await authorities.close();
    };
    return {
      ledger,
      people: authorities.people,
      trust: trustOf(connection),
      beginning,
      founder: connection.founder,
      close,
    };
  } catch (error) {
    await authorities.close();
    throw error;
  }
}
