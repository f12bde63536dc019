// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Act } from 'yuanliu-chaincode/kind/act';
import { record, request } from 'yuanliu-chaincode/records/usage/usage';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import { cast } from 'yuanliu-demo/cast';
import { ids, use } from 'yuanliu-demo/story';
import { newActs } from 'yuanliu-gateway/acts/perform';
import { factsOf } from 'yuanliu-gateway/ledger/block-facts';
import { openIndex } from 'yuanliu-gateway/index/open-index';
import { readConnection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';
import type { Ledger } from 'yuanliu-gateway/ledger/port';
import type { Bench } from './bench.js';
import { type Ground, onGround } from './fabric/ground.js';

const WRITERS = 50;
/** Reports of each writer in a sample, one after the other. */
const EACH = 4;
/** Of the permits that the writers ask for at once, how many there is room for. */
const ROOM = 40;

/**
 * 50 writers at once under one quota on Fabric, through the acts of a gateway: the reports that are accepted of those that
 * are offered; what is found invalid of what is valid on the ledger; the permits given of those that there is room for.
 */
const bench: Bench = {
  name: 'quota',
  unit: 'reports accepted, of those offered',
  about: '50 concurrent writers under one quota on Fabric: accepted ÷ offered; invalid ÷ valid transactions',
  run: (options) =>
    onGround(options, (ground) =>
      atDesk(ground, async ({ ledger, send, limit, settled }) => {
        const reports = { ours: [] as number[], reference: [] as number[] };
        const invalid = { ours: [] as number[], reference: [] as number[], unit: 'transactions, invalid of valid' };
        const permits = {
          ours: [] as number[],
          reference: [] as number[],
          unit: 'permits, of those there is room for',
        };
        for (let sample = 0; sample < options.samples; sample++) {
          const from = await ledger.height();
          await limit(1_000_000_000);
          reports.ours.push(await many(() => send(record), EACH));
          reports.reference.push(WRITERS * EACH);
          await settled();
          await limit((await taken(ledger)) + ROOM);
          permits.ours.push(await many(() => send(request), 1));
          permits.reference.push(ROOM);
          const seen = await validity(ledger, from);
          invalid.ours.push(seen.invalid);
          invalid.reference.push(seen.valid);
        }
        return { ...reports, also: { invalid, permits } };
      }),
    ),
};
export default bench;

/** A developer's gateway, as far as acts go. */
interface Desk {
  readonly ledger: Ledger;
  /** Whether it was accepted; a refusal is an answer, anything else is thrown. */
  readonly send: (act: unknown) => Promise<boolean>;
  /** Gives the developer's grant this quota. */
  readonly limit: (quota: number) => Promise<void>;
  /** Resolves once every report is metered. */
  readonly settled: () => Promise<void>;
}

async function atDesk<T>({ network, identityOf, home }: Ground, run: (desk: Desk) => Promise<T>): Promise<T> {
  const connection = await readConnection(network.folder.connection, cast.developer.msp);
  const [developer, agency] = [await identityOf(cast.developer), await identityOf(cast.agency)];
  const directory = join(home, 'desk');
  const ledger = await openFabricLedger({ connection, directory, reader: () => Promise.resolve(developer) });
  const index = await openIndex({ directory: join(directory, 'index'), ledger });
  const signers = {
    signerFor: () => Promise.resolve(developer),
    mspOf: () => cast.developer.msp,
    vouch: () => Promise.resolve(),
  };
  const acts = newActs({ ledger, index, signers, waitMs: 10_000 });
  const subject = { user: cast.developer.user, organization: cast.developer.code };
  const send: Desk['send'] = (act) =>
    acts.perform({ act: act as Act, id: `U-${randomUUID()}`, json: JSON.stringify(use()), subject }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof ContractError) return false;
        throw error;
      },
    );
  const limit: Desk['limit'] = async (quota) => {
    const terms = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z', quota };
    const args = [ids.grant, JSON.stringify({ terms, reason: '演示' })];
    await ledger.submit({ identity: agency, transaction: 'grant:amend', args });
  };
  try {
    await index.waitFor((await ledger.height()) - 1, 60_000);
    return await run({ ledger, send, limit, settled: () => acts.settled() });
  } finally {
    await acts.settled();
    await index.close();
    await ledger.close();
  }
}

/** How many writers' acts were accepted. */
async function many(send: () => Promise<boolean>, each: number): Promise<number> {
  const writers = Array.from({ length: WRITERS }, async () => {
    let accepted = 0;
    for (let n = 0; n < each; n++) if (await send()) accepted++;
    return accepted;
  });
  return (await Promise.all(writers)).reduce((sum, one) => sum + one, 0);
}

/** How much of the grant's quota the ledger says is taken, from the last write of its count. */
async function taken(ledger: Ledger): Promise<number> {
  let last = 0;
  await eachTransaction(ledger, 0, ({ writes }) => {
    const count = writes.findLast(({ key }) => key === `~tally/grant/${ids.grant}`);
    if (count) last = Number(count.value);
  });
  return last;
}

async function validity(ledger: Ledger, from: number): Promise<{ readonly valid: number; readonly invalid: number }> {
  let valid = 0;
  let invalid = 0;
  await eachTransaction(ledger, from, ({ validationCode }) => {
    if (validationCode === 'VALID') valid++;
    else invalid++;
  });
  return { valid, invalid };
}

type Facts = ReturnType<typeof factsOf>['transactions'][number];

async function eachTransaction(ledger: Ledger, from: number, see: (transaction: Facts) => void): Promise<void> {
  const height = await ledger.height();
  if (from >= height) return;
  for await (const block of ledger.blocks(from)) {
    factsOf(block, ledger.chaincode).transactions.forEach(see);
    if (block.number + 1 >= height) return;
  }
}
