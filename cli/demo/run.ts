// SPDX-License-Identifier: Apache-2.0
import { Listr } from 'listr2';
import { resourceId } from 'yuanliu-gateway/imports/resource-rows';
import type { Horizon } from '../client.js';
import { GatewayClient } from '../client.js';
import type { Account } from '../run-file.js';
import { rowsAmiss, rowsDone, sendImport } from '../send-import.js';
import { said } from '../words/index.js';
import { cast, type Member } from 'yuanliu-demo/cast';
import { importFile, type Holding } from 'yuanliu-demo/catalogue';
import {
  authorized,
  founding,
  graded,
  listed,
  produced,
  registered,
  type Anchored,
  type Step,
} from 'yuanliu-demo/story';

/** Gateways to play the demonstration on, and a token for each of its members. */
export interface Stage {
  /** The one for all, and for the public. */
  readonly gateway: string;
  readonly accounts: readonly Account[];
  readonly holdings: readonly Holding[];
  /** What one member did, the next one's gateway knows of before it acts. */
  readonly horizon: Horizon;
}

/** Every member of the demonstration: the cast, and one department per domain. */
export function membersOf(all: readonly Holding[]): Member[] {
  return [...Object.values(cast), ...all.map(({ department }) => department)];
}

/** The domain that the authorization is about. */
const AUTHORIZED_DOMAIN = '金融服务';
/** How many of its resources go into the basic product. */
const INPUTS = 3;
/** Acts that wait for the ledger together: it commits many in one block. */
const TOGETHER = 32;

/**
 * Plays the demonstration: 326 resources on chain, catalogued, graded, listed, and one authorization from plan to use.
 * Every act has an idempotency key, so whatever was done before is not done again, however it was broken off.
 */
export async function play(stage: Stage): Promise<void> {
  const resources = stage.holdings.flatMap(({ department, items }) =>
    items.map((item): Anchored => ({
      id: resourceId({ ...item }, department.code),
      domain: item.domain,
      provider: department,
    })),
  );
  const inputs = resources.filter(({ domain }) => domain === AUTHORIZED_DOMAIN).slice(0, INPUTS);
  const firsts = stage.holdings.flatMap(({ domain }) => resources.find((one) => one.domain === domain) ?? []);
  const registering = [...new Set([...firsts, ...inputs])];

  await new Listr(
    [
      {
        title: said('step-admitted'),
        task: () => inOrder(stage, founding(stage.holdings.map(({ department }) => department))),
      },
      {
        title: said('step-anchored', { count: resources.length }),
        task: async (_, task) => {
          let done = 0;
          for (const holding of stage.holdings) {
            await importHolding(stage, holding, (rows) => {
              task.output = `${said('of-all', { done: done + rows, all: resources.length })}: ${holding.domain}`;
            });
            done += holding.items.length;
          }
        },
      },
      {
        title: said('step-graded'),
        task: (_, task) =>
          together(stage, resources.map(graded), (done) => {
            if (done % 50 === 0 || done === resources.length)
              task.output = said('of-all', { done, all: resources.length });
          }),
      },
      {
        title: said('step-registered', { count: registering.length }),
        task: () => together(stage, registering.map(registered), () => undefined),
      },
      { title: said('step-listed'), task: () => inOrder(stage, listed(resources)) },
      {
        title: said('step-authorized'),
        task: () => inOrder(stage, authorized(inputs)),
      },
      {
        title: said('step-produced'),
        task: () => inOrder(stage, produced(inputs)),
      },
    ],
    { fallbackRenderer: 'simple' },
  ).run();
}

/** A client that speaks as a member, to the gateway of its organisation. */
export function as(stage: Stage, member: Member): GatewayClient {
  const { token } = accountOf(stage, member);
  if (token === undefined) throw new Error(`the demonstration has no token for ${member.code}`);
  return new GatewayClient(addressOf(stage, member), token, { horizon: stage.horizon });
}

/** The gateway that a member speaks to. */
export function addressOf(stage: Stage, member: Member): string {
  return accountOf(stage, member).gateway ?? stage.gateway;
}

function accountOf({ accounts }: Stage, { code, user }: Member): Account {
  const account = accounts.find((one) => one.organization === code && one.user === user);
  if (!account) throw new Error(`the demonstration has no account for ${code}`);
  return account;
}

async function inOrder(stage: Stage, steps: readonly Step[]): Promise<void> {
  for (const { by, act, id, input } of steps) await as(stage, by).act(act, id, input, { key: `demo:${act}:${id}` });
}

/** Runs chains of steps, so many at a time. */
async function together(
  stage: Stage,
  chains: readonly (readonly Step[])[],
  progress: (done: number) => void,
): Promise<void> {
  const waiting = [...chains];
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let steps = waiting.shift(); steps; steps = waiting.shift()) {
      await inOrder(stage, steps);
      progress(++done);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, worker));
}

async function importHolding(stage: Stage, holding: Holding, progress: (rows: number) => void): Promise<void> {
  const state = await sendImport(as(stage, holding.department), Buffer.from(importFile(holding)), {
    dryRun: false,
    progress: (now) => {
      progress(rowsDone(now));
    },
  });
  if (rowsAmiss(state) > 0) throw new Error(`${rowsAmiss(state)} resources of ${holding.domain} did not go on chain`);
}
