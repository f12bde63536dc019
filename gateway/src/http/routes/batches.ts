// SPDX-License-Identifier: Apache-2.0
import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { z } from 'zod';
import { actNamed, MOST_ACTS, MOST_BYTES } from 'yuanliu-chaincode/engine/batch';
import { commonInput } from 'yuanliu-chaincode/kind/input';
import type { Language } from 'yuanliu-chaincode/messages';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import type { Acts, ManyRequest } from '../../acts/perform.js';
import type { Outcome } from '../../acts/together.js';
import type { Limits } from '../../config/config.js';
import { logProblem } from '../../errors/log-problem.js';
import { Problem, problemOf, unauthenticated } from '../../errors/problem.js';
import type { TokenSubject } from '../../identity/issuer.js';
import type { LedgerIndex } from '../../index/ledger-index.js';
import { inWords } from '../language.js';
import type { Admission } from '../middleware/admission.js';
import { overloaded } from '../middleware/admission.js';
import { newPlaces } from '../middleware/places.js';
import { describeProblem } from '../middleware/tell-problem.js';
import { route, type Route } from '../route.js';
import { lineGroups, type Line } from '../streaming/line-groups.js';
import { Pouring } from '../streaming/pour.js';
import { flag, minBlock } from './query.js';
import { say } from '../../messages/index.js';
import { firstOf, issuesOf } from '../../messages/issues.js';

export interface BatchServices {
  readonly acts: Acts;
  readonly admission: Admission;
  readonly index: LedgerIndex;
  readonly limits: Limits;
  readonly logger: Logger;
}

const NDJSON = 'application/x-ndjson';

/** 批量办理 — many acts in few transactions: a line each, and a result for each line as it commits. */
export function batchRoutes({ acts, admission, index, limits, logger }: BatchServices): Route[] {
  const places = newPlaces({
    each: EACH,
    inAll: IN_ALL,
    strangers: { each: 0, inAll: 0 },
    none: () => overloaded(say('no-room-for-batches', { each: EACH })),
  });

  const perform = async (group: readonly Line[], { subject, language }: Caller, atomic = false): Promise<object[]> => {
    const read = group.map(readLine);
    const asked = read.flatMap((one) => ('request' in one ? [one] : []));
    const failed = read.find((one) => 'error' in one);
    if (atomic && failed) throw atLine(failed.error, failed.line);
    const outcomes = new Map<number, Outcome>();
    try {
      const requests = asked.map(({ request }) => request);
      const found =
        requests.length === 0
          ? []
          : await admission.admitRows(subject.organization, requests.length, () =>
              acts.performAll(requests, { subject, atomic }),
            );
      for (const [place, { line }] of asked.entries()) {
        outcomes.set(line, found[place] ?? { error: new Error(`line ${line} was not answered`) });
      }
    } catch (error) {
      if (atomic) throw atLine(error, asked[seqOf(error)]?.line);
      for (const { line } of asked) outcomes.set(line, { error });
    }
    return read.map((one) => {
      const { line, named } = one;
      const outcome = 'error' in one ? one : outcomes.get(line);
      if (outcome && !('error' in outcome)) return { line, ...named, ...resultOf(outcome, language) };
      const problem = problemOf(outcome?.error);
      logProblem(problem, { line }, logger);
      return { line, ...named, problem: describeProblem(problem, index, language) };
    });
  };

  /** A text for each group of lines, and the summary; what ends the body early is told in a line of its own. */
  async function* results(body: Readable, caller: Caller): AsyncGenerator<string> {
    const counts = { lines: 0, done: 0, replayed: 0, failed: 0 };
    let problem: object | undefined;
    try {
      for await (const group of lineGroups(body, { ...GROUP, lineBytes: limits.actBytes, bytes: limits.importBytes })) {
        const told = await perform(group, caller);
        counts.lines += told.length;
        for (const one of told) counts['problem' in one ? 'failed' : 'replayed' in one ? 'replayed' : 'done'] += 1;
        yield textOf(told);
      }
    } catch (error) {
      if (caller.signal.aborted) return; // nobody reads on; what was begun was done
      const found = problemOf(error);
      logProblem(found, {}, logger);
      problem = describeProblem(found, index, caller.language);
    }
    yield textOf([{ summary: { ...counts, complete: problem === undefined }, ...(problem ? { problem } : {}) }]);
  }

  return [
    route({
      method: 'post',
      path: '/api/v1/batches',
      operationId: 'performBatch',
      tag: 'batches',
      summary: '批量办理 — perform many acts in few transactions',
      description: DESCRIPTION,
      access: 'user',
      query: z.strictObject({
        atomic: flag.optional().meta({
          type: 'boolean',
          description: `All of them in one transaction, or none: at most ${MOST_ACTS} acts and ${MOST_BYTES} bytes.`,
        }),
        minBlock,
      }),
      body: { mediaType: NDJSON, limit: limits.importBytes, isStream: true, example: EXAMPLE },
      answers: { 200: { description: 'A result for each line, then a summary.', text: NDJSON } },
      handle: async (asked) => {
        const { query, stream, subject, language, signal } = asked;
        if (!subject) throw unauthenticated();
        const caller = { subject, language, signal };
        return places.hold(asked, async () => {
          const pieces = query.atomic ? [textOf(await perform(await wholeOf(stream), caller, true))] : undefined;
          const body = new Pouring({
            pieces: pieces ? inOnePiece(pieces) : results(stream, caller),
            patienceMs: limits.clientMs,
          });
          return { headers: { 'Content-Type': NDJSON }, body };
        });
      },
    }),
  ];
}

