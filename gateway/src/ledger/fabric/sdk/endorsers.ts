// SPDX-License-Identifier: Apache-2.0
import { status } from '@grpc/grpc-js';
import {
  type DiscoveryResultEndorsementPlan as Plan,
  type DiscoveryResultPeer as Candidate,
  type EndorsementResponse,
  type Endorser,
  ServiceHandler,
} from 'fabric-common';
import type { PeerAddress } from '../connection-file.js';
import { ENDORSER_MS } from '../deadlines.js';
import { isPassing, isUnreachable, NodeError, type Said } from '../errors.js';
import { propose, shuffled, toNodeError } from './node.js';
import type { SilentNodes } from './silent-nodes.js';

export interface EndorsersOptions {
  /** The peer in use: the others' answers are compared with its. */
  readonly first: PeerAddress;
  /** Which combinations of peers satisfy the endorsement policy. */
  readonly plan: Plan;
  readonly endorsers: readonly Endorser[];
  readonly silent: SilentNodes;
}

/**
 * Collects the endorsements of one proposal, as the Gateway service does. Who cannot be reached, or cannot serve yet, is
 * replaced; who comes to another answer than the first ends it, by name.
 */
export class Endorsers extends ServiceHandler {
  readonly #options: EndorsersOptions;
  readonly #answers = new Map<string, Promise<Answer>>();

  constructor(options: EndorsersOptions) {
    super();
    this.#options = options;
  }

  /** @throws NodeError the first peer's own; or `ABORTED`, with what others said. */
  override async endorse(proposal: Buffer): Promise<EndorsementResponse[]> {
    const { plan, silent } = this.#options;
    const first = firstOf(this.#options);
    const layouts = layoutsWith(first, plan);
    const skipped = new Set(candidatesOf(plan).filter(({ endpoint }) => silent.skips(endpoint)));
    const failed = new Map<Candidate, Said>();
    for (;;) {
      const others =
        choose(layouts, (one) => !failed.has(one) && !skipped.has(one)) ?? choose(layouts, (one) => !failed.has(one));
      if (!others) throw tooFew([...failed.values()]);
      const [own, ...answers] = await Promise.all([first, ...others].map((one) => this.#ask(one, proposal)));
      if (!own?.response) throw own?.error ?? tooFew([]);
      const { payload } = own.response;
      const differing = answers.filter(({ response, error }) => !(response?.payload.equals(payload) ?? mayPass(error)));
      if (differing.length > 0) throw tooFew(differing.map(saidBy));
      for (const answer of answers) if (answer.error) failed.set(answer.candidate, saidBy(answer));
      const agreed = [own, ...answers].flatMap(({ response }) => response ?? []);
      if (agreed.length > others.length) return agreed;
    }
  }

  #ask(candidate: Candidate, proposal: Buffer): Promise<Answer> {
    const { endpoint } = candidate;
    const { endorsers, silent } = this.#options;
    const asked = this.#answers.get(endpoint);
    if (asked) return asked;
    const endorser = endorsers.find(({ name }) => name === endpoint);
    const response = endorser ? propose(endorser, proposal, ENDORSER_MS) : Promise.reject(notConnected(endpoint));
    const answer: Promise<Answer> = response.then(
      (response) => {
        silent.answered(endpoint);
        return { candidate, response };
      },
      (cause: unknown) => {
        const error = toNodeError(cause, endpoint);
        if (isUnreachable(error)) silent.silent(endpoint);
        return { candidate, error };
      },
    );
    this.#answers.set(endpoint, answer);
    return answer;
  }
}

interface Answer {
  readonly candidate: Candidate;
  readonly response?: EndorsementResponse;
  readonly error?: NodeError;
}

/** What satisfies the policy together with the first peer: so many of each group. */
type Layout = readonly { readonly candidates: readonly Candidate[]; readonly count: number }[];

function firstOf({ first, plan }: EndorsersOptions): Candidate {
  const candidates = candidatesOf(plan);
  const itself = candidates.find(({ endpoint }) => endpoint === first.endpoint);
  const found = itself ?? candidates.find(({ mspid }) => mspid === first.mspId);
  if (found) return found;
  throw new NodeError(status.FAILED_PRECONDITION, `no peers available to evaluate chaincode ${plan.chaincode}`);
}

function candidatesOf({ groups }: Plan): Candidate[] {
  return Object.values(groups).flatMap(({ peers }) => peers);
}

/** In an order of chance, so that the work is shared. */
function layoutsWith(first: Candidate, { groups, layouts }: Plan): Layout[] {
  return shuffled(layouts).flatMap((layout) => {
    const parts = Object.entries(layout).map(([group, count]) => ({ candidates: groups[group]?.peers ?? [], count }));
    if (!parts.some(({ candidates }) => candidates.includes(first))) return [];
    return [
      parts.map(({ candidates, count }) => ({
        candidates: shuffled(candidates.filter((one) => one !== first)),
        count: candidates.includes(first) ? count - 1 : count,
      })),
    ];
  });
}

/** Those to be asked beside the first, by the first layout that has enough of them. */
function choose(layouts: readonly Layout[], usable: (candidate: Candidate) => boolean): Candidate[] | undefined {
  for (const layout of layouts) {
    const parts = layout.map(({ candidates, count }) => ({ chosen: candidates.filter(usable).slice(0, count), count }));
    if (parts.every(({ chosen, count }) => chosen.length === count)) return parts.flatMap(({ chosen }) => chosen);
  }
  return undefined;
}

function mayPass(error: unknown): boolean {
  return isUnreachable(error) || isPassing(error);
}

function saidBy({ candidate: { mspid: mspId, endpoint: address }, error }: Answer): Said {
  if (!error) return { mspId, address, message: 'ProposalResponsePayloads do not match' };
  // As peers say it of other peers.
  const lost = isUnreachable(error) ? `rpc error: code = Unavailable desc = ${error.message}` : error.message;
  return { mspId, address, message: lost };
}

function tooFew(said: readonly Said[]): NodeError {
  return new NodeError(status.ABORTED, 'failed to collect enough transaction endorsements', said);
}

function notConnected(endpoint: string): NodeError {
  return new NodeError(status.UNAVAILABLE, `${endpoint}: could not be reached when it was discovered`);
}
