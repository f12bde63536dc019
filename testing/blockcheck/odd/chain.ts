// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeBlock, newHeader } from 'yuanliu-gateway/ledger/embedded/block';
import { newGenesis } from 'yuanliu-gateway/ledger/embedded/genesis';
import { decodeBlock, type Trust, verifyChain, type Verdict } from 'yuanliu-verifier';
import { Action } from 'yuanliu-verifier/block/transaction';
import { Message } from 'yuanliu-verifier/wire/message';
import { schemas, wellFormed } from 'yuanliu-verifier/wire/schema';
import { Random } from '../../random.js';
import type { Case } from './cases.js';
import { asOrdered } from './fields.js';
import { SETUP_KEYS } from './key-sets.js';
import { buildEnvelope, writeField } from './layers.js';
import { CHANNEL, type World } from './world.js';

/** Odd transactions in one block, after one that writes a few keys for them to read. */
export interface OddChain {
  readonly genesis: Buffer;
  readonly setup: Buffer;
  readonly odd: readonly { readonly name: string; readonly envelope: Buffer }[];
  readonly trust: Trust;
}

/** What Fabric makes of one block. */
export interface Judged {
  readonly block: number;
  /** One validation code a transaction, hexadecimal. */
  readonly filter: string;
  readonly commitHash: string;
}

/** How our verifier takes the same chain, with what Fabric made of it in the blocks. */
export interface Comparison {
  readonly names: readonly string[];
  readonly judged: readonly Judged[];
  /** The blocks as a peer would hand them out. */
  readonly blocks: readonly Buffer[];
  readonly verdict: Verdict;
}

/** Builds each case, leaves out what no orderer lets through, and what ends Fabric's own process. */
export function newOddChain(world: World, cases: readonly Case[], seed: number): OddChain {
  const random = new Random(seed);
  // After key-level policies nothing in their block is judged by the chaincode's own: they come last.
  const [plain, last] = [false, true].map((isLast) => cases.filter(({ name }) => name.includes('metadata') === isLast));
  const odd = [...(plain ?? []), ...(last ?? [])].flatMap((one, index) => {
    const envelope = asOrdered(one.build(world, `key-${seed}-${index}`, random));
    return envelope && !endsFabric(envelope) ? [{ name: one.name, envelope }] : [];
  });
  const { members, client } = world;
  const endorsers = members.flatMap(({ peer }) => peer ?? []);
  const keys = Buffer.concat(SETUP_KEYS.map((key) => writeField(key, 'there')));
  const setup = buildEnvelope({ client, endorsers, channel: CHANNEL, key: '', keys }, (_, bytes) => bytes);
  const genesis = Buffer.from(newGenesis(CHANNEL, members, new Date('2026-01-01T00:00:00Z')).block);
  const trust = { genesis: decodeBlock(genesis).headerHash.toString('hex') };
  return { genesis, setup, odd, trust };
}

/** Has Fabric judge a chain in `folder`, and then our verifier what Fabric made of it. */
export async function compare(blockcheck: string, folder: string, chain: OddChain, world: World): Promise<Comparison> {
  const nothing = { filter: '', commitHash: '' };
  await writeBlocks(folder, blocksOf(chain, world, [nothing, nothing]));
  const judged = await judge(blockcheck, folder);
  const blocks = blocksOf(chain, world, judged);
  const verdict = await verifyChain(blocks, chain.trust);
  return { names: chain.odd.map(({ name }) => name), judged, blocks, verdict };
}

function blocksOf(
  { genesis, setup, odd }: OddChain,
  { members }: World,
  judged: readonly Omit<Judged, 'block'>[],
): Buffer[] {
  const orderer = members[0]?.orderer;
  if (!orderer) throw new Error('there is no orderer');
  const blocks = [genesis];
  for (const [index, data] of [[setup], odd.map(({ envelope }) => envelope)].entries()) {
    const previous = decodeBlock(blocks.at(-1) ?? genesis).headerHash;
    const header = newHeader(index + 1, previous, data);
    const { filter = '', commitHash = '' } = judged[index] ?? {};
    const metadata = { filter: Buffer.from(filter, 'hex'), commitHash: Buffer.from(commitHash, 'hex') };
    blocks.push(encodeBlock(header, data, orderer, metadata));
  }
  return blocks;
}

async function writeBlocks(folder: string, blocks: readonly Buffer[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(blocks.map((bytes, n) => writeFile(join(folder, `${String(n).padStart(6, '0')}.block`), bytes)));
}

function judge(blockcheck: string, folder: string): Promise<Judged[]> {
  return new Promise((done, fail) => {
    execFile(blockcheck, ['-alone', folder], { maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error) fail(new Error(stderr.trim().slice(-2000) || error.message));
      else done(JSON.parse(stdout) as Judged[]);
    });
  });
}

/**
 * Fabric 3.1.1's peer stops at a configuration that is none, and ends with a nil pointer on a payload without a header
 * and on an action that holds none. Orderers keep out all but the last. What a peer cannot judge is in no chain.
 */
function endsFabric(envelope: Buffer): boolean {
  try {
    const payload = wellFormed(wellFormed(envelope, schemas.Envelope).bytes(1), schemas.Payload);
    const header = payload.optionalMessage(1);
    if (!header || new Message(header.bytes(1)).int32(1) === CONFIG) return true;
    new Action(payload.bytes(2));
    return false;
  } catch (error) {
    return error instanceof Error && error.message === NO_ACTION;
  }
}

const CONFIG = 1;
const NO_ACTION = 'a transaction without an action';