interface Caller {
  readonly subject: TokenSubject;
  readonly language: Language;
  readonly signal: AbortSignal;
}

const DESCRIPTION = `One act a line: \`{"act":"resource:anchor","id":"R-1","input":{…},"idempotencyKey":"…"}\`. Acts are done in the order of the lines, up to 100 in one transaction, each on what those before it left. An act that is refused leaves nothing and keeps no other from being done.

A result comes for each line as its transaction commits: \`{"line","act","id","ref","version","state","txId","seq","block"}\`, with \`also\` and \`violations\` where there are any and \`replayed\` for a repeat; or \`{"line","act","id","problem"}\`. The last line is \`{"summary":{"lines","done","replayed","failed","complete"}}\`.

Read the results while you send: the body is read as fast as they are taken. Broken off, send the same lines again: what was done under its idempotency key is answered and not done twice. A request has a few minutes; send a long file in several.`;

const EXAMPLE = `${JSON.stringify({ act: 'resource:anchor', id: 'R-1', input: { title: '防汛监测', domain: '城市治理', region: '310000' }, idempotencyKey: 'R-1-anchor' })}\n`;

/** Batches of one organisation under way at once, and of all. */
const EACH = 4;
const IN_ALL = 200;
/** What goes into one transaction: enough that what a transaction costs by itself counts little. */
const GROUP = { lines: 100, groupBytes: 262_144 };

const lineShape = z.strictObject({
  act: z.string().max(100),
  id: z.string(),
  input: z.record(z.string(), z.unknown()).optional(),
  idempotencyKey: commonInput.shape.idempotencyKey,
});

interface Named {
  readonly act?: string;
  readonly id?: string;
}

type ReadLine = { readonly line: number; readonly named: Named } & (
  { readonly request: ManyRequest } | { readonly error: unknown }
);

function readLine({ line, text }: Line): ReadLine {
  let named: Named = {};
  try {
    const { act, id, input = {}, idempotencyKey } = parsedLine(text);
    named = { act, id };
    const key = idempotencyKey === undefined ? {} : { idempotencyKey };
    return { line, named, request: { act: actNamed(act), id, json: JSON.stringify(input), ...key } };
  } catch (error) {
    return { line, named, error };
  }
}

/** @throws Problem naming what does not fit */
function parsedLine(text: string): z.infer<typeof lineShape> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem('NOT_JSON', say('line-not-json'));
  }
  const parsed = lineShape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = issuesOf(parsed.error);
  throw new Problem('INPUT_INVALID', { ...say('line-unfit', firstOf(issues)), issues });
}

function resultOf(
  { receipt, replayed, also = [], violations = [], ...left }: Exclude<Outcome, { error: unknown }>,
  language: Language,
): object {
  return {
    ...left,
    ...(also.length > 0 ? { also } : {}),
    ...(violations.length > 0 ? { violations: inWords(language, violations) } : {}),
    txId: receipt.txId,
    block: receipt.blockNumber,
    ...(replayed ? { replayed } : {}),
  };
}

/** Every line of an atomic batch. @throws Problem for more than one transaction takes */
async function wholeOf(body: Readable): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const bounds = { lines: MOST_ACTS, groupBytes: MOST_BYTES, lineBytes: MOST_BYTES, bytes: MOST_BYTES };
  for await (const group of lineGroups(body, bounds)) lines.push(...group);
  if (lines.length > 0 && lines.length <= MOST_ACTS) return lines;
  throw new Problem('TOO_LARGE', say('atomic-too-many', { most: MOST_ACTS, count: lines.length }));
}

function seqOf(error: unknown): number {
  return error instanceof ContractError ? (error.details.seq ?? -1) : -1;
}

/** The problem of an atomic batch says which of its lines it is about. */
function atLine(error: unknown, line: number | undefined): Problem {
  const { code, details, headers, cause } = problemOf(error);
  const { seq: _, ...rest } = details;
  return new Problem(code, line === undefined ? rest : { ...rest, line }, headers, { cause });
}

function textOf(results: readonly object[]): string {
  return results.map((one) => `${JSON.stringify(one)}\n`).join('');
}

// eslint-disable-next-line @typescript-eslint/require-await -- what pours is asynchronous
async function* inOnePiece(pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
}
