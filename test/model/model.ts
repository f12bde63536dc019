// SPDX-License-Identifier: Apache-2.0
import { canonicalize } from 'json-canonicalize';
import type { Act, Call, Deed } from './act';
import { agreementActs } from './agreements';
import { catalogueActs } from './catalogues';
import { controlActs } from './controls';
import { externalInputActs } from './external-inputs';
import { batchActs } from './batches';
import { findingActs } from './findings';
import { linkActs } from './links';
import { endOf, GO_LIVE, isBackfilled } from './periods';
import { productActs } from './products';
import { registrationActs } from './registrations';
import { resourceActs } from './resources';
import { useActs } from './uses';
import { reaches } from './reach';
import type { World } from './world';

/** What comes of an act: refused, by which code and rules; or what it left. */
export type Outcome =
  | Refusal
  | {
      readonly state: string;
      readonly version: number;
      /** What the record says of what both know by the same name. */
      readonly says: string;
      readonly violations: readonly string[];
      /** Kinds of what it created besides. */
      readonly also: readonly string[];
    };

interface Refusal {
  readonly code: string;
  readonly rules: readonly string[];
}

export const acts: Readonly<Record<string, Act>> = {
  ...controlActs,
  ...resourceActs,
  ...externalInputActs,
  ...registrationActs,
  ...catalogueActs,
  ...linkActs,
  ...agreementActs,
  ...productActs,
  ...useActs,
  ...batchActs,
  ...findingActs,
};

export const modelled = Object.keys(acts);

/** What an act would come to, and the doing of it where it is accepted. */
type Verdict =
  { readonly refused: Refusal } | { readonly violations: readonly string[]; readonly accept: () => Outcome };

/** What would come of an act: by which code it would be refused, which rules it would break, what it would find. */
export interface Foreseen {
  readonly code: string | undefined;
  readonly rules: readonly string[];
  readonly from: string | undefined;
}

export function foreseen(world: World, call: Call, time: string): Foreseen {
  const verdict = judge(world, call, time);
  const from = world.now(`${call.act.split(':')[0] ?? ''}/${call.id}`)?.state;
  return 'refused' in verdict ? { ...verdict.refused, from } : { code: undefined, rules: verdict.violations, from };
}

/**
 * Does what the domain says of an act, in the plainest way: nothing of the contract is in here. What it does not know:
 * prices and charges, findings once they are raised.
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

  if (act.malformed?.(call.input)) return refused('INPUT_INVALID');
  const own = world.now(`organization/${call.by}`);
  if (own?.state === 'suspended' && !act.report && !act.always) return refused('FORBIDDEN', ['organization-stands']);
  if (!(call.role in act.who)) return refused('FORBIDDEN', ['acts-for-itself']);
  if (before && !act.from && !act.follows?.includes(before.state)) return refused('EXISTS');
  if (!before && act.from) return refused('NOT_FOUND');
  if (act.report && occurredAt !== undefined && occurredAt > time) return refused('INPUT_INVALID');
  const parties = act.who[call.role]?.(was, call.id);
  const isOutside = before && !act.anywhere && !reaches(world, call.by, was);
  if (isOutside || (before && parties && !parties.includes(call.by))) return refused('FORBIDDEN', ['acts-for-itself']);
  if (before && !(act.from ?? act.follows ?? []).includes(before.state)) return refused('WRONG_STATE');

  const asOf = act.report ? occurredAt : undefined;
  const deed: Deed = { world, call, ref, input: call.input, before, was, time, asOf };
  const left = act.leaves(deed);
  if (typeof left === 'string') return refused(left);
  const isDrawnUp = !before || act.from === undefined;
  const isMoved = !act.report && (was.region !== left.facts.region || was.domain !== left.facts.domain);
  if ((isDrawnUp || isMoved) && !act.anywhere && !reaches(world, call.by, left.facts))
    return refused('FORBIDDEN', ['acts-for-itself']);
  const found = act.broken?.(deed, left) ?? [];
  const broken = [...found.filter((rule) => !isBackfilled(asOf) || OF_DOCUMENTS.includes(rule)), ...lateness(deed)];
  const refusing = broken.filter((rule) => !rule.startsWith('~'));
  if (!act.report && refusing.length > 0) return refused('REFUSED', refusing);
  const { creates, changes = [], opens = false } = left;
  if (changes.some(({ malformed }) => malformed)) return refused('INPUT_INVALID');
  const further = changes.flatMap((change) => change.broken ?? []);
  if (further.length > 0) return refused('REFUSED', further);
  if (creates && world.now(creates.ref)) return refused('EXISTS');
  if (creates && creates.broken.length > 0) return refused('REFUSED', creates.broken);

  const violations = [...new Set(broken.map((rule) => rule.replace('~', '')))].sort();
  const day = new Date(Date.parse(time) + 8 * 3_600_000).toISOString().slice(0, 10);
  const { authority = kind, region = '', domains = [] } = left.facts;
  const place = `${region}/${[...domains].sort().join()}`;
  const foundNow = (act.report ? violations : []).map((rule) => `${call.by}/${authority}/${rule}/${day}/${place}`);
  const opened = foundNow.some((one) => !world.found.has(one)) ? ['finding'] : [];
  const also = [...(creates ? ['grant'] : []), ...changes.map(kindOf), ...(opens ? ['finding'] : []), ...opened];
  const accept = (): Outcome => {
    const own = world.put(ref, left.to, left.facts, time);
    const { beside } = left;
    const { state, version } = beside ? world.put(beside.ref, beside.state, beside.facts, time) : own;
    if (creates) world.put(creates.ref, creates.state, creates.facts, time);
    for (const change of changes) world.put(change.ref, change.state, change.facts, time);
    left.then?.();
    for (const one of foundNow) world.found.add(one);
    return { state, version, says: saying((beside ?? left).facts), violations, also };
  };
  return { violations, accept };
}

const SAID = [
  ...['region', 'domain', 'form', 'purpose', 'action', 'quantity', 'subject', 'user', 'period', 'validUntil', 'code'],
  ...['agency', 'operator', 'developer', 'provider', 'holder', 'applicant', 'terms', 'authority', 'inputs', 'product'],
];

/** What a record says of what the model and the contract know by the same name. */
export function saying(record: object): string {
  if ('role' in record || 'roles' in record) return ''; // an organisation, which says where it is by role
  return canonicalize(Object.fromEntries(Object.entries(record).filter(([name]) => SAID.includes(name))));
}

/** What a report from before go-live can be held against: itself, and exact versions. */
const OF_DOCUMENTS = ['inputs-exact', 'product-released', 'delivers-own', 'inside-permit', 'emergency-measure'];

/** A late report says why, of a batch by its first use; one from before go-live names its documents, while the past may still be backfilled. */
function lateness({ input: { late, batch }, asOf, time }: Deed): string[] {
  const first = [asOf ?? time, batch?.since ?? time].sort()[0] ?? time;
  const isLate = isBackfilled(first)
    ? !late?.documents.length || time > endOf('backfill', GO_LIVE)
    : !late && time > endOf('late-report', first);
  return isLate ? ['late-report'] : [];
}

function refused(code: string, rules: readonly string[] = []): Verdict {
  return { refused: { code, rules: [...new Set(rules)].sort() } };
}

function kindOf({ ref }: { readonly ref: string }): string {
  return ref.split('/')[0] ?? '';
}
