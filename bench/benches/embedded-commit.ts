// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { EmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { type DecodedBlock, decodeBlock } from 'yuanliu-verifier';
import { type Bench, cpuOf, inPairs } from './bench.js';
import { inFolder, submitting, withLedger } from './embedded/ground.js';

/** Uses recorded per measurement, this many at once. */
const TRANSACTIONS = 2000;
const AT_ONCE = 100;

/**
 * One `usage:record` on the embedded ledger, end to end: proposal, all rules of the contract, three endorsements, order,
 * validation, durable commit. Against the signatures that no ledger of this kind can do without: the client's, three
 * endorsers', and the transaction's share of the orderer's.
 */
const bench: Bench = {
  name: 'embedded-commit',
  unit: 'µs CPU per transaction',
  about: 'usage:record on the embedded ledger, durable, against its bare signatures',
  run: ({ samples }) =>
    inFolder((directory) =>
      withLedger(directory, async (ledger) => {
        const submit = await submitting(ledger);
        const record = () => submit(TRANSACTIONS, AT_ONCE);
        await record(); // warm
        const bare = bareSignatures(await lastBlock(ledger));
        bare(TRANSACTIONS);
        return inPairs(samples, {
          ours: () => cpuPerTransaction(record),
          reference: () =>
            cpuPerTransaction(() => {
              bare(TRANSACTIONS);
            }),
        });
      }),
    ),
};
export default bench;

async function lastBlock(ledger: EmbeddedLedger): Promise<DecodedBlock> {
  for await (const { bytes } of ledger.blocks((await ledger.height()) - 1)) return decodeBlock(bytes);
  throw new Error('the ledger has no block');
}

/** Signs messages as long as the real ones: the transaction, the response with each endorser's identity, the header. */
function bareSignatures({ transactions, data }: DecodedBlock): (count: number) => void {
  const [transaction] = transactions;
  if (!transaction) throw new Error('the block holds no transaction');
  const response = transaction.endorsed.proposalResponse.length;
  const messages = [
    transaction.payload,
    ...transaction.endorsements.map(({ endorserBytes }) => Buffer.alloc(response + endorserBytes.length)),
  ];
  const header = Buffer.alloc(1200);
  const keys = messages.map(() => newKey());
  return (count) => {
    for (let done = 0; done < count; done++) {
      messages.forEach((message, place) => sign('sha256', message, keys[place] ?? newKey()));
      if (done % data.length === 0) sign('sha256', header, keys[0] ?? newKey());
    }
  };
}

function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

async function cpuPerTransaction(work: () => Promise<void> | void): Promise<number> {
  return (await cpuOf(work)) / TRANSACTIONS;
}
