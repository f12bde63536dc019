// SPDX-License-Identifier: Apache-2.0
import type { LedgerRecord } from './record.js';
import type { ExternalInputBody } from './records/external-input.js';
import type { ProductBody } from './records/product-body.js';
import type { ResourceBody } from './records/resource.js';
import { highestGrade, sortedSet, type Grade } from './vocabulary.js';

/** An exact version that a product is made from. */
export type Input = LedgerRecord<ResourceBody> | LedgerRecord<ProductBody> | LedgerRecord<ExternalInputBody>;

/** What a product takes from its inputs: the union of their sources, their highest grade, the personal flag. */
export function inherited(
  inputs: readonly Input[],
): Pick<ProductBody, 'sources' | 'domains' | 'inheritedGrade' | 'personal'> {
  const bySource = new Map(inputs.flatMap(sourcesOf).map((one) => [one.resource, one]));
  const sources = sortedSet(bySource.keys()).flatMap((id) => bySource.get(id) ?? []);
  const top = highestGrade(inputs.flatMap(({ body }) => gradeOf(body) ?? []));
  return {
    sources,
    domains: sortedSet(sources.map(({ domain }) => domain)),
    ...(top ? { inheritedGrade: top } : {}),
    personal: inputs.some(({ body }) =>
      'sources' in body ? body.personal && !body.export?.anonymization : body.personal === true,
    ),
  };
}

function sourcesOf({ id, body }: Input): ProductBody['sources'] {
  if ('licence' in body) return []; // no public data: no link of the chain allows or bars it
  return 'sources' in body ? body.sources : [{ resource: id, domain: body.domain, provider: body.provider }];
}

function gradeOf(body: Input['body']): Grade | undefined {
  if ('licence' in body) return undefined;
  return 'sources' in body ? (body.grade ?? body.inheritedGrade) : body.grade;
}
