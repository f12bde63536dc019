// SPDX-License-Identifier: Apache-2.0
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { Viewer } from 'yuanliu-gateway/index/read/visibility';
import { cast, CITY } from 'yuanliu-demo/cast';
import {
  agreementOf,
  AGREEMENTS,
  catalogueBody,
  departmentOf,
  departments,
  developerOf,
  developers,
  domains,
  productBody,
  registrationBody,
  resourceBody,
  terms,
  usageBody,
} from './bodies.js';
import { Random } from 'yuanliu-testing/random';
import { Scribe, type Born } from './scribe.js';

/**
 * A made-up city of a given number of records, of the real kinds with bodies of the real shape: organisations and links of
 * authority first, then resources with their registrations and catalogues, then products and uses. Every record is written
 * once, in the state it would end in, but for one grant in five, which is suspended and resumed on the way. Among the
 * products, at random places over the whole history, lie closures of a fixed size: a product that comes from 399 others
 * and, with them, from 600 resources. All other products have two to four inputs, so that nothing else reaches far.
 */
export interface World {
  /** The roots of the closures: `product/ID`. */
  readonly roots: readonly string[];
  /** Sees all of it by remit and region, as no organisation that is merely named in it does. */
  readonly viewer: Viewer;
  born(): Generator<Born>;
}

const CLOSURE = 1_000;
const CLOSURE_PRODUCTS = 400;
const CLOSURE_RESOURCES = CLOSURE - CLOSURE_PRODUCTS;
/** Grants that the closures' products rest on, whatever the number of records. */
const CLOSURE_GRANTS = 40;
const CLOSURES = 4;

export function worldOf(records: number): World {
  const resources = Math.floor(records * 0.25);
  const products = Math.floor(records * 0.22);
  const members = closures(products, new Random(7));
  return {
    roots: members.map((slots) => `product/P-${slots.at(-1) ?? 0}`),
    viewer: {
      organization: cast.supervisor.code,
      roles: [{ role: 'supervisor', region: CITY, remit: domains }],
    },
    born: () => births({ records, resources, products, inputs: closureInputs(members, resources) }),
  };
}

/** The places of each closure's products in the history, the root last. */
function closures(products: number, random: Random): readonly (readonly number[])[] {
  const taken = new Set<number>();
  while (taken.size < CLOSURES * CLOSURE_PRODUCTS) taken.add(random.below(products));
  const all = [...taken];
  return Array.from({ length: CLOSURES }, (_, closure) =>
    all.slice(closure * CLOSURE_PRODUCTS, (closure + 1) * CLOSURE_PRODUCTS).sort((a, b) => a - b),
  );
}

/** Inputs of the closures' products: each product goes into a later one, one in twenty into two; so does each resource. */
function closureInputs(members: readonly (readonly number[])[], resources: number): ReadonlyMap<number, string[]> {
  const inputs = new Map<number, string[]>();
  const random = new Random(11);
  for (const slots of members) {
    const add = (consumer: number, input: string): void => {
      const slot = slots[consumer] ?? 0;
      inputs.set(slot, [...new Set([...(inputs.get(slot) ?? []), input])]);
    };
    for (let place = 0; place + 1 < slots.length; place++) {
      const reach = Math.min(40, slots.length - 1 - place);
      const consumers = random.below(20) === 0 ? 2 : 1;
      for (let n = 0; n < consumers; n++) add(place + 1 + random.below(reach), `product/P-${slots[place] ?? 0}@1`);
    }
    const drawn = new Set<number>();
    while (drawn.size < CLOSURE_RESOURCES) drawn.add(random.below(resources));
    // Every product has an input of its own, so that none is made of nothing.
    [...drawn].forEach((resource, index) => {
      add(index < slots.length ? index : random.below(slots.length), `resource/R-${resource}@1`);
    });
  }
  return inputs;
}

interface Plan {
  readonly records: number;
  readonly resources: number;
  readonly products: number;
  readonly inputs: ReadonlyMap<number, string[]>;
}

