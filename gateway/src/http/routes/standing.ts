// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { calendarUntil, RULEBOOK_ID } from 'yuanliu-chaincode/rulebook/rulebook';
import { digest as contentDigest } from 'yuanliu-chaincode/vocabulary/vocabulary';
import type { LedgerConfig } from '../../config/config.js';
import { LEDGERS } from '../../config/settings.js';
import type { Issuer } from '../../identity/issuer.js';
import { normalDigest } from '../../imports/cells.js';
import type { LedgerIndex } from '../../index/ledger-index.js';
import { missingRules, unknownRules } from '../../index/read/missing-rules.js';
import { anyone } from '../../index/read/visibility.js';
import type { Beginning } from '../../ledger/beginning.js';
import type { Ledger } from '../../ledger/port.js';
import { notFound } from '../../errors/problem.js';
import { asOf, minBlock } from './query.js';
import { route, type Route } from '../route.js';

/** What the API says of the ledger behind it. */
export interface LedgerNotice {
  readonly kind: LedgerConfig['kind'];
  readonly beginning: Beginning;
  /** What it says of itself, if it is not to be relied on. */
  readonly notice?: string;
}

export interface StandingServices {
  readonly about: LedgerNotice;
  readonly ledger: Ledger;
  readonly index: LedgerIndex;
  readonly issuer: Issuer | undefined;
}

export const status = z.strictObject({
  channel: z.string(),
  chaincode: z.string(),
  ledger: z.enum(LEDGERS),
  notice: z.string().optional().meta({ description: 'What the embedded ledger says of itself.' }),
  genesis: z.string().meta({ description: 'Header hash of the genesis block, in hexadecimal.' }),
  pinned: z.boolean().meta({
    description:
      'Whether that genesis block was pinned. If not, this gateway follows the channel that it met first, and proves nothing.',
  }),
  ledgerHeight: z.int().nonnegative().meta({ description: 'The number of blocks on the ledger.' }),
  indexHeight: z.int().nonnegative().meta({ description: 'The number of blocks in the index.' }),
  digest: z
    .string()
    .meta({ description: 'Rolling digest of the index: the same for the same blocks, on any gateway.' }),
  setAside: z
    .int()
    .nonnegative()
    .meta({ description: 'Valid transactions whose writes cannot be read: they are in no record here.' }),
  rulebook: z.int().nonnegative().meta({ description: 'Version of the rulebook in force; 0 before there is one.' }),
  missingRules: z.array(z.string()).meta({
    description:
      'Rules of the contract that the rulebook in force does not have: they are not applied until it is amended.',
  }),
  unknownRules: z.array(z.string()).meta({
    description: 'Rules of the rulebook in force that the contract does not know: nothing is judged by them.',
  }),
  calendarUntil: z.iso.date().optional().meta({
    description:
      'The last day until which working days can be counted: amend the rulebook with the holidays of the next year before. Absent where no period is in working days.',
  }),
});

export const keySet = z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())) });

/** How the whole stands: status, rulebook, lookup by content, and the keys of the built-in issuer. */
export function standingRoutes({ about, ledger, index, issuer }: StandingServices): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/status',
      operationId: 'getStatus',
      tag: 'ledger',
      summary: 'Which ledger this is and how far the index has come',
      access: 'anyone',
      query: z.strictObject({ minBlock }),
      answers: { 200: { description: 'As of now.', schema: 'Status' } },
      handle: async () => {
        const { channel, chaincode } = ledger;
        const rulebook = index.rulebook();
        const until = rulebook && calendarUntil(rulebook.body, new Date().toISOString());
        const body: z.infer<typeof status> = {
          channel,
          chaincode,
          ledger: about.kind,
          ...(about.notice === undefined ? {} : { notice: about.notice }),
          ...about.beginning,
          ledgerHeight: await ledger.height(),
          indexHeight: index.height(),
          digest: index.digest(),
          setAside: index.setAside(),
          rulebook: rulebook?.version ?? 0,
          missingRules: [...missingRules(rulebook)],
          unknownRules: [...unknownRules(rulebook)],
          ...(until === undefined ? {} : { calendarUntil: until }),
        };
        return { body };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/rulebook',
      operationId: 'getRulebook',
      tag: 'rulebooks',
      summary: '规则库 — the rulebook in force: articles, periods, required parts',
      access: 'anyone',
      query: z.strictObject({ asOf: asOf.optional(), minBlock }),
      answers: { 200: { description: 'The rulebook.', schema: 'RulebookView' } },
      handle: ({ query: { asOf: at } }) => {
        const found = index.record(`rulebook/${RULEBOOK_ID}`, anyone, at === undefined ? {} : { asOf: at });
        if (!found) throw notFound(`rulebook/${RULEBOOK_ID}`);
        return { body: found };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/lookup',
      operationId: 'lookup',
      tag: 'ledger',
      summary: 'Which records carry this content',
      description: 'Shows what the caller may see; without a token, what the public may see.',
      access: 'anyone',
      query: z.strictObject({
        digest: z
          .preprocess((given) => (typeof given === 'string' ? normalDigest(given) : given), contentDigest)
          .meta({ description: 'Digest of the content, in any letter case: `sha256:` or `sm3:` and 64 hex digits.' }),
        asOf: asOf.optional(),
        minBlock,
      }),
      answers: { 200: { description: 'A hundred at most.', schema: 'Lookup' } },
      handle: async ({ query: { digest, asOf: at }, viewer }) => ({
        body: { items: await index.lookup(digest, { viewer, ...(at === undefined ? {} : { asOf: at }) }) },
      }),
    }),
    ...(issuer ? [keysRoute(issuer)] : []),
  ];
}

function keysRoute({ jwks }: Issuer): Route {
  return route({
    method: 'get',
    path: '/.well-known/jwks.json',
    operationId: 'getKeys',
    tag: 'tokens',
    summary: 'Public keys of the built-in issuer of tokens',
    access: 'anyone',
    query: z.strictObject({}),
    answers: { 200: { description: 'A JSON Web Key Set.', schema: 'KeySet' } },
    handle: () => ({ body: jwks }),
  });
}
