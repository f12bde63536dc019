// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import type { Act, ActOptions, Consequence, ConsequenceOptions, CreationOptions, Reader } from './act.js';
import { nothing, type RoleName } from '../vocabulary/vocabulary.js';
import { defineRule, type Rule, type RuleCheck, type RuleOptions } from './rule.js';
import type { Terms, Use } from './terms.js';
import type { WindDown } from './wind-down.js';

/** What a record does under its authority chain: the use that every link of the chain must allow. */
export interface Exercise {
  /** The link it rests on: `grant/ID` or `agreement/ID`. */
  readonly authority: string;
  /** Credit codes of those who exercise it: the link's holder must be one of them. */
  readonly actors: readonly string[];
  readonly use: Use;
  /** Id of the product that the resources are the sources of, where they are. */
  readonly product?: string | undefined;
  /** How much of a quota it takes. */
  readonly quantity: number;
}

/**
 * PROV relation of an edge between exact versions, always pointing back in time: a product `wasDerivedFrom` its inputs,
 * a usage or a delivery `used` what it took.
 */
export interface Edge {
  readonly relation: 'wasDerivedFrom' | 'used';
  /** Exact version, `product/ID@2`. */
  readonly to: string;
}

export interface KindOptions<Body, State extends string> {
  /** Name in the words of the regulation. */
  readonly title: string;
  /** Name of the collection in URLs. */
  readonly plural: string;
  /**
   * Number of the body's schema; stored with every record. Raise it, with {@link KindOptions.upgrade}, a golden file and
   * the index's format, when a body of before is not one of now.
   */
  readonly schema: number;
  readonly states: readonly State[];
  /** States in which a record of this kind stands, i.e. others may rest on it. */
  readonly inForce?: readonly NoInfer<State>[];
  /** States in which anyone may read it. */
  readonly public?: readonly NoInfer<State>[];
  /** States in which only who acted on it, whom it tells, the data-authority and supervisors in their remit may read it. */
  readonly sealed?: readonly NoInfer<State>[];
  /** States that end the seal for good, where there are any: a record that never was in one stays sealed in every state. */
  readonly unsealed?: readonly NoInfer<State>[];
  /** Credit codes of those who may read it although it is sealed. */
  told?(body: Body): readonly string[];
  /** Roles whose office is to read every record of this kind in their region and remit. */
  readonly offices?: readonly RoleName[];
  /** States that end every version, the past ones too: a withdrawal. */
  readonly ended?: readonly NoInfer<State>[];
  /** What goes on although the record is in a state that is not in force. */
  windDown?(body: Body, state: string): WindDown | undefined;
  /** From when on a state that is not in force has lapsed: the record stands again. */
  lapse?(body: Body, state: string): string | undefined;
  /** What a link of the authority chain allows, and in which term it does. */
  terms?(body: Body): Terms;
  /** A link that its holder alone acts under: no other link rests on it. */
  readonly exclusive?: true;
  /** Credit code of the one whose record it is: who provides a resource, holds a product, may exercise a link. */
  holder?(body: Body): string;
  /** What a record of this kind does under its authority chain. */
  exercise?(body: Body, reader: Reader, at: string): Promise<Exercise>;
  /** The records whose standing this one's rests on: refs such as `agreement/ID` or `product/ID@1`. */
  parents?(body: Body): readonly string[];
  /** Lineage of this version. */
  edges?(body: Body): readonly Edge[];
  /** Credit codes of the organisations that the body names: they may read the record. */
  parties(body: Body): readonly string[];
  /** Content digests that this record carries, for lookup. */
  digests?(body: Body): readonly string[];
  /** Reads a body stored under an older schema number. */
  upgrade?(body: unknown, schema: number): unknown;
}

/** A kind of record: what its body is, when it stands, who may read it, and the acts on it. */
export interface Kind<Body = unknown, State extends string = string> extends KindOptions<Body, State> {
  readonly name: string;
  readonly body: z.ZodType<Body>;
  /** Every act of this kind, by name, in the order of definition. */
  readonly acts: ReadonlyMap<string, Act>;
  /** Every consequence that creates or ends a record of this kind, by name. */
  readonly consequences: ReadonlyMap<string, Consequence>;

  /** Defines an act on an existing record. */
  act<Input = object>(name: string, options: ActOptions<Body, Input, State>): Act<Body, Input>;
  /** Defines an act that creates the record. */
  creation<Input>(name: string, options: CreationOptions<Body, Input, State>): Act<Body, Input>;
  /** Defines the creation or end of a record as the effect of another record's act. */
  consequence(name: string, options: ConsequenceOptions<Body, State>): Consequence<Body>;
  /** Defines a rule on this kind's body. */
  rule<Input = unknown>(id: string, check: RuleCheck<Body, Input>, options?: RuleOptions): Rule<Body, Input>;
}

const kinds = new Map<string, Kind>();

/** Finds a kind by its name; undefined for an unknown one. Complete once `kinds.ts` is loaded. */
export function kindNamed(name: string): Kind | undefined {
  return kinds.get(name);
}

/** Defines a kind of record. A name can be defined once. */
export function kind<Schema extends z.ZodType, State extends string>(
  name: string,
  options: KindOptions<z.infer<Schema>, State> & { readonly body: Schema },
): Kind<z.infer<Schema>, State> {
  type Body = z.infer<Schema>;
  if (kinds.has(name)) throw new Error(`kind ${name} is defined twice`);
  const acts = new Map<string, Act>();
  const consequences = new Map<string, Consequence>();
  const define = <Input>(act: Act<Body, Input>): Act<Body, Input> => {
    if (acts.has(act.name)) throw new Error(`act ${name}:${act.name} is defined twice`);
    acts.set(act.name, act as Act);
    return act;
  };
  const defined: Kind<Body, State> = {
    ...options,
    body: options.body as unknown as z.ZodType<Body>,
    name,
    acts,
    consequences,
    act: (act, { report = false, input, rules = [], whileSuspended = false, anywhere = false, ...rest }) =>
      define({
        kind: defined,
        name: act,
        creates: false,
        nature: report ? 'report' : 'decision',
        input: input ?? (nothing as unknown as NonNullable<typeof input>),
        rules,
        whileSuspended,
        anywhere,
        ...rest,
      }),
    creation: (act, { report = false, from = [], rules = [], whileSuspended = false, anywhere = false, ...rest }) =>
      define({
        kind: defined,
        name: act,
        creates: true,
        nature: report ? 'report' : 'decision',
        from,
        rules,
        whileSuspended,
        anywhere,
        ...rest,
      }),
    consequence: (act, { from = [], to, rules = [], title }) => {
      const consequence: Consequence<Body> = {
        kind: defined,
        name: act,
        title,
        from,
        to,
        rules,
        of: (id, body) => ({ consequence: consequence as Consequence, id, body }),
      };
      if (consequences.has(act)) throw new Error(`consequence ${name}:${act} is defined twice`);
      consequences.set(act, consequence as Consequence);
      return consequence;
    },
    rule: (id, check, ruleOptions) => defineRule(id, check, ruleOptions),
  };
  kinds.set(name, defined as Kind);
  return defined;
}
