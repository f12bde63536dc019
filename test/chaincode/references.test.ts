// SPDX-License-Identifier: Apache-2.0
import { issueText } from 'yuanliu-chaincode/vocabulary/issue';
import { kinds } from 'yuanliu-chaincode/kinds';
import { creditCode, idOf, parts, refTo, versionTo } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { exampleOf } from 'yuanliu-gateway/http/routes/example';
import { cast, CITY, fresh, ids, openCity, refusal, type City } from '../builders';

const code = cast.operator.code;

describe('what names a record', () => {
  test.each([
    ['an id', idOf('plan'), ['PLAN-1', 'plan/PLAN-1'], 'PLAN-1'],
    ['a reference', refTo('plan'), ['PLAN-1', 'plan/PLAN-1'], 'plan/PLAN-1'],
    ['an exact version', versionTo('resource'), ['R-1@1', 'resource/R-1@1'], 'resource/R-1@1'],
    ['an organisation', creditCode, [code, `organization/${code}`], code],
  ])('is %s, in each form that names it without doubt (fault E19)', (_, schema, forms, kept) => {
    expect(forms.map((form) => schema.parse(form))).toEqual(forms.map(() => kept));
  });

  test('is rejected with the forms that are accepted where it could mean something else (fault E19)', () => {
    const wrong = [
      [idOf('resource'), 'resource/R-1@1'],
      [idOf('resource'), 'product/R-1'],
      [refTo('grant', 'agreement'), 'G-1'],
      [versionTo('resource'), 'R-1'],
    ] as const;
    const messages = wrong.map(([schema, value]) => schema.safeParse(value).error?.issues.map(issueText).join());
    expect(messages).toEqual([
      'is not the id of a record of kind resource, such as R-1 or resource/R-1, without @ and a version',
      'is not the id of a record of kind resource, such as R-1 or resource/R-1, without @ and a version',
      'is not a reference like grant/ID, agreement/ID',
      'is not a reference to an exact version like resource/ID@1',
    ]);
  });

  describe('in an act', () => {
    let city: City;
    beforeAll(async () => {
      city = await openCity('listed');
    }, 120_000);
    afterAll(() => city.close());

    test('is kept in one form, and one idempotency key takes both for the same request (fault E19)', async () => {
      const id = fresh('PLAN');
      const draft = (catalogue: string): ReturnType<City['act']> =>
        city.act(cast.agency, 'plan:draft', id, {
          title: '实施方案',
          region: CITY,
          terms: { catalogue, from: '2026-01-01T00:00:00Z', to: '2031-01-01T00:00:00Z' },
          parts: {},
          idempotencyKey: 'one-plan',
        });
      const first = await draft(ids.catalogue);
      const again = await draft(`catalogue/${ids.catalogue}`);
      expect(again).toMatchObject({
        repeated: first.receipt.txId,
        record: { body: { terms: { catalogue: ids.catalogue } } },
      });
      expect(await refusal(draft('CAT-other'))).toMatchObject({ code: 'KEY_REUSED' });
    });
  });
});

describe('the input of an act', () => {
  const acts = kinds.flatMap(({ acts: own }) => [...own.values()]);

  test('has an example that its own schema accepts, for every act (fault E14)', () => {
    expect(acts.length).toBeGreaterThan(80);
    const refused = acts.filter((act) => !act.input.safeParse(exampleOf(act)).success);
    expect(refused.map(({ kind, name }) => `${kind.name}:${name}`)).toEqual([]);
  });

  test('says how a part is written where it is not (fault E14)', () => {
    const { error } = parts.safeParse({ scope: '全部数据' });
    expect(error?.issues).toMatchObject([{ path: ['scope'], message: 'not-a-part' }]);
  });
});
