// SPDX-License-Identifier: Apache-2.0
import type { Act } from 'yuanliu-chaincode/kind/act';
import { type ActCall, parseCall } from 'yuanliu-chaincode/kind/input';
import { kinds } from 'yuanliu-chaincode/kinds';
import { namedIn } from 'yuanliu-chaincode/vocabulary/naming';
import { Problem } from '../errors/problem.js';
import type { Group } from '../runtime/fair-queue.js';
import { LARGE, offLoop } from '../runtime/off-loop.js';
import { say } from '../messages/index.js';

/** What the gateway itself needs to know of a request that fits its act. */
export interface ReadCall extends Pick<ActCall, 'ref' | 'as' | 'idempotencyKey' | 'fingerprint'> {
  /** Every record that the input names. */
  readonly named: readonly string[];
  /** The MSP that the input names, where the act is about one. */
  readonly msp?: string;
  /** The link of the authority chain that it is under, where it names one. */
  readonly authority?: string;
  /** How a report of uses is counted, as it says. */
  readonly metering?: string;
}

interface Asked {
  readonly kind: string;
  readonly act: string;
  readonly id: string;
  readonly json: string;
}

/** For a thread: reads a large request; undefined if it is not JSON. */
export default function readLarge({ kind, act: name, id, json }: Asked): ReadCall | undefined {
  const act = kinds.find((one) => one.name === kind)?.acts.get(name);
  if (!act) throw new Error(`there is no act ${kind}:${name}`);
  return isJson(json) ? { ...read(act, id, json) } : undefined; // a getter is not copied
}

/**
 * Reads a request as the contract will, so that what is not well-formed is refused before anything is signed: a large one in
 * a thread.
 *
 * @throws ContractError `INPUT_INVALID` naming every field that is wrong; Problem `NOT_JSON`
 */
export async function readCall(group: Group, act: Act, id: string, json: string): Promise<ReadCall> {
  if (json.length < LARGE) {
    if (!isJson(json)) throw notJson();
    return read(act, id, json);
  }
  const asked = { kind: act.kind.name, act: act.name, id, json };
  const found = await offLoop<ReadCall | undefined>(group, __filename, asked);
  if (!found) throw notJson();
  return found;
}

function read(act: Act, id: string, json: string): ReadCall {
  const call = parseCall(act, id, json);
  const { ref, as, idempotencyKey } = call;
  const { msp, authority, metering } = call.input as Readonly<Record<string, unknown>>;
  return {
    ref,
    ...(as === undefined ? {} : { as }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    get fingerprint() {
      return call.fingerprint;
    },
    named: namedIn(act.input, call.input),
    ...(typeof msp === 'string' ? { msp } : {}),
    ...(typeof authority === 'string' ? { authority } : {}),
    ...(typeof metering === 'string' ? { metering } : {}),
  };
}

function notJson(): Problem {
  return new Problem('NOT_JSON', say('act-not-json'));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text === '' ? '{}' : text);
    return true;
  } catch {
    return false;
  }
}
