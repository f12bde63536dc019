// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import type { Member } from 'yuanliu-demo/cast';
import type { Step } from 'yuanliu-demo/story';
import { cast, CITY, ids, madeUpDigest, PURPOSE, storyTo } from '../builders';
import type { Call } from './act';
import { beginningAt } from './beginnings';
import { chosen, momentOf, type Done, type Seen } from './choice';
import { Fork, rulesOf, type Came, type Contract } from './fork';
import { attempt, foreseen } from './model';
import { GO_LIVE, rulebook } from './periods';
import { everybody, strangers, type RandomAct, type Repertoire } from './random-act';
import { repertoire } from './random-acts';
import { after } from './values';
import { World } from './world';

/** An act with the time at which it happened: a report may be recorded later than that. */
export interface Happened {
  readonly by: Member;
  readonly call: Call;
  readonly at: string;
}

/** A report and another act. */
export interface Pair {
  readonly report: Happened;
  readonly other: Happened;
}

/** A rule that was broken in one order of two acts only. */
export interface Difference {
  readonly rule: string;
  /** Where the rule is silent: with the report before the other act, or after it. */
  readonly silent: 'report first' | 'report last';
  readonly pair: Pair;
  /** What came of them in either order. */
  readonly came: string;
}

/** A city to try pairs of acts on: on the contract, and as the model knows it. */
export class OrderedCity {
  private constructor(
    readonly contract: Fork,
    readonly world: World,
    public now: string,
  ) {}

  static async at(stage: Parameters<typeof beginningAt>[0], contract: Contract): Promise<OrderedCity> {
    const city = new OrderedCity(new Fork(contract), new World(), GO_LIVE);
    for (const { by, act, id, input } of storyTo('founded')) await city.contract.act(by, act, id, input, GO_LIVE);
    for (const { code, name, msp, role, region = CITY, remit } of strangers) {
      const input = { name, msp, roles: [{ role, region, remit }] };
      await city.contract.act(cast.authority, 'organization:admit', code, input, GO_LIVE);
    }
    await city.contract.act(cast.authority, 'rulebook:amend', 'city', rulebook, GO_LIVE);
    for (const { code, role, region = CITY, remit } of everybody) {
      city.world.put(`organization/${code}`, 'admitted', { role, region, remit }, GO_LIVE);
    }
    for (const step of [...beginningAt(stage), ...unsettled()]) {
      await city.play(momentOf(step, city.world, city.now));
    }
    return city;
  }

  async play({ by, time, call }: Done): Promise<void> {
    this.now = time;
    await this.contract.act(by, call.act, call.id, call.input, time);
    attempt(this.world, call, time);
  }

  /** Goes on by so many random acts. */
  async goOn(acts: number, draw: fc.GeneratorValue, seen: Seen): Promise<void> {
    for (let i = 0; i < acts; i++) await this.play(chosen(draw, { world: this.world, now: this.now, seen }));
  }

