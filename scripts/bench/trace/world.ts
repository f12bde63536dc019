// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { LedgerRecord, Moment } from 'yuanliu-chaincode/record';
import type { Viewer } from 'yuanliu-gateway/index/visibility';
import { cast, CITY, demoCode } from '../../demo/cast.js';
import { Random } from './random.js';

/** A record as one transaction left it, its only act. */
export interface Born {
  readonly record: LedgerRecord;
  readonly txId: string;
  readonly block: number;
}

/**
 * A made-up city of a given number of records, of the real kinds with bodies of the real shape: organisations and links of
 * authority first, then resources with their registrations and catalogues, then products, deliveries and uses. Every
 * record is written once, in the state it would end in. Among the products, at random places over the whole history, lie
 * closures of a fixed size: a product that comes from 399 others and, with them, from 600 resources. All other products
 * have two to four inputs, so that nothing else reaches far.
 */
export interface World {
  /** The roots of the closures: `product/ID`. */
  readonly roots: readonly string[];
  /** Sees all of it by remit and region, as no organisation that is merely named in it does. */
  readonly viewer: Viewer;
  born(): Generator<Born>;
}

export const CLOSURE = 1_000;
const CLOSURE_PRODUCTS = 400;
const CLOSURE_RESOURCES = CLOSURE - CLOSURE_PRODUCTS;
const CLOSURES = 4;
export const TRANSACTIONS_A_BLOCK = 500;

const domains = Array.from({ length: 14 }, (_, index) => `领域${index + 1}`);
const developers = Array.from({ length: 200 }, (_, index) => demoCode(1000 + index));
const departments = domains.map((_, index) => demoCode(100 + index));

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
  yield* authority(scribe, grants);
  for (let n = 0; n < resources; n++) {
    yield scribe.write('resource', `R-${n}`, 'graded', resourceBody(n), 'anchor', departmentOf(n));
    yield scribe.write('registration', `REG-${n}`, 'coded', registrationBody(n), 'apply', departmentOf(n));
    if (n % 1_000 === 999 || n + 1 === resources) {
      yield scribe.write('catalogue', `C-${n}`, 'published', catalogueBody(n), 'compile', cast.agency.code);
    }
  }
  for (let n = 0; scribe.count < records; n++) {
    if (n < products) {
      const grant = random.below(grants);
      const from = inputs.get(n) ?? shallowInputs(random, { resources, product: n });
      const body = productBody(n, grant, from);
      yield scribe.write('product', `P-${n}`, 'released', body, 'develop', body.holder);
    }
    if (scribe.count < records) {
      const grant = random.below(grants);
      const subject = `product/P-${random.below(Math.min(n + 1, products))}@1`;
      yield scribe.write('usage', `U-${n}`, 'recorded', usageBody(grant, subject), 'record', developerOf(grant));
    }
  }
}

/** Resources only, and no product beyond them: nothing but the closures is deep. */
function shallowInputs(random: Random, { resources }: { resources: number; product: number }): string[] {
  const inputs = Array.from({ length: 2 + random.below(3) }, () => `resource/R-${random.below(resources)}@1`);
  return [...new Set(inputs)];
}

function* authority(scribe: Scribe, grants: number): Generator<Born> {
  const organizations = [...Object.values(cast).map(({ code }) => code), ...departments, ...developers];
  for (const code of organizations) {
    const body = {
      name: `机构${code}`,
      msp: 'DeveloperMSP',
      roles: [{ role: 'developer', region: CITY }],
      qualifications: [],
    };
    yield scribe.write('organization', code, 'admitted', body, 'admit', cast.authority.code);
  }
  const agency = cast.agency.code;
  const operator = cast.operator.code;
  yield scribe.write(
    'plan',
    'PLAN',
    'approved',
    { title: '方案', agency, region: CITY, terms, parts: {} },
    'draft',
    agency,
  );
  for (let n = 0; n < AGREEMENTS; n++) {
    const body = { plan: 'plan/PLAN', agency, operator, region: CITY, terms, parts: {}, signatures: [] };
    yield scribe.write('agreement', `A-${n}`, 'signed', body, 'propose', agency);
  }
  for (let n = 0; n < grants; n++) {
    const developer = developerOf(n);
    const agreement = agreementOf(n);
    const body = { scenario: `scenario/S-${n}`, agreement, developer, operator, agency, region: CITY, terms };
    yield scribe.write('grant', `G-${n}`, 'in-force', body, 'issue', agency, n % 5 === 0);
  }
}

