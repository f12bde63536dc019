// SPDX-License-Identifier: Apache-2.0
import { status } from '@grpc/grpc-js';
import type { Committer } from 'fabric-common';
import { isUnreachable, NodeError } from '../errors.js';
import { reached, shuffled, toNodeError } from './node.js';
import type { SilentNodes } from './silent-nodes.js';

/** A signed `common.Envelope`, as the SDK takes it. */
export interface Envelope {
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/** A channel's ordering service. */
export interface OrderingService {
  readonly orderers: readonly Committer[];
  /** How many SmartBFT consenters there are; 0 where the consensus is another. */
  readonly consenters: number;
}

/**
 * Has a transaction ordered. Any Raft orderer will do: one is asked after the other. SmartBFT orderers are told all at
 * once, until one honest orderer must be among those that took it; to tell one only would cost what it waits before it passes
 * the transaction on to the leader.
 *
 * @throws NodeError `UNAVAILABLE` when it may or may not be ordered; or what it was refused for, by all that could be asked of
 *   Raft, by one that is honest of SmartBFT.
 */
export async function broadcast(envelope: Envelope, service: OrderingService, silent: SilentNodes): Promise<void> {
  const { orderers, consenters } = service;
  if (orderers.length === 0) throw new NodeError(status.UNAVAILABLE, 'no orderer nodes available');
  const skipped = new Set(orderers.filter(({ name }) => silent.skips(name)));
  const able = shuffled(orderers.filter((one) => !skipped.has(one)));
  const errors: NodeError[] = [];
  const needed = Math.floor((consenters - 1) / 3) + 1; // of so many SmartBFT orderers, one is honest
  if (consenters > 0) {
    const told = able.length < needed ? orderers : able;
    errors.push(
      ...(await untilTaken(
        needed,
        told.map((orderer) => sendTo(orderer, envelope, silent)),
      )),
    );
    if (errors.length === 0) return;
  } else {
    for (const orderer of [...able, ...skipped]) {
      const error = await sendTo(orderer, envelope, silent);
      if (!error) return;
      errors.push(error);
    }
  }
  const refusals = errors.filter((error) => !isUnreachable(error));
  const [refusal] = refusals;
  if (refusal && refusals.length >= (consenters > 0 ? needed : errors.length)) throw refusal;
  const said = errors.map(({ message }) => message).join('; ');
  throw new NodeError(status.UNAVAILABLE, `no orderers could successfully process transaction: ${said}`);
}

/** How long one orderer may take, in milliseconds. */
const ANSWER_MS = 4000;

/** Resolves with why it did not take the transaction; undefined if it did. */
async function sendTo(orderer: Committer, envelope: Envelope, silent: SilentNodes): Promise<NodeError | undefined> {
  const { name } = orderer;
  try {
    // The SDK's types want a Buffer where its code wants the message.
    const message = envelope as unknown as Buffer;
    const answer = (await (await reached(orderer)).sendBroadcast(message, ANSWER_MS)) as BroadcastResponse;
    silent.answered(name);
    if (answer.status === 'SUCCESS') return undefined;
    const code = answer.status === 'SERVICE_UNAVAILABLE' ? status.UNAVAILABLE : status.ABORTED;
    const said = `received unsuccessful response from orderer: status=${answer.status}, info=${answer.info}`;
    return new NodeError(code, said);
  } catch (cause) {
    const error = toNodeError(cause, name);
    if (isUnreachable(error)) silent.silent(name);
    return error;
  }
}

interface BroadcastResponse {
  readonly status: string;
  readonly info: string;
}

/** Resolves, with nothing, once so many took it; or once all answered, with why they did not. */
function untilTaken(needed: number, sent: readonly Promise<NodeError | undefined>[]): Promise<readonly NodeError[]> {
  return new Promise((resolve) => {
    const errors: NodeError[] = [];
    let taken = 0;
    for (const one of sent) {
      void one.then((error) => {
        if (error) errors.push(error);
        else taken++;
        if (taken === needed) resolve([]);
        else if (taken + errors.length === sent.length) resolve(errors);
      });
    }
  });
}
