// SPDX-License-Identifier: Apache-2.0
import { decodeBlock, type NamespaceReadWriteSet, type Version } from 'yuanliu-verifier';
import type { Ledger } from 'yuanliu-gateway/ledger/port';
import { ledgerTimeOf } from 'yuanliu-gateway/ledger/time';
import { storedBlocks } from 'yuanliu-cli/stored-blocks';

/**
 * What each valid transaction of the contract read and wrote, a line each, in the ledger's order. Transaction ids, ledger
 * times and versions stand as ordinals, so that the same history gives the same lines on any ledger.
 */
export async function legibleHistory(ledger: Ledger): Promise<string[]> {
  const found: string[] = [];
  const ids = new Map<string, string>();
  const times = new Map<string, string>();
  const places = new Map<string, string>();
  for await (const { number, bytes } of storedBlocks(ledger)) {
    for (const [turn, transaction] of decodeBlock(bytes).transactions.entries()) {
      if (transaction.type !== 'ENDORSER_TRANSACTION' || transaction.validationCode !== 'VALID') continue;
      const sets = transaction.readWriteSets.filter(({ namespace }) => namespace === ledger.chaincode);
      if (sets.length === 0) continue;
      const ordinal = ids.size;
      ids.set(transaction.txId.slice(0, CUT), `tx${ordinal}`);
      times.set(ledgerTimeOf(transaction.timestamp), `time${ordinal}`);
      places.set(`${number}:${turn}`, `version${ordinal}`);
      const withOrdinals = (text: string): string =>
        text.replace(/[0-9a-f]{24}(?:[0-9a-f]{40})?/g, (id) => ids.get(id.slice(0, CUT)) ?? id);
      const text = JSON.stringify(sets.map((set) => legible(set, places, withOrdinals)));
      found.push(
        withOrdinals(text).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => times.get(time) ?? later(time, times)),
      );
    }
  }
  return found;
}

/** A moment so many days after a ledger time, such as the end of a period: by its time of day, to the millisecond. */
function later(time: string, times: ReadonlyMap<string, string>): string {
  const DAY = 86_400_000;
  for (const [from, ordinal] of times) {
    if (from.slice(10) === time.slice(10)) return `${ordinal}+${(Date.parse(time) - Date.parse(from)) / DAY}d`;
  }
  return time;
}

/** Ids in records that are made up from a transaction's are cut to so many characters. */
const CUT = 24;

/** Keys are in order as they are shown: made up from transaction ids, their own order differs by ledger. */
function legible(
  { namespace, reads, writes }: NamespaceReadWriteSet,
  places: ReadonlyMap<string, string>,
  shown: (key: string) => string,
): unknown {
  const at = (version?: Version): string =>
    version ? (places.get(`${version.block}:${version.transaction}`) ?? JSON.stringify(version)) : 'absent';
  return [
    namespace,
    reads.map(({ key, version }) => [shown(key), at(version)] as const).sort(byKey),
    writes.map(({ key, value }) => [shown(key), value?.toString()] as const).sort(byKey),
  ];
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

/** The keys that one valid transaction of the contract read, and what it wrote by key. */
export async function keysOf(
  ledger: Ledger,
  txId: string,
): Promise<{ readonly reads: readonly string[]; readonly writes: ReadonlyMap<string, string> }> {
  for await (const { bytes } of storedBlocks(ledger)) {
    const transaction = decodeBlock(bytes).transactions.find((one) => one.txId === txId);
    if (transaction?.type !== 'ENDORSER_TRANSACTION') continue;
    const own = transaction.readWriteSets.find(({ namespace }) => namespace === ledger.chaincode);
    const writes = (own?.writes ?? []).map(({ key, value }) => [key, value?.toString() ?? ''] as const);
    return { reads: (own?.reads ?? []).map(({ key }) => key), writes: new Map(writes) };
  }
  throw new Error(`no transaction ${txId} on the ledger`);
}
