// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { LedgerIndex, TransactionView } from '../../index/ledger-index.js';
import type { Viewer } from '../../index/read/visibility.js';
import type { Ledger } from '../../ledger/port.js';
import { transactionView } from './shapes.js';
import { absent, Problem, unauthenticated } from '../../errors/problem.js';
import { minBlock } from './query.js';
import { route, type Asked, type Route } from '../route.js';
import { gatewayMessages, say, sayOf } from '../../messages/index.js';

export interface BlockServices {
  readonly ledger: Ledger;
  readonly index: LedgerIndex;
}

export const blockSummary = z.strictObject({
  number: z.int().nonnegative(),
  headerHash: z.string().meta({ description: 'SHA-256 of the header, hexadecimal.' }),
  transactions: z.array(transactionView),
  hidden: z.literal(true).optional().meta({ description: 'It holds transactions that the caller may not see.' }),
});

/** Transactions and blocks, as far as the caller may see what is in them. */
export function blockRoutes({ ledger, index }: BlockServices): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/transactions/{txId}',
      operationId: 'getTransaction',
      tag: 'ledger',
      summary: 'One transaction: where it is on the ledger and what it changed',
      access: 'anyone',
      query: z.strictObject({ minBlock }),
      answers: { 200: { description: 'With the records that the caller may see.', schema: 'Transaction' } },
      handle: ({ params: { txId = '' }, viewer }) => {
        if (!/^[0-9a-f]{64}$/.test(txId)) throw malformed('txId', 'not-a-transaction');
        const found = index.transaction(txId, viewer);
        if (!found || !isShown(found)) throw absent(say('no-transaction', { txId }));
        return { body: found };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/blocks/{number}',
      operationId: 'getBlock',
      tag: 'ledger',
      summary: 'One block: a summary, or its bytes as Fabric has them',
      description:
        'With `Accept: application/x-protobuf`, the serialized `common.Block`. The bytes hold everything that is in the block, so they are for those who may see everything: the data-authority and supervisors whose region covers the whole channel and whose remit is not limited. A channel member takes blocks from its own peer.',
      access: 'anyone',
      query: z.strictObject({ minBlock }),
      answers: {
        200: { description: 'With the transactions that the caller may see.', schema: 'Block', bytes: PROTOBUF },
      },
      handle: async (asked) => {
        const { params, viewer, header } = asked;
        const number = numberOf(params['number']);
        if (wantsBytes(header('Accept'))) {
          requireFullSight(asked, index);
          return { headers: { 'Content-Type': PROTOBUF }, body: await bytesOf(number, ledger) };
        }
        const block = index.block(number);
        if (!block) throw absent(say('no-block', { number }));
        return { body: summary(block, viewer) };
      },
    }),
  ];

  function summary(
    { number, headerHash, transactions: ids }: { number: number; headerHash: string; transactions: readonly string[] },
    viewer: Viewer,
  ): z.infer<typeof blockSummary> {
    const found = ids.flatMap((txId) => index.transaction(txId, viewer) ?? []);
    const transactions = found.filter(isShown);
    const hidden = transactions.length < ids.length || transactions.some((one) => one.hidden);
    return { number, headerHash, transactions, ...(hidden ? { hidden } : {}) };
  }
}

const PROTOBUF = 'application/x-protobuf';

/** A media type of weight zero is one that is not wanted (RFC 9110, 12.4.2). */
function wantsBytes(accept = ''): boolean {
  return accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === PROTOBUF && !parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter));
  });
}

/** Shown are transactions that changed something which the caller may see, and those that change no record at all. */
function isShown({ changed, hidden }: TransactionView): boolean {
  return changed.length > 0 || hidden === undefined;
}

/** Whole blocks are for those who oversee all of the channel: everything in them, sealed findings too. */
function requireFullSight({ subject, viewer }: Asked, index: LedgerIndex): void {
  if (!subject) throw unauthenticated();
  if (index.seesEverything(viewer)) return;
  throw new Problem('FORBIDDEN', say('block-hides'));
}

/** The genesis block is number 0; a number that is none is a wrong parameter. */
function numberOf(text = ''): number {
  if (/^(?:0|[1-9][0-9]{0,8})$/.test(text)) return Number(text);
  throw malformed('number', 'not-a-block-number');
}

async function bytesOf(number: number, ledger: Ledger): Promise<Buffer> {
  if (number < (await ledger.height())) {
    for await (const block of ledger.blocks(number)) return Buffer.from(block.bytes);
  }
  throw absent(say('no-block', { number }));
}

function malformed(path: string, code: 'not-a-block-number' | 'not-a-transaction'): Problem {
  const why = gatewayMessages.message(code);
  return new Problem('INPUT_INVALID', { ...say('path-unfit', { path, why }), issues: [sayOf(path, code)] });
}
