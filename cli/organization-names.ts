// SPDX-License-Identifier: Apache-2.0
import { isCreditCode } from 'yuanliu-chaincode/vocabulary/vocabulary';
import type { RecordView } from 'yuanliu-gateway/index/ledger-index';
import { ProblemError, type GatewayClient } from './client.js';

/** An organisation for people: its name, with its credit code. */
export type Named = (code: string) => string;

/**
 * Asks a gateway for the names of the organisations in an answer, each once and {@link MOST} at most. One without an answer
 * stays its code.
 *
 * @param answer whose credit codes are looked for, at any depth
 */
export async function organizationNames(client: Pick<GatewayClient, 'ask'>, answer: unknown): Promise<Named> {
  const names = new Map<string, string>();
  const codes = [...codesIn(answer)].slice(0, MOST);
  for (let next = 0; next < codes.length; next += AT_ONCE) {
    const some = codes.slice(next, next + AT_ONCE);
    await Promise.all(
      some.map(async (code) => {
        const name = await nameOf(client, code);
        if (name !== undefined) names.set(code, name);
      }),
    );
  }
  return (code) => {
    const name = names.get(code);
    return name === undefined ? code : `${name} ${code}`;
  };
}

const MOST = 50;
const AT_ONCE = 8;

function codesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === 'string') {
    if (isCreditCode(value)) found.add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) codesIn(inner, found);
  }
  return found;
}

async function nameOf(client: Pick<GatewayClient, 'ask'>, code: string): Promise<string | undefined> {
  try {
    const { record } = await client.ask<RecordView>(`/api/v1/organizations/${code}`);
    const { name } = record.body as { readonly name?: unknown };
    return typeof name === 'string' ? name : undefined;
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}
