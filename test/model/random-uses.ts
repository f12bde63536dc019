// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { cast } from 'yuanliu-demo/cast';
import { ids, madeUpDigest } from '../builders';
import { act, departments, everybody, fitting, inputOf, refsOf, strangers, timed, type Scene } from './random-act';
import { ownAuthorities, versionsOf } from './random-products';
import { quotaLeft } from './uses';
import {
  action,
  after,
  agreement,
  delivery,
  developers,
  exact,
  finding,
  grant,
  maybe,
  oneOf,
  operators,
  paper,
  product,
  purpose,
  reason,
  resource,
  usage,
} from './values';

const { agency, operator, developer, rival, supervisor, authority } = cast;
const both = [developer, developer, developer, rival, ...strangers.filter(({ role }) => role === 'developer')];
const [finance] = departments;

/** As many as are left, or one more. */
const left = ({ world, by, time }: Scene): number[] =>
  ownAuthorities({ world, by, time, id: '' })
    .flatMap((one) => quotaLeft(world, one, time) ?? [])
    .flatMap((quota) => [quota, quota + 1])
    .filter((quantity) => quantity > 0);

const used = {
  subject: fitting(
    fc.oneof(
      exact('product', oneOf<string>(ids.basic, ids.derived)),
      exact('product', product),
      exact('resource', resource),
    ),
    (scene) => versionsOf(scene, 'product', 'released'),
  ),
  authority: fitting(developers, ownAuthorities),
  purpose,
  action,
  quantity: fitting(fc.integer({ min: 1, max: 9 }), left),
};
const use = inputOf(used);

/** A batch that goes on where its log ended, mostly. */
const batch = fc
  .record({
    log: oneOf('L-1', 'L-1', 'L-2'),
    root: oneOf(...[1, 2, 3, 4].map((n) => madeUpDigest(`根${n}`))),
    slip: oneOf(undefined, undefined, undefined, undefined, 'first', 'previous'),
    ms: oneOf(0, 1, 1000, 60_000, 3_600_000, 30 * 3_600_000, 72 * 3_600_000),
  })
  .map(({ log, root, slip, ms }) => ({ world, by, time }: Scene) => {
    const last = world.logs.get(`${by}/${log}`);
    return {
      log,
      root,
      first: (last?.next ?? 1) + (slip === 'first' ? 1 : 0),
      previous: slip === 'previous' ? madeUpDigest('另') : last?.root,
      since: after(time, -ms),
    };
  });

/** Something handed to somebody, under an authority. */
const handing = (under: fc.Arbitrary<string>) =>
  inputOf({
    product: fitting(exact('product', product), (scene) =>
      versionsOf(scene, 'product', 'released').filter((one) => scene.world.version(one)?.facts.holder === scene.by),
    ),
    to: oneOf(developer.code, rival.code, finance.code),
    authority: fitting(under, ownAuthorities),
    purpose,
  });

const links = fc.oneof(
  grant.map((id) => `grant/${id}`),
  agreement.map((id) => `agreement/${id}`),
);
const DAY = 86_400_000;
/** An emergency measure, shorter or longer than the rulebook lets it be. */
const measure = inputOf({
  halts: fitting(links, (scene) => [...refsOf(scene, 'grant'), ...refsOf(scene, 'agreement', 'signed', 'halted')]),
  reason: fc.constant('演示'),
  until: oneOf(0, 1, 60_000, 3_600_000, DAY, 3 * DAY, 3 * DAY + 1).map(
    (ms) =>
      ({ time }: Scene) =>
        after(time, ms),
  ),
});
const about = { about: links, summary: fc.constant('演示') };

/** What is done with products and authority. */
export const using = [
  act('usage:request', both, usage, use),
  act('usage:record', both, usage, use),
  timed(act('usage:request', both, usage, use), 'grant'),
  timed(act('usage:record', both, usage, use), 'agreement'),
  act('usage:anchor', both, usage, inputOf({ ...used, batch })),
  act(
    'usage:correct',
    [agency],
    usage,
    fc.record({ quantity: oneOf(0, 0, 1, 5), reason: fc.constant('演示'), document: fc.constant(paper) }),
  ),
  act('delivery:deliver', [operator], delivery, handing(fc.oneof(operators, developers))),
  act('delivery:deliver', both, delivery, handing(developers)),
];

export const receiving = [act('delivery:confirm', both, delivery), act('delivery:refuse', both, delivery, reason)];

/** What is found wrong. */
export const reporting = [
  act('finding:alert', [supervisor, authority, agency], finding, fc.record(about)),
  act('finding:incident', [operator, agency, supervisor], finding, inputOf({ ...about, measure: maybe(measure) })),
  act('finding:incident', [operator, agency, supervisor, ...everybody], finding, inputOf({ ...about, measure })),
];