const AGREEMENTS = 20;
const BEGIN = Date.parse('2026-02-01T00:00:00Z');
const terms = { catalogue: 'C-999', from: '2026-01-01T00:00:00.000Z', to: '2036-01-01T00:00:00.000Z' };

const agreementOf = (grant: number): string => `agreement/A-${grant % AGREEMENTS}`;
const developerOf = (grant: number): string => developers[grant % developers.length] ?? '';
const departmentOf = (resource: number): string => departments[resource % departments.length] ?? '';
const domainOf = (resource: number): string => domains[resource % domains.length] ?? '';

function resourceBody(n: number) {
  return {
    title: `公共数据资源第${n}号`,
    domain: domainOf(n),
    provider: departmentOf(n),
    region: CITY,
    digest: digestOf(`resource ${n}`),
    sharing: { type: 'conditional' },
    grade: { class: 'general', level: 2 },
  };
}

function registrationBody(n: number) {
  const at = '2026-02-01T00:00:00.000Z';
  return {
    subject: `resource/R-${n}@1`,
    applicant: departmentOf(n),
    region: CITY,
    type: 'initial',
    code: `DEMO-${n}`,
    codedAt: at,
  };
}

function catalogueBody(last: number) {
  const first = last - (last % 1_000);
  const entries = Array.from({ length: last - first + 1 }, (_, index) => {
    const n = first + index;
    return {
      resource: `R-${n}`,
      version: 1,
      title: `公共数据资源第${n}号`,
      domain: domainOf(n),
      provider: departmentOf(n),
    };
  });
  const digest = digestOf(`catalogue ${last}`);
  return { title: `目录第${last}号`, agency: cast.agency.code, region: CITY, entries, digest, confirmations: [] };
}

function productBody(n: number, grant: number, inputs: readonly string[]) {
  const developer = developerOf(grant);
  const of = inputs
    .filter((ref) => ref.startsWith('resource/'))
    .map((ref) => Number(ref.slice('resource/R-'.length, -2)));
  return {
    title: `数据产品第${n}号`,
    holder: developer,
    developer,
    tier: 'derived',
    authority: `grant/G-${grant}`,
    agreement: agreementOf(grant),
    operator: cast.operator.code,
    agency: cast.agency.code,
    region: CITY,
    purpose: '普惠金融授信',
    inputs,
    environment: '授权运营域开发环境',
    process: digestOf('process'),
    digest: digestOf(`product ${n}`),
    form: 'dataset',
    sources: of.map((resource) => ({
      resource: `R-${resource}`,
      domain: domainOf(resource),
      provider: departmentOf(resource),
    })),
    domains: [...new Set(of.map(domainOf))].sort(),
    personal: false,
    channel: '授权运营平台',
  };
}

function usageBody(grant: number, subject: string) {
  const user = developerOf(grant);
  const common = {
    authority: `grant/G-${grant}`,
    agreement: agreementOf(grant),
    region: CITY,
    domains: domains.slice(0, 1),
  };
  return { user, subject, ...common, purpose: '普惠金融授信', action: 'use', quantity: 1 };
}

/** Writes records in the order of history, half a minute after another. */
class Scribe {
  count = 0;

  /** @param interrupted it was suspended for a while later on */
  write(
    kind: string,
    id: string,
    state: string,
    body: object,
    act: string,
    organization: string,
    interrupted = false,
  ): Born {
    const number = this.count++;
    const time = new Date(BEGIN + number * 30_000).toISOString();
    const txId = createHash('sha256').update(`${kind}/${id}`).digest('hex');
    const timeline: Moment[] = [{ at: time, state, version: 1 }];
    if (interrupted) timeline.push(...interruption(number));
    const nature = act === 'record' ? 'report' : act === 'issue' ? 'consequence' : 'decision';
    const occurred = nature === 'report' ? { occurredAt: time } : {};
    const entry = {
      name: act,
      nature,
      organization,
      user: '演示岗',
      role: 'developer',
      txId,
      time,
      ...occurred,
    } as const;
    const record: LedgerRecord = {
      ...{ kind, id, version: 1, state, body, schema: 1, history: 1, timeline },
      act: { ...entry, rulebook: 1, violations: [] },
    };
    return { record, txId, block: Math.floor(number / TRANSACTIONS_A_BLOCK) };
  }
}

/** A tenth of the time that a million records take, somewhere in its middle. */
function interruption(number: number): Moment[] {
  const day = 86_400_000;
  const from = BEGIN + (100 + (number % 100)) * day;
  return [
    { at: new Date(from).toISOString(), state: 'suspended', version: 1 },
    { at: new Date(from + 35 * day).toISOString(), state: 'in-force', version: 1 },
  ];
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
