// SPDX-License-Identifier: Apache-2.0
import { ContractError } from 'yuanliu-chaincode/error';
import type { ActResult } from 'yuanliu-chaincode/engine';
import type { Member } from 'yuanliu-scripts/demo/cast';
import { cast, CITY, openCity, type City } from '../builders';
import type { Call } from './act';
import { attempt, foreseen, type Outcome } from './model';
import { everybody, strangers, type RandomAct } from './random-acts';
import { World } from './world';

/** One turn of a history: of these acts one is done. */
export interface Turn {
  readonly choices: readonly RandomAct[];
  /** Which, by what the model foresees: the first that a rule refuses, or the one accepted that was done least so far. */
  readonly aim: 'any' | 'accepted' | 'REFUSED';
}

/** The ledger is live from then on. */
const FOUNDED = '2026-06-01T00:00:00.000Z';

/**
 * Plays a history on a ledger and on the model, and tells what came of each act.
 *
 * @throws Error at the first act on which they differ, with all that led there.
 */
export async function play(turns: readonly Turn[], tell: (act: string, outcome: Outcome) => void): Promise<void> {
  let now = FOUNDED;
  const city = await openCity('founded', { clock: () => new Date(now) });
  try {
    for (const { code, name, msp, role } of strangers) {
      await city.act(cast.authority, 'organization:admit', code, { name, msp, roles: [{ role, region: CITY }] });
    }
    const world = new World();
    for (const { code, role } of everybody) world.put(`organization/${code}`, 'admitted', { role }, FOUNDED);
    const told: string[] = [];
    const accepted = new Map<string, number>();
    for (const turn of turns) {
      const next = chosen(turn, { world, now, accepted });
      now = next.time;
      const ledger = await onLedger(city, next.by, next.call);
      const model = attempt(world, next.call, now);
      const { act, id, input } = next.call;
      told.push(`${now} ${next.by.name} ${act} ${id} ${JSON.stringify(input)} → ${JSON.stringify(ledger)}`);
      if (JSON.stringify(ledger) !== JSON.stringify(model)) {
        const both = `the contract says ${JSON.stringify(ledger)}\nthe model says    ${JSON.stringify(model)}`;
        throw new Error(`${both}\nafter, last of all:\n${told.join('\n')}`);
      }
      if ('state' in ledger) accepted.set(act, (accepted.get(act) ?? 0) + 1);
      tell(act, ledger);
    }
  } finally {
    await city.close();
  }
}

interface Situation {
  readonly world: World;
  readonly now: string;
  /** How often each act was accepted. */
  readonly accepted: ReadonlyMap<string, number>;
}

function chosen({ choices, aim }: Turn, { world, now, accepted }: Situation) {
  const all = choices.map((choice) => ({ ...momentOf(choice, now), by: choice.by }));
  const wanted = aim === 'accepted' ? undefined : aim;
  const fitting = aim === 'any' ? [] : all.filter(({ call, time }) => foreseen(world, call, time) === wanted);
  const times = ({ call: { act } }: { call: Call }): number => accepted.get(act) ?? 0;
  const [next = all[0]] = aim === 'accepted' ? fitting.sort((a, b) => times(a) - times(b)) : fitting;
  if (!next) throw new Error('a turn without choices');
  return next;
}

/** When it is done, and the call that it makes then. */
function momentOf({ by, act, id, input, wait, ago }: RandomAct, now: string): { time: string; call: Call } {
  const time = new Date(Date.parse(now) + wait);
  const said = typeof ago === 'string' ? Date.parse(ago) : time.getTime() - (ago ?? 0);
  const past = ago === undefined ? undefined : Math.max(said, Date.parse(FOUNDED));
  const occurredAt = past === undefined ? undefined : new Date(past).toISOString();
  // what is undefined is not there, and instants are as the ledger keeps them
  const json = JSON.stringify({ ...input, occurredAt }).replaceAll(':00Z"', ':00.000Z"');
  const call = { by: by.code, role: by.role, act, id, input: JSON.parse(json) as Call['input'] };
  return { time: time.toISOString(), call };
}

async function onLedger({ ledger }: City, by: Member, { act, id, input }: Call): Promise<Outcome> {
  const identity = await ledger.pki.enrol({ mspId: by.msp, user: by.user, organization: by.code });
  try {
    const { result } = await ledger.submit({ identity, transaction: act, args: [id, JSON.stringify(input)] });
    const { record, also } = JSON.parse(result) as ActResult;
    const { state, version } = record;
    const violations = [...new Set(record.act.violations.map(({ rule }) => rule))].sort();
    return { state, version, violations, also: also.map((ref) => ref.split('/')[0] ?? '') };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    const rules = error.details.violations?.map(({ rule }) => rule) ?? (error.rule === undefined ? [] : [error.rule]);
    return { code: error.code, rules: [...new Set(rules)].sort() };
  }
}
