// SPDX-License-Identifier: Apache-2.0
import type { Reader } from '../../kind/act.js';
import { cataloguesOf, chainStands, withinChain } from '../../chain/chain.js';
import { refusal } from '../../vocabulary/error.js';
import { inherited, judgedUnder, type Input } from '../../chain/inheritance.js';
import { kind } from '../../kind/kind.js';
import { parseRef, type LedgerRecord } from '../../kind/record.js';
import { breach, breachIf, defineRule, type Breach } from '../../kind/rule.js';
import { sortedSet } from '../../vocabulary/vocabulary.js';
import { filed } from '../agreement/agreement.js';
import { DELIVERED, isDelivered, usedMarks } from '../delivery/delivered.js';
import { externalInput } from '../external-input/external-input.js';
import { authorityOf } from '../grant/grant.js';
import { acceptanceMarks } from '../organization/acceptance.js';
import { developerQualified } from '../organization/organization.js';
import { developInput, productBody, sourceInUse, type ProductBody } from './body.js';
import { claimedAffiliates, noRedevelopment, redevelopedMarks } from './redevelopment.js';
import { registered } from '../registration/registered.js';
import { resource } from '../resource/resource.js';
import { shareable } from '../../chain/shareable.js';

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
    found.push(breach('not-delivered', { product: ref, actor }));
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
    if (since === undefined) found.push(breach('input-missing', { input: ref }));
    else if (context.asOf !== undefined && since > context.asOf)
      found.push(breach('input-later', { input: ref, since }));
    else if (state !== 'graded' && state !== 'released' && state !== 'declared') {
      const kind = parseRef(ref).kind;
      const params = { input: ref };
      found.push(
        state === undefined
          ? breach('input-not-there', params)
          : breach('input-not-usable', { ...params, state: `${kind}:${state}` }),
      );
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
    if (holder !== body.holder) found.push(breach('external-of-another', { input: ref }));
    else if (occurredAt < period.from || (period.to !== undefined && occurredAt >= period.to))
      found.push(breach('external-not-licensed', { input: ref, at: occurredAt }));
  }
  return found;
});

/** Development happens in a named environment inside the operation domain (授权运营域). */
export const environmentNamed = product.rule('environment-named', ({ body }) =>
  breachIf(body.environment === undefined, 'no-environment'),
);

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
    const { id, input, caller, find } = context;
    const found: Input[] = [];
    for (const ref of input.inputs) {
      const record = await findInput(ref, find);
      if (record) found.push(record); // a missing one is refused by `inputsExact`
    }
    const authority = await authorityOf(input.authority, { find });
    if (!authority) {
      throw refusal('NOT_FOUND', 'no-record', { ref: input.authority });
    }
    const derived = input.authority.startsWith('grant/'); // whichever role its maker comes in
    const holder = caller.organization;
    const body: ProductBody = {
      ...input,
      ...authority,
      ...(derived ? { developer: holder } : {}),
      holder,
      tier: derived ? ('derived' as const) : ('basic' as const),
      ...(await inherited(found, context)),
    };
    const marks = [
      ...(await usedMarks(input.inputs, holder, context)),
      ...(await redevelopedMarks(input.inputs, holder, context)),
      ...(derived
        ? await acceptanceMarks({ organization: holder, agency: authority.agency, role: 'developer' }, context)
        : []),
      ...(await judgedUnder({ id, body }, await cataloguesOf(input.authority, context), context)),
    ];
    return { body, also: await claimedAffiliates(body, context), marks };
  },
});

async function findInput(ref: string, find: Reader['find']): Promise<Input | undefined> {
  return (await find(resource, ref)) ?? (await find(product, ref)) ?? find(externalInput, ref);
}