function* births({ records, resources, products, inputs }: Plan): Generator<Born> {
  const random = new Random(3);
  const scribe = new Scribe();
  const grants = Math.max(40, Math.floor(records / 2_000));
  const issued = yield* authority(scribe, grants);
  const favored = Array.from({ length: CLOSURE_GRANTS }, () => random.below(grants));
  for (let n = 0; n < resources; n++) {
    const by = departmentOf(n);
    yield scribe.write({ ref: ['resource', `R-${n}`], state: 'graded', body: resourceBody(n), act: 'anchor', by });
    yield scribe.write({
      ref: ['registration', `REG-${n}`],
      state: 'coded',
      body: registrationBody(n),
      act: 'apply',
      by,
    });
    if (n % 1_000 === 999 || n + 1 === resources) {
      const made = { state: 'published', body: catalogueBody(n), act: 'compile', by: cast.agency.code };
      yield scribe.write({ ref: ['catalogue', `C-${n}`], ...made });
    }
  }
  for (let n = 0; scribe.count < records; n++) {
    yield* interruptions(scribe, issued, n / products);
    if (n < products) {
      const deep = inputs.get(n);
      const grant = deep ? (favored[random.below(CLOSURE_GRANTS)] ?? 0) : random.below(grants);
      const body = productBody(n, grant, deep ?? shallowInputs(random, resources));
      yield scribe.write({ ref: ['product', `P-${n}`], state: 'released', body, act: 'develop', by: body.holder });
    }
    const body = usageBody(random.below(grants), `product/P-${random.below(Math.min(n + 1, products))}@1`);
    const used = { state: 'recorded', body, act: 'record', nature: 'report', by: body.user } as const;
    yield scribe.write({ ref: ['usage', `U-${n}`], ...used });
  }
}

/** Resources only, and no product beyond them: nothing but the closures is deep. */
function shallowInputs(random: Random, resources: number): string[] {
  const inputs = Array.from({ length: 2 + random.below(3) }, () => `resource/R-${random.below(resources)}@1`);
  return [...new Set(inputs)];
}

/** Writes the organisations and links; returns the grants. */
function* authority(scribe: Scribe, grants: number): Generator<Born, LedgerRecord[]> {
  const [agency, operator] = [cast.agency.code, cast.operator.code];
  for (const code of [...Object.values(cast).map((member) => member.code), ...departments, ...developers]) {
    const roles = [{ role: 'developer', region: CITY }];
    const body = { name: `机构${code}`, msp: 'DeveloperMSP', roles, qualifications: [] };
    const admitted = { state: 'admitted', body, act: 'admit', by: cast.authority.code };
    yield scribe.write({ ref: ['organization', code], ...admitted });
  }
  const plan = { title: '方案', agency, region: CITY, terms, parts: {} };
  yield scribe.write({ ref: ['plan', 'PLAN'], state: 'approved', body: plan, act: 'draft', by: agency });
  for (let n = 0; n < AGREEMENTS; n++) {
    const body = { plan: 'plan/PLAN', agency, operator, region: CITY, terms, parts: {}, signatures: [] };
    yield scribe.write({ ref: ['agreement', `A-${n}`], state: 'signed', body, act: 'propose', by: agency });
  }
  const issued: LedgerRecord[] = [];
  for (let n = 0; n < grants; n++) {
    const parties = { agreement: agreementOf(n), developer: developerOf(n), operator, agency };
    const body = { scenario: `scenario/S-${n}`, ...parties, region: CITY, terms };
    const made = { state: 'in-force', body, act: 'issue', nature: 'consequence', by: agency } as const;
    const born = scribe.write({ ref: ['grant', `G-${n}`], ...made });
    issued.push(born.record);
    yield born;
  }
  return issued;
}

/** One grant in five is suspended at some point of the products' time, and resumed when a twentieth more has passed. */
function* interruptions(scribe: Scribe, grants: LedgerRecord[], passed: number): Generator<Born> {
  for (let n = 0; n < grants.length; n += 5) {
    const grant = grants[n];
    const due = 0.1 + (0.8 * n) / grants.length;
    const [act, state, from] =
      grant?.history === 1 ? ['suspend', 'suspended', due] : ['resume', 'in-force', due + 0.05];
    if (!grant || grant.history === 3 || passed < from) continue;
    const born = scribe.write(
      { ref: ['grant', grant.id], state, body: grant.body as object, act, by: cast.agency.code },
      grant,
    );
    scribe.endBlock();
    grants[n] = born.record;
    yield born;
  }
}
