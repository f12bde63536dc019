// SPDX-License-Identifier: Apache-2.0
import { status } from '@grpc/grpc-js';
import type { EndorsementResponse, Endorser, ServiceEndpoint } from 'fabric-common';
import { NodeError } from '../errors.js';

/** The node, connected. Throws NodeError `UNAVAILABLE` when it cannot be reached in a moment. */
export async function reached<Node extends ServiceEndpoint>(node: Node): Promise<Node> {
  // A second attempt beside the first would close its connection.
  const attempt = connecting.get(node) ?? node.checkConnection().finally(() => connecting.delete(node));
  connecting.set(node, attempt);
  if (!(await attempt)) throw new NodeError(status.UNAVAILABLE, `${node.name}: cannot be reached`);
  return node;
}

const connecting = new Map<ServiceEndpoint, Promise<boolean>>();

/**
 * Has a peer run a signed proposal. Throws NodeError when it does not endorse what came of it, also because the contract
 * refused.
 */
export async function propose(endorser: Endorser, proposal: Buffer, timeout: number): Promise<EndorsementResponse> {
  try {
    const answer = (await (await reached(endorser)).sendProposal(proposal, timeout)) as EndorsementResponse;
    const { status: code, message } = answer.response;
    if (code < 400) return answer;
    // Without a payload, the peer did not come to run the contract.
    throw new NodeError(status.ABORTED, answer.payload.length > 0 ? `chaincode response ${code}, ${message}` : message);
  } catch (error) {
    throw toNodeError(error, endorser.name);
  }
}

/** What the SDK threw when it spoke to a node, as a gRPC status again. */
export function toNodeError(error: unknown, node: string): NodeError {
  if (error instanceof NodeError) return error;
  const { message, code, details } = partsOf(error);
  const lost = SAID.find(([pattern]) => pattern.test(message))?.[1] ?? status.UNKNOWN;
  return new NodeError(code ?? lost, `${node}: ${details ?? message}`, [], { cause: error });
}

interface Parts {
  readonly message: string;
  readonly code?: number;
  readonly details?: string;
}

function partsOf(error: unknown): Parts {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message } = error;
  return 'code' in error && typeof error.code === 'number' && 'details' in error && typeof error.details === 'string'
    ? { message, code: error.code, details: error.details }
    : { message };
}

/** Where the SDK drops the status. */
const SAID: readonly (readonly [RegExp, status])[] = [
  [/^(REQUEST|SYSTEM) TIMEOUT$/, status.DEADLINE_EXCEEDED],
  [/^SERVICE UNAVAILABLE$|is not connected$|Failed to connect before the deadline/, status.UNAVAILABLE],
];

/** So that the work is shared. */
export function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((one) => [Math.random(), one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);
}
