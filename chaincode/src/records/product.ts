// SPDX-License-Identifier: Apache-2.0
import type { ActContext, Issued, Reader } from '../act.js';
import { chainStands, shareable, withinChain } from '../chain.js';
import { affiliation, type Affiliation } from '../control.js';
import { ContractError } from '../error.js';
import { inherited, type Input } from '../inheritance.js';
import { kind } from '../kind.js';
import { parseRef, type LedgerRecord } from '../record.js';
import { breach, breachIf, defineRule, recorded, type Breach } from '../rule.js';
import { sortedSet } from '../vocabulary.js';
import { filed } from './agreement.js';
import { DELIVERED, isDelivered } from './delivered.js';
import { externalInput } from './external-input.js';
import { clue, findingId } from './finding.js';
import { authorityOf } from './grant.js';
import { developerQualified } from './organization.js';
import { developInput, productBody, sourceInUse, type ProductBody } from './product-body.js';
import { registered } from './registered.js';
import { resource } from './resource.js';

/** 公共数据产品和服务 — basic ones by the operator, derived ones by developers (Art. 12, 20, 22). */
export const product = kind('product', {
  title: '公共数据产品和服务',
  plural: 'products',
  schema: 1,
  body: productBody,
  states: ['developed', 'graded', 'cleared', 'release-requested', 'returned', 'checked', 'released', 'withdrawn'],
  inForce: ['released'],
  ended: ['withdrawn'],
  public: ['released', 'withdrawn'],
  parents: (body) => [body.authority],
  holder: (body) => body.holder,
  edges: (body) => body.inputs.map((to) => ({ relation: 'wasDerivedFrom', to })),
  parties: (body) => [
    body.holder,
    body.operator,
    body.agency,
    ...sortedSet(body.sources.map(({ provider }) => provider)),
  ],
  digests: (body) => [body.digest, body.process, ...(body.certificates ?? []).map((one) => one.digest)],
  exercise: (body, _reader, at) =>
    Promise.resolve({
      authority: body.authority,
      actors: [body.holder],
      use: { resources: body.sources.map(sourceInUse), purpose: body.purpose, action: 'develop', at },
      quantity: 0,
    }),
});

/** A product as who takes it may know it: public by now, or naming them; undefined if not, as if there were none. */
export async function productKnownTo(
  organization: string,
  ref: string,
  { find }: Pick<Reader, 'find'>,
): Promise<LedgerRecord<ProductBody> | undefined> {
  const made = await find(product, ref);
  const isPublic = made && product.public?.some((state) => state === made.state);
  return isPublic || (made && product.parties(made.body).includes(organization)) ? made : undefined;
}

/** A product that is used or developed further is one's own, or was delivered by then: otherwise its way is not on record. */
export const obtained = defineRule<{
  readonly user?: string;
  readonly holder?: string;
  readonly subject?: string;
  readonly inputs?: readonly string[];
}>('product-obtained', async ({ body, find, marked, asOf }) => {
  const found: Breach[] = [];
  const actor = body.user ?? body.holder ?? '';
  for (const ref of body.inputs ?? [body.subject ?? '']) {
    if (!ref.startsWith('product/') || (await find(product, ref))?.body.holder === actor) continue;
    if (isDelivered(await marked(DELIVERED, `${parseRef(ref).id}/${actor}`), asOf)) continue;
    found.push(breach(`${ref} was not delivered to ${actor}`, 'have its holder deliver it, and report the delivery'));
  }
  return found;
});

/** Inputs exist at that exact version, are in force, and did not occur after their output; so does a resource in use. */
export const inputsExact = defineRule<{
  readonly inputs?: readonly string[];
  readonly subject?: string;
}>('inputs-exact', async (context) => {
  const { body, find, moment } = context;
  const found: Breach[] = [];
  const used = body.subject?.startsWith('resource/') ? [body.subject] : [];
  for (const ref of body.inputs ?? used) {
    const input = await findInput(ref, find);
    const since = input?.timeline.find(({ version }) => version === parseRef(ref).version)?.at;
    const state = input && moment(input)?.state;
    if (since === undefined) found.push(breach(`${ref} does not exist`, 'name an exact version that exists'));
    else if (context.asOf !== undefined && since > context.asOf)
      found.push(breach(`${ref} came to be at ${since}, after its output`, 'name what was there'));
    else if (state !== 'graded' && state !== 'released' && state !== 'declared') {
      found.push(breach(`${ref} is ${state ?? 'not there'}`, 'use graded resources and released products'));
    }
  }
  return found;
});

/** 外部数据 is one's own by declaration, and is used while its licence lasts (Art. 16). */
export const externalLicensed = product.rule('external-licensed', async ({ body, find, occurredAt }) => {
  const found: Breach[] = [];
  for (const ref of body.inputs) {
    const external = await find(externalInput, ref);
    if (!external) continue;
    const { holder, period } = external.body;
    if (holder !== body.holder)
      found.push(breach(`${ref} is declared by another`, 'declare what you obtained yourself'));
    else if (occurredAt < period.from || (period.to !== undefined && occurredAt >= period.to))
      found.push(breach(`the licence of ${ref} does not cover ${occurredAt}`, 'declare the licence that does'));
  }
  return found;
});

