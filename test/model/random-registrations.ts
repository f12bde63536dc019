// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { cast } from 'yuanliu-demo/cast';
import { madeUpDigest } from '../builders';
import { endOf } from './periods';
import { act, departments, everybody, timed, type Chosen, type Scene } from './random-act';
import { after, maybe, nothing, oneOf, paper, product, reason, registration, resource } from './values';

const { registrar, operator, developer } = cast;
const [finance, health] = departments;
const holders = [finance, finance, health, operator, developer];

/** A first application, or one that follows a registration there is; now and then in somebody else's name. */
const application = fc
  .record({
    thing: fc.oneof(
      { weight: 4, arbitrary: resource.map((id) => `resource/${id}`) },
      { weight: 1, arbitrary: product.map((id) => `product/${id}`) },
    ),
    version: oneOf('@1', '@1', '@1', '@2'),
    type: oneOf('initial', 'change', 'correction', 'renewal', 'cancellation'),
    nth: fc.nat({ max: 1000 }),
    states: oneOf<readonly string[]>(['coded'], ['coded'], ['coded'], ['coded', 'superseded', 'revoked', 'cancelled']),
    isOfAnother: oneOf(false, false, false, true),
    inName: oneOf(
      {},
      {},
      {},
      { holder: finance.code, letter: paper },
      { holder: operator.code, letter: paper },
      { holder: developer.code },
    ),
  })
  .map(({ thing, version, type, nth, states, isOfAnother, inName }) => ({ world }: Scene) => {
    const known = world.all('registration').filter(({ now }) => states.includes(now.state));
    const followed = known[nth % known.length];
    if (type === 'initial' || !followed) return { subject: thing + version, type: 'initial', ...inName };
    const subject = isOfAnother ? thing + version : followed.now.facts.subject;
    return { subject, type, of: followed.ref, ...inName };
  });

const validity = (time: string): string => endOf('registration-validity', time);
const coding = fc
  .tuple(oneOf('N-1', 'N-2', 'N-3', 'N-4', 'N-5', 'N-6', 'N-7', 'N-8'), maybe(oneOf(0, 1, 3_600_000, 86_400_000, -1)))
  .map(([code, valid]) => ({ time }: Scene) => ({
    code,
    validUntil: valid === undefined ? undefined : valid < 0 ? after(validity(time), 1) : after(time, valid),
  }));

const asked = (name: string, input: fc.Arbitrary<Chosen<object>> = nothing) =>
  act(`registration:${name}`, [registrar], registration, input);
const opinion = fc.constant('意见');

/** Registration, from application to its end. */
export const registering = [
  act('registration:apply', holders, registration, application),
  timed(act('registration:apply', holders, registration, application), 'registration'),
  act('registration:supplement', holders, registration, fc.constant({ documents: [paper] })),
  asked('accept'),
  asked('request-supplement', fc.constant({ asked: '补充' })),
  asked('review', fc.record({ result: oneOf('pass', 'pass', 'pass', 'fail'), opinion })),
  asked('publicize'),
  act('registration:object', everybody, registration, fc.constant({ reason: '异议', evidence: madeUpDigest('证据') })),
  asked(
    'resolve',
    fc.record({
      objection: oneOf(1, 1, 2, 3),
      outcome: oneOf('dismissed', 'dismissed', 'dismissed', 'upheld'),
      opinion,
    }),
  ),
  asked('code', coding),
  timed(asked('code', coding)),
  timed(asked('code', coding)),
  asked('cancel'),
];

/** What ends it. */
export const unregistering = [
  act('registration:withdraw', holders, registration, reason),
  asked('decline', reason),
  asked('revoke', reason),
];