  /**
   * Reports, each with acts that it can come before or after without another thing being said: the report says when it
   * happened, the other act is done at its own time in both orders. Mostly such as name the same records.
   */
  pairs(draw: fc.GeneratorValue): Pair[] {
    const others = this.#thought(draw, () => true, 60);
    return this.#thought(draw, isDated, 20).flatMap((first) => {
      const shared = ({ call }: Done): number => words(call).filter((word) => words(first.call).includes(word)).length;
      const related = [...others].sort((a, b) => shared(b) - shared(a)).slice(0, RELATED);
      return [...related, ...this.#furtherOf(first)].map(({ by, call, time }) => {
        const at = after(time, 60_000);
        const { occurredAt = first.time } = first.call.input;
        const input = { ...first.call.input, occurredAt: occurredAt < at ? occurredAt : first.time, late: LATE };
        const report = { by: first.by, call: { ...first.call, input }, at: input.occurredAt };
        return { report, other: { by, call, at } };
      });
    });
  }

  /** Of a product that is delivered, that its operator develops it further: seldom drawn, and the kind of Art. 17. */
  #furtherOf({ call: { input }, time }: Done): Done[] {
    const { product } = input;
    if (product === undefined || input.to === undefined) return [];
    const { operator } = cast;
    const call = { by: operator.code, role: operator.role, act: 'product:develop', id: 'P-further' };
    const further = { ...development([product]), digest: madeUpDigest('P-further') };
    return [{ by: operator, time, call: { ...call, input: further } }];
  }

  /** Acts that are thought of, of which the model says that they are accepted, or refused by a rule; the best first. */
  #thought(draw: fc.GeneratorValue, is: (name: string) => boolean, count: number): Done[] {
    const open = repertoire.filter(({ name }) => is(name));
    const thought = Array.from({ length: count }, () => {
      const one = open[draw(fc.nat, { max: open.length - 1 })];
      const done = one && momentOf(draw(arbitraryOf, one), this.world, this.now);
      if (!done) return [];
      const { code, rules } = foreseen(this.world, done.call, done.time);
      return code === undefined || code === 'REFUSED' ? { done, broken: rules.length } : [];
    });
    return thought
      .flat()
      .sort((a, b) => a.broken - b.broken)
      .map(({ done }) => done);
  }

  /** Does both in either order, and tells which rules only one of the orders finds broken. */
  async differences({ report, other }: Pair): Promise<Difference[]> {
    const first = await this.#inOrder([
      { ...report, time: after(other.at, -1) },
      { ...other, time: other.at },
    ]);
    const last = await this.#inOrder([
      { ...other, time: other.at },
      { ...report, time: after(other.at, 1) },
    ]);
    const [reportFirst, otherSecond] = first;
    const [otherFirst, reportSecond] = last;
    if (!reportFirst || !otherSecond || !otherFirst || !reportSecond) return [];
    // what one order refuses for other reasons than the rules between the two is not two orders of the same
    const isDone = (came: Came): boolean => 'result' in came;
    const isReported = (came: Came): boolean => isDone(came) || ('error' in came && came.error.code === 'REFUSED');
    if (![reportFirst, reportSecond, otherFirst].every(isDone) || !isReported(otherSecond)) return [];
    const [one, two] = [first, last].map((all) => new Set(all.flatMap(rulesOf).map((rule) => SAME[rule] ?? rule)));
    const [pair, told] = [{ report, other }, JSON.stringify({ first: first.map(brief), last: last.map(brief) })];
    const open = new Set([...first, ...last].flatMap(unjudgedOf)); // of what was before go-live: on record as not judged
    const only = (rules: ReadonlySet<string> = new Set(), others: ReadonlySet<string> = new Set()) =>
      [...rules].filter((rule) => !others.has(rule) && !open.has(rule));
    return [
      ...only(two, one).map((rule) => ({ rule, silent: 'report first' as const, pair, came: told })),
      ...only(one, two).map((rule) => ({ rule, silent: 'report last' as const, pair, came: told })),
    ];
  }

  async #inOrder(steps: readonly (Happened & { readonly time: string })[]): Promise<Came[]> {
    const side = this.contract.fork();
    const came: Came[] = [];
    for (const { by, call, time } of steps) came.push(await side.act(by, call.act, call.id, call.input, time));
    return came;
  }
}

/** A rule that says of one order what another says of the other one. */
const SAME: Readonly<Record<string, string>> = { 'used-not-refused': 'product-obtained' };
const RELATED = 6;
const LATE = { reason: '补录', documents: [`sha256:${'0'.repeat(64)}`] };

const arbitraryOf = ({ arbitrary }: Repertoire): fc.Arbitrary<RandomAct> => arbitrary;

/** A product that was released and handed to nobody yet, and one that its recipient has not answered for. */
function unsettled(): RandomAct[] {
  const { operator, agency, developer } = cast;
  const made = (id: string): Step[] => [
    step(operator, 'product:develop', id, { ...development(['resource/R-1@1']), digest: madeUpDigest(id) }),
    step(operator, 'product:grade', id, { grade: { class: 'general', level: 4 } }),
    step(agency, 'product:clear-export', id, { conclusion: '准予' }),
    step(operator, 'product:release', id, { channel: '平台' }),
  ];
  const handed = { product: 'product/P-2@1', to: developer.code, authority: `grant/${ids.grant}`, purpose: PURPOSE };
  const steps = [...made('P-1'), ...made('P-2'), step(operator, 'delivery:deliver', 'D-2', handed)];
  return steps.map((one) => ({ ...one, aimed: undefined, wait: 1000, ago: undefined }));
}

const development = (inputs: readonly string[]) => ({
  ...{ title: '产品', authority: `agreement/${ids.agreement}`, purpose: PURPOSE, inputs },
  ...{ environment: '域内', process: madeUpDigest('p'), form: 'report' },
});

const step = (by: Member, act: string, id: string, input: object): Step => ({ by, act, id, input });

/**
 * Reports whose date counts. An incident's emergency measure is of now, and where an exit leaves an agreement is its own
 * state's.
 */
const isDated = (name: string): boolean => ['usage:record', 'usage:anchor', 'delivery:deliver'].includes(name);

/** What an act names. */
function words({ act, id, input }: Call): string[] {
  return [
    `${act.split(':')[0] ?? ''}/${id}`,
    ...(JSON.stringify(input).match(/[a-z-]+\/[A-Z][\w-]+|\d{8}DEM\w{7}/g) ?? []),
  ];
}

/** Rules that an act names as not judged. */
function unjudgedOf(came: Came): string[] {
  return 'error' in came ? [] : (came.result.record.act.unjudged ?? []).map(({ rule }) => rule);
}

function brief(came: Came): unknown {
  return 'error' in came ? [came.error.code, came.error.message] : [came.result.record.state, rulesOf(came)];
}