/** Development happens in a named environment inside the operation domain (授权运营域). */
export const environmentNamed = product.rule('environment-named', ({ body }) =>
  breachIf(
    body.environment === undefined,
    'no environment is named',
    'name the environment inside the operation domain',
  ),
);

/**
 * The operator does not itself develop further a product that it delivered, nor what a developer under it made and
 * delivered, in whichever role it comes. Where a party does that it controls, is controlled by, or shares a controller
 * with, that is recorded: the agency judges it (Art. 17: 直接或者间接).
 */
export const noRedevelopment = product.rule('operator-redevelops', async ({ body, find, marked, time }) => {
  const found: Breach[] = [];
  for (const { ref, operator } of await deliveredInputs(body.inputs, { find, marked })) {
    if (operator === body.holder) {
      found.push(
        breach(`${ref} was delivered under the operator that would develop it further`, 'leave it to developers'),
      );
      continue;
    }
    const affiliated = await affiliation({ marked }, operator, body.holder, time);
    if (!affiliated) continue;
    const how = told(affiliated, operator, body.holder);
    found.push(recorded(`${ref} was delivered under an affiliate: ${how}`, 'the implementing agency judges it'));
  }
  return found;
});

function told({ relation, path }: Affiliation, operator: string, holder: string): string {
  return `${operator} ${relation} ${holder} (${path.join(' > ')})`;
}

/** Those of some inputs that are delivered products, and the operator that each was made under. */
async function deliveredInputs(
  inputs: readonly string[],
  { find, marked }: Pick<Reader, 'find' | 'marked'>,
): Promise<readonly { readonly ref: string; readonly operator: string }[]> {
  const found: { ref: string; operator: string }[] = [];
  for (const ref of inputs) {
    const input = await find(product, ref);
    if (input && isDelivered(await marked(DELIVERED, input.id))) found.push({ ref, operator: input.body.operator });
  }
  return found;
}

/** What an affiliation that is only claimed comes to: a sealed finding for the agency, and nothing on the product. */
async function claimedAffiliates(
  { agency, region, domains, holder, inputs }: ProductBody,
  {
    ref: made,
    find,
    marked,
    time,
    txId,
  }: Pick<ActContext<unknown, unknown>, 'ref' | 'find' | 'marked' | 'time' | 'txId'>,
): Promise<readonly Issued[]> {
  const claims: string[] = [];
  for (const { ref, operator } of await deliveredInputs(inputs, { find, marked })) {
    if (operator === holder || (await affiliation({ marked }, operator, holder, time))) continue;
    const claimed = await affiliation({ marked }, operator, holder, time, 'claimed');
    if (claimed) claims.push(`${ref}: ${told(claimed, operator, holder)}, as one of them claims`);
  }
  if (claims.length === 0) return [];
  const place = { region, domains };
  const summary = claims.join('\n').slice(0, 4000);
  return [
    clue.of(findingId(txId), { about: `${made}@1`, ...place, rules: [noRedevelopment.id], summary, told: agency }),
  ];
}

/** 开发 — makes a product out of exact versions, under an agreement (operator) or a grant (developer). */
export const develop = product.creation('develop', {
  title: '开发',
  by: { operator: (body) => body.holder, developer: (body) => body.holder },
  to: 'developed',
  input: developInput,
  rules: [
    chainStands,
    withinChain,
    shareable,
    inputsExact,
    externalLicensed,
    environmentNamed,
    developerQualified,
    obtained,
    noRedevelopment,
    registered,
    filed,
  ],
  effect: async (context) => {
    const { input, caller, find, current } = context;
    const found: Input[] = [];
    for (const ref of input.inputs) {
      const record = await findInput(ref, find);
      if (record) found.push(record); // a missing one is refused by `inputsExact`
    }
    const authority = await authorityOf(input.authority, { find });
    if (!authority) {
      throw new ContractError('NOT_FOUND', {
        message: `there is no ${input.authority}`,
        remedy: 'check the reference',
      });
    }
    const derived = caller.role === 'developer' || input.authority.startsWith('grant/');
    const body = {
      ...input,
      ...authority,
      ...(derived ? { developer: caller.organization } : {}),
      holder: caller.organization,
      tier: derived ? ('derived' as const) : ('basic' as const),
      ...(await inherited(found, { current })),
    };
    return { body, also: await claimedAffiliates(body, context) };
  },
});

async function findInput(ref: string, find: Reader['find']): Promise<Input | undefined> {
  return (await find(resource, ref)) ?? (await find(product, ref)) ?? find(externalInput, ref);
}
