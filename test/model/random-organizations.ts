// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { cast } from 'yuanliu-demo/cast';
import { act, departments, everybody, strangers, type Scene } from './random-act';
import { after, oneOf, paper, reason } from './values';

const [, health] = departments;
const { authority: office, agency, operator, developer, rival } = cast;
const companies = [operator, developer, rival, agency];
const agencies = strangers.filter(({ role }) => role === 'implementing-agency');
const codes = (members: readonly { readonly code: string }[]): fc.Arbitrary<string> =>
  oneOf(...members.map(({ code }) => code));

/** Who controls whom: a company that it controls, or that controls it. */
const aside = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(codes(companies), oneOf('controller', 'over')).map(([code, side]) => ({ [side]: code })),
  },
  { weight: 1, arbitrary: fc.constantFrom({}, { controller: operator.code, over: rival.code }) },
);
const basis = oneOf('equity', 'equity', 'contract');
const declared = fc
  .record({
    aside,
    basis,
    state: oneOf(undefined, undefined, undefined, true),
    ms: oneOf(0, 1, -1, 3_600_000, 180_000_000),
  })
  .map(({ aside: which, ms, ...rest }) => ({ time }: Scene) => ({ ...which, ...rest, since: after(time, -ms) }));

/** Mostly one of those that the organisation declared. */
const ended = fc
  .record({ aside, basis, nth: fc.nat({ max: 99 }), ms: oneOf(0, 0, 1, -1, 3_600_000) })
  .map(({ aside: which, nth, ms, ...rest }) => ({ world, time, by, id }: Scene) => {
    const known = world.claims.filter((one) => one.by === id);
    const one = known[nth % (known.length + 1)];
    const found = one && (one.controlled === by ? { controller: one.controller } : { over: one.controlled });
    return { ...(found ? { ...found, basis: one.basis } : { ...which, ...rest }), until: after(time, -ms) };
  });

/** Mostly one that another declares of it. */
const contested = fc
  .record({ aside, basis, nth: fc.nat({ max: 99 }) })
  .map(({ aside: which, nth, ...rest }) => ({ world, by }: Scene) => {
    const known = world.claims.filter((one) => one.by !== by && [one.controller, one.controlled].includes(by));
    const one = known[nth % (known.length + 1)];
    const found = one && (one.controlled === by ? { controller: one.controller } : { over: one.controlled });
    return { ...(found ? { ...found, basis: one.basis } : { ...which, ...rest }), reason: '不实' };
  });

const determined = fc.record({
  controller: codes(companies),
  basis,
  result: oneOf('stands', 'struck', 'struck'),
  reason: fc.constant('查证'),
  document: fc.constant(paper),
});

export const declaring = [
  act('organization:declare-control', companies, codes(companies), declared),
  act('organization:end-control', companies, codes(companies), ended),
  act('organization:contest-control', companies, codes(companies), contested),
  act('organization:determine-control', [office], codes(companies), determined),
];

export const suspending = [
  act(
    'organization:suspend',
    [office, agency, ...agencies],
    codes([rival, health, developer, operator, ...strangers]),
    reason,
  ),
  act(
    'organization:qualify',
    [agency, agency, ...agencies],
    codes([rival, rival, developer, operator]),
    oneOf('developer', 'developer', 'operator').map((role) => ({ role, basis: paper })),
  ),
];

export const reinstating = [act('organization:reinstate', [office, agency], codes(everybody), reason)];
