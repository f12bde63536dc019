// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { cast } from 'yuanliu-demo/cast';
import { CITY, madeUpDigest } from '../builders';
import { act, departments, DISTRICT, fitting, inputOf, refsOf, strangers, timed, type Scene } from './random-act';
import { above, terms, termsUnder } from './random-terms';
import {
  after,
  agreement,
  catalogue,
  grant,
  maybe,
  oneOf,
  paper,
  parts,
  plan,
  purpose,
  resource,
  scenario,
  SOON,
} from './values';

const [finance, health] = departments;
const { authority: office, agency, operator, developer, rival } = cast;
const both = [developer, developer, developer, rival, ...strangers.filter(({ role }) => role === 'developer')];
const providers = [finance, finance, health, ...strangers.filter(({ role }) => role === 'department')];
const districtAgency = strangers.filter(({ role, region }) => role === 'implementing-agency' && region);
const agencies = [agency, agency, agency, ...districtAgency];
const place = oneOf(CITY, CITY, CITY, CITY, DISTRICT);
const always = <T>(value: T): fc.Arbitrary<T> => fc.constant(value);

/** Which resources a revision adds or drops: of those that are graded, or of its entries. */
const revision = inputOf({
  of: fitting(
    catalogue.map((id) => `catalogue/${id}@1`),
    (scene) => refsOf(scene, 'catalogue', 'published').map((ref) => `${ref}@${scene.world.now(ref)?.version ?? 1}`),
  ),
  add: maybe(fc.uniqueArray(resource, { minLength: 1, maxLength: 2 })),
  drop: maybe(fc.uniqueArray(resource, { minLength: 1, maxLength: 2 })),
  reason: always('演示'),
});

const UNTIL = [0, 1, 5000, 3_600_000, 30 * 3_600_000];
/** A wind-down that keeps what is under the link, mostly, until soon or until its term ends. */
const windDown = maybe(
  inputOf({
    keeps: fc
      .tuple(
        fitting(
          grant.map((id) => `grant/${id}`),
          (scene) => [...refsOf(scene, 'grant', 'in-force'), ...refsOf(scene, 'product', 'released')],
        ),
      )
      .map((all) => (scene: Scene) => all.map((one) => one(scene))),
    until: fc
      .tuple(oneOf(...UNTIL), oneOf('soon', 'soon', 'soon', 'term'), oneOf(0, 1))
      .map(([ms, which, off]) => ({ world, time, id }: Scene) => {
        const to = (world.now(`agreement/${id}`) ?? world.now(`grant/${id}`))?.facts.terms?.to;
        return which === 'term' && to !== undefined ? after(to, off) : after(time, ms);
      }),
  }),
);
const cutting = inputOf({ reason: always('演示'), windDown });

const changes = fc.oneof(
  inputOf({ terms: termsUnder(above('agreement', 'plan')) }),
  inputOf({ terms: termsUnder(({ id }) => `agreement/${id}`) }),
  fc.record({ plan: plan.map((id) => `plan/${id}`) }),
  fc.record({ parts: parts('agreement') }),
  fc.constant({ exclusivity: '无' }),
);
const amended = oneOf({ digest: madeUpDigest('甲') }, { digest: madeUpDigest('甲') }, { digest: madeUpDigest('乙') });
const exit = fc.record({
  returned: always([]),
  destroyed: always([]),
  held: oneOf([], [{ subject: 'resource/R-1@1', reason: '过渡' }]),
});

/** What brings authority forward. */
export const authorizing = [
  act(
    'catalogue:compile',
    agencies,
    catalogue,
    inputOf({
      title: always('目录'),
      region: place,
      partOf: maybe(
        fitting(catalogue, (scene) =>
          refsOf(scene, 'catalogue', 'published').map((ref) => ref.replace('catalogue/', '')),
        ),
      ),
      resources: fc.uniqueArray(resource, { minLength: 1, maxLength: 4 }),
    }),
  ),
  act('catalogue:open', agencies, catalogue, fc.record({ title: always('目录'), region: place })),
  act('catalogue:revise', agencies, catalogue, revision),
  act('catalogue:confirm', providers, catalogue),
  act('catalogue:publish', [agency], catalogue),
  timed(act('catalogue:publish', [agency], catalogue), 'registration'),
  act('plan:draft', agencies, plan, inputOf({ title: always('方案'), region: place, terms, parts: parts('plan') })),
  act(
    'plan:approve',
    [office],
    plan,
    inputOf({
      document: always(paper),
      leadingGroup: oneOf(undefined, paper),
      version: fitting(oneOf(1, 2), ({ world, id }) => [world.now(`plan/${id}`)?.version ?? 1]),
    }),
  ),
  act(
    'agreement:propose',
    agencies,
    agreement,
    inputOf({
      plan: fitting(
        plan.map((id) => `plan/${id}`),
        (scene) => refsOf(scene, 'plan', 'approved'),
      ),
      operator: always(operator.code),
      terms: termsUnder((scene) => refsOf(scene, 'plan', 'approved').at(-1)),
      parts: parts('agreement'),
    }),
  ),
  act(
    'agreement:sign',
    [agency, operator],
    agreement,
    fc.record({ document: oneOf(paper, paper, paper, { digest: madeUpDigest('另') }) }),
  ),
  act('agreement:file', [agency], agreement, always({ document: paper })),
  act(
    'agreement:amend',
    [agency, operator],
    agreement,
    inputOf({ changes, reason: always('演示'), document: amended }),
  ),
  act('agreement:sign-amendment', [agency, operator], agreement, fc.record({ document: amended })),
  act('agreement:sign-amendment', [agency, operator], agreement, fc.record({ document: amended })),
  act(
    'scenario:apply',
    both,
    scenario,
    inputOf({
      title: always('场景'),
      agreement: fitting(
        agreement.map((id) => `agreement/${id}`),
        (scene) => refsOf(scene, 'agreement', 'signed'),
      ),
      purpose,
      parts: parts('scenario'),
    }),
  ),
  act('scenario:forward', [operator], scenario, always({ opinion: '同意' })),
  act(
    'scenario:assess',
    [agency],
    scenario,
    fc.oneof(
      {
        weight: 4,
        arbitrary: inputOf({
          result: always('approve'),
          reason: always('演示'),
          grant: inputOf({ id: grant, terms: termsUnder(above('scenario', 'agreement')) }),
        }),
      },
      { weight: 1, arbitrary: always({ result: 'reject', reason: '演示' }) },
    ),
  ),
  act(
    'grant:amend',
    [agency],
    grant,
    inputOf({ terms: termsUnder(above('grant', 'agreement')), reason: always('演示') }),
  ),
];

/** What cuts it. */
export const cuttingOff = [
  act('plan:guide', [office], plan, always({ opinion: '意见' })),
  act(
    'plan:supersede',
    [office],
    oneOf('PLAN-1', 'PLAN-2'),
    fc.record({ by: plan.map((id) => `plan/${id}`), until: maybe(oneOf(SOON, '2028-01-01T00:00:00.000Z')) }),
  ),
  act('agreement:suspend', [agency], agreement, cutting),
  act('agreement:suspend', [agency], agreement, cutting),
  act('agreement:revoke', [agency], oneOf('AGR-1', 'AGR-2'), cutting),
  act('agreement:terminate', [agency], oneOf('AGR-1', 'AGR-2'), cutting),
  act('agreement:exit', [operator], agreement, exit),
  act('grant:suspend', [agency], grant, cutting),
  act('grant:suspend', [agency], grant, cutting),
  act('grant:revoke', [agency], oneOf('GRANT-1', 'GRANT-2'), cutting),
];
