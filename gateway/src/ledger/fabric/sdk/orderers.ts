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
 * @throws NodeError `UNAVAILABLE` when it may or may not be ordered; or what all of them refused it for.
 */
export async function broadcast(envelope: Envelope, service: OrderingService, silent: SilentNodes): Promise<void> {
  const { orderers, consenters } = service;
  if (orderers.length === 0) throw new NodeError(status.UNAVAILABLE, 'no orderer nodes available');
  const skipped = new Set(orderers.filter(({ name }) => silent.skips(name)));
  const able = shuffled(orderers.filter((one) => !skipped.has(one)));
  const send = (orderer: Committer): Promise<void> => sendTo(orderer, envelope, silent);
  const errors: NodeError[] = [];
  if (consenters > 0) {
    const needed = Math.floor((consenters - 1) / 3) + 1;
    if (await enough((able.length < needed ? orderers : able).map(send), needed, errors)) return;
  } else {
    for (const orderer of [...able, ...skipped]) if (await enough([send(orderer)], 1, errors)) return;
  }
  const [refusal] = errors;
  if (refusal && !errors.some(isUnreachable)) throw refusal;
  const said = errors.map(({ message }) => message).join('; ');
  throw new NodeError(status.UNAVAILABLE, `no orderers could successfully process transaction: ${said}`);
}

/** How long one orderer may take, in milliseconds. */
const ANSWER_MS = 4000;

async function sendTo(orderer: Committer, envelope: Envelope, silent: SilentNodes): Promise<void> {
  const { name } = orderer;
  try {
    // The SDK's types want a Buffer where its code wants the message.
    const message = envelope as unknown as Buffer;
    const answer = (await (await reached(orderer)).sendBroadcast(message, ANSWER_MS)) as Record<
      'status' | 'info',
      string
    >;
    silent.answered(name);
    if (answer.status === 'SUCCESS') return;
    const code = answer.status === 'SERVICE_UNAVAILABLE' ? status.UNAVAILABLE : status.ABORTED;
    const said = `received unsuccessful response from orderer: status=${answer.status}, info=${answer.info}`;
    throw new NodeError(code, said);
  } catch (cause) {
    const error = toNodeError(cause, name);
    if (isUnreachable(error)) silent.silent(name);
    throw error;
  }
}

/** Whether so many of them come to a good end; as soon as that is known. */
function enough(tried: readonly Promise<void>[], needed: number, errors: NodeError[]): Promise<boolean> {
  return new Promise((resolve) => {
    let good = 0;
    for (const attempt of tried) {
      attempt.then(
        () => {
          if (++good === needed) resolve(true);
        },
        (error: unknown) => {
          errors.push(toNodeError(error, 'orderer'));
          if (tried.length - errors.length < needed) resolve(false);
        },
      );
    }
  });
}
