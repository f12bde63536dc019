// SPDX-License-Identifier: Apache-2.0
import type { Act, Call, Deed } from './act';
import { linkActs } from './links';
import { endOf } from './periods';
import { productActs } from './products';
import { resourceActs } from './resources';
import { useActs } from './uses';
import type { World } from './world';

/** What comes of an act: refused, by which code and rules; or what it left. */
export type Outcome =
  | Refusal
  | {
      readonly state: string;
      readonly version: number;
      readonly violations: readonly string[];
      /** Kinds of what it created besides. */
      readonly also: readonly string[];
    };

interface Refusal {
  readonly code: string;
  readonly rules: readonly string[];
}

const acts: Readonly<Record<string, Act>> = { ...resourceActs, ...linkActs, ...productActs, ...useActs };

export const modelled = Object.keys(acts);

/** What an act would come to, and the doing of it where it is accepted. */
type Verdict = { readonly refused: Refusal } | { readonly accept: () => Outcome };

/** The code that an act would be refused with; undefined if it would be accepted. */
export function foreseen(world: World, call: Call, time: string): string | undefined {
  const verdict = judge(world, call, time);
  return 'accept' in verdict ? undefined : verdict.refused.code;
}

/**
 * Does what the domain says of an act, in the plainest way: nothing of the contract is in here. What it does not know:
 * divisions, wind-downs, amendments of agreements, revisions of catalogues, registrations (nothing is ever registered),
 * external inputs, control relations, backfill.
 */
export function attempt(world: World, call: Call, time: string): Outcome {
  const verdict = judge(world, call, time);
  return 'accept' in verdict ? verdict.accept() : verdict.refused;
}

function judge(world: World, call: Call, time: string): Verdict {
  const act = acts[call.act];
  if (!act) throw new Error(`the model does not know ${call.act}`);
  const kind = call.act.split(':')[0] ?? '';
  const ref = `${kind}/${call.id}`;
  const before = world.now(ref);
  const was = before?.facts ?? {};
  const { occurredAt } = call.input;

  const own = world.now(`organization/${call.by}`);
  if (own?.state === 'suspended' && !act.report && !act.always) return refused('FORBIDDEN', ['organization-stands']);
  if (!(call.role in act.who)) return refused('FORBIDDEN', ['acts-for-itself']);
  if (before && !act.from && !act.follows?.includes(before.state)) return refused('EXISTS');
  if (!before && act.from) return refused('NOT_FOUND');
  if (act.report && occurredAt !== undefined && occurredAt > time) return refused('INPUT_INVALID');
  const parties = act.who[call.role]?.(was, call.id);
  if (before && parties && !parties.includes(call.by)) return refused('FORBIDDEN', ['acts-for-itself']);
  if (before && !(act.from ?? act.follows ?? []).includes(before.state)) return refused('WRONG_STATE');

  const asOf = act.report ? occurredAt : undefined;
  const deed: Deed = { world, call, ref, input: call.input, before, was, time, asOf };
  const left = act.leaves(deed);
  if (typeof left === 'string') return refused(left);
  const broken = [...(act.broken?.(deed, left) ?? [])];
  if (asOf !== undefined && time > endOf('late-report', asOf)) broken.push('late-report');
  const refusing = broken.filter((rule) => !rule.startsWith('~'));
  if (!act.report && refusing.length > 0) return refused('REFUSED', refusing);
  const { creates } = left;
  if (creates && world.now(creates.ref)) return refused('EXISTS');
  if (creates && creates.broken.length > 0) return refused('REFUSED', creates.broken);

  const violations = [...new Set(broken.map((rule) => rule.replace('~', '')))].sort();
  const found = act.report && violations.length > 0 ? ['finding'] : [];
  const also = [...(creates ? ['grant'] : []), ...(left.told ?? []), ...found];
  const accept = (): Outcome => {
    const { state, version } = world.put(ref, left.to, left.facts, time);
    if (creates) world.put(creates.ref, creates.state, creates.facts, time);
    left.then?.();
    return { state, version, violations, also };
  };
  return { accept };
}

function refused(code: string, rules: readonly string[] = []): Verdict {
  return { refused: { code, rules: [...new Set(rules)].sort() } };
}
