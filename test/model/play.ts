// SPDX-License-Identifier: Apache-2.0
import type fc from 'fast-check';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import type { Member } from 'yuanliu-demo/cast';
import { cast, CITY, openCity, wholeResult, type City } from '../builders';
import type { Call } from './act';
import { chosen, momentOf, type Seen } from './choice';
import { attempt, saying, type Outcome } from './model';
import { GO_LIVE, rulebook } from './periods';
import { everybody, strangers, type RandomAct } from './random-act';
import { World } from './world';

/** A history to be played: how it begins, and whatever is drawn after that. */
export interface History {
  readonly beginning: readonly RandomAct[];
  readonly acts: number;
  readonly draw: fc.GeneratorValue;
  /** What was seen in histories before this one. */
  readonly seen: Seen;
}

/**
 * Plays a history on a ledger and on the model, and tells what came of each act.
 *
 * @throws Error at the first act on which they differ, with all that led there.
 */
export async function play({ draw, beginning, acts, seen }: History, tell: (act: string, outcome: Outcome) => void) {
  let now = GO_LIVE;
  const city = await openCity('founded', { clock: () => new Date(now) });
  try {
    for (const { code, name, msp, role, region = CITY, remit } of strangers) {
      await city.act(cast.authority, 'organization:admit', code, { name, msp, roles: [{ role, region, remit }] });
    }
    await city.act(cast.authority, 'rulebook:amend', 'city', rulebook);
    const world = new World();
    for (const { code, role, region = CITY, remit } of everybody) {
      world.put(`organization/${code}`, 'admitted', { role, region, remit }, GO_LIVE);
    }
    const told: string[] = [];
    for (let i = 0; i < beginning.length + acts; i++) {
      const story = beginning[i];
      const next = story ? momentOf(story, world, now) : chosen(draw, { world, now, seen });
      now = next.time;
      const ledger = await onLedger(city, next.by, next.call);
      const model = attempt(world, next.call, now);
      const { act, id, input } = next.call;
      told.push(`${now} ${next.by.name} ${act} ${id} ${JSON.stringify(input)} → ${JSON.stringify(ledger)}`);
      if (JSON.stringify(ledger) !== JSON.stringify(model)) {
        const both = `the contract says ${JSON.stringify(ledger)}\nthe model says    ${JSON.stringify(model)}`;
        throw new Error(`${both}\nafter, last of all:\n${told.join('\n')}`);
      }
      tell(act, ledger);
    }
  } finally {
    await city.close();
  }
}

async function onLedger({ ledger }: City, by: Member, { act, id, input }: Call): Promise<Outcome> {
  const identity = await ledger.pki.enrol({ mspId: by.msp, user: by.user, organization: by.code });
  try {
    const { result, receipt } = await ledger.submit({ identity, transaction: act, args: [id, JSON.stringify(input)] });
    const { record, also } = await wholeResult(ledger, result, receipt);
    const { state, version } = record;
    const violations = [...new Set(record.act.violations.map(({ rule }) => rule))].sort();
    const says = saying(record.body as object);
    return { state, version, says, violations, also: also.map((ref) => ref.split('/')[0] ?? '') };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    const rules = error.details.violations?.map(({ rule }) => rule) ?? (error.rule === undefined ? [] : [error.rule]);
    return { code: error.code, rules: [...new Set(rules)].sort() };
  }
}
