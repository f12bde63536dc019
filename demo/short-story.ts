// SPDX-License-Identifier: Apache-2.0
import { CITY, departmentOf } from './cast.js';
import {
  type Anchored,
  authorized,
  founding,
  graded,
  listed,
  madeUpDigest,
  produced,
  registered,
  type Step,
} from './story.js';

/** From an empty channel to a released product whose use can be recorded, over two resources. */
export function shortStory(): Step[] {
  const departments = ['金融服务', '医疗健康'].map(departmentOf);
  const resources = departments.map((provider, place): Anchored => ({
    id: `R-${place + 1}`,
    domain: provider.name.slice(0, 4),
    provider,
  }));
  const anchored = resources.map(({ id, domain, provider }): Step => {
    const input = { title: `资源 ${id}`, domain, region: CITY, digest: madeUpDigest(id) };
    return { by: provider, act: 'resource:anchor', id, input };
  });
  return [
    ...founding(departments),
    ...anchored,
    ...resources.flatMap(graded),
    ...resources.flatMap(registered),
    ...listed(resources),
    ...authorized(resources),
    ...produced(resources),
  ];
}
