// SPDX-License-Identifier: Apache-2.0
import type { Member } from 'yuanliu-demo/cast';
import type { Step } from 'yuanliu-demo/story';
import { cast, CITY, ids, madeUpDigest, PURPOSE, storyTo, use } from '../builders';
import { paper } from './values';

const { agency, developer, operator, registrar, supervisor } = cast;
const pass = { result: 'pass', opinion: '通过' };
const general = { grade: { class: 'general', level: 2 } };

/** A round of lawful acts by the story's organisations: they rest on earlier rounds, and on nothing of anybody else. */
export function lawfulRound(n: number, finance: Member): Step[] {
  const story = storyTo('produced');
  const told = (act: string, id: string): object => story.find((one) => one.act === act && one.id === id)?.input ?? {};
  const step = (by: Step['by'], act: string, id: string, input: object = {}): Step => ({ by, act, id, input });
  const [product, registration] = [`L-P-${n}`, `L-REG-${n}`];
  const before = n === 0 ? 'REG-R-1' : `L-REG-${n - 1}`;
  const terms = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z' };
  const about = { about: `product/${ids.derived}`, against: developer.code, summary: '抽查' };
  return [
    step(developer, 'usage:record', `L-U-${n}`, use()),
    step(developer, 'usage:request', `L-UR-${n}`, use()),
    step(operator, 'product:develop', product, {
      ...{ title: '产品', authority: `agreement/${ids.agreement}`, purpose: PURPOSE, inputs: ['resource/R-1@1'] },
      ...{ environment: '域内', process: madeUpDigest('p'), digest: madeUpDigest(product), form: 'report' },
    }),
    step(operator, 'product:grade', product, general),
    step(agency, 'product:clear-export', product, { conclusion: '准予出域' }),
    step(operator, 'product:release', product, { channel: '平台' }),
    step(operator, 'delivery:deliver', `L-D-${n}`, {
      ...{ product: `product/${product}@1`, to: developer.code, authority: `grant/${ids.grant}`, purpose: PURPOSE },
    }),
    step(developer, 'delivery:confirm', `L-D-${n}`),
    step(developer, 'product:develop', `L-PD-${n}`, {
      ...{ title: '再开发', authority: `grant/${ids.grant}`, purpose: PURPOSE, inputs: [`product/${ids.basic}@1`] },
      ...{ environment: '域内', process: madeUpDigest('p'), digest: madeUpDigest(`d${product}`), form: 'model' },
    }),
    step(finance, 'registration:apply', registration, {
      ...{ subject: 'resource/R-1@1', type: 'change', of: `registration/${before}` },
    }),
    step(registrar, 'registration:accept', registration),
    step(registrar, 'registration:review', registration, pass),
    step(registrar, 'registration:publicize', registration),
    step(registrar, 'registration:code', registration, { code: `L-N-${n}` }),
    step(developer, 'scenario:apply', `L-S-${n}`, told('scenario:apply', ids.scenario)),
    step(operator, 'scenario:forward', `L-S-${n}`, { opinion: '同意' }),
    step(agency, 'scenario:assess', `L-S-${n}`, {
      ...{ result: 'approve', reason: '通过', grant: { id: `L-G-${n}`, terms } },
    }),
    step(developer, 'usage:record', `L-UG-${n}`, use({ authority: `grant/L-G-${n}` })),
    step(finance, 'resource:anchor', `L-R-${n}`, { title: '资源', domain: '金融服务', region: CITY }),
    step(finance, 'resource:catalogue', `L-R-${n}`, { sharing: { type: 'conditional', basis: '依法' } }),
    step(finance, 'resource:grade', `L-R-${n}`, general),
    step(agency, 'agreement:amend', ids.agreement, {
      changes: { exclusivity: `无 ${n}` },
      reason: '变更',
      document: paper,
    }),
    step(operator, 'agreement:sign-amendment', ids.agreement, { document: paper }),
    step(supervisor, 'finding:raise', `L-F-${n}`, about),
    step(supervisor, 'finding:serve', `L-F-${n}`),
    step(developer, 'finding:appeal', `L-F-${n}`, { grounds: '不服' }),
    step(cast.authority, 'finding:decide-appeal', `L-F-${n}`, { result: 'dismissed', reason: '属实' }),
    step(supervisor, 'finding:close', `L-F-${n}`, { outcome: '已核' }),
  ];
}
