// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { codeName, name, term } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { comparable } from 'yuanliu-chaincode/vocabulary/words';
import { demoRulebook } from 'yuanliu-demo/rulebook';
import { cast, CITY, fresh, ids, openCity, PURPOSE, refusal, storyTo, type City } from '../builders';

let city: City;
beforeAll(async () => {
  city = await openCity('authorized');
}, 120_000);
afterAll(() => city.close());

const anchored = (domain: string, more: object = {}): ReturnType<City['act']> =>
  city.act(city.departments[1], 'resource:anchor', fresh('R'), { title: '资源', domain, region: CITY, ...more });

describe('a domain', () => {
  test.each([
    ['a zero-width space', '医疗\u200b健康'],
    ['a bidirectional control', '医疗健康\u202e'],
    ['a soft hyphen', '医\u00ad疗健康'],
    ['a variation selector', '医疗健康\ufe0f'],
    ['a tag', '医疗健康\u{e0041}'],
    ['a space of another width', '\u3000医疗健康\u00a0'],
  ])('with %s is in the remit of the one without (fault B10)', async (_, written) => {
    expect((await anchored(written)).record.body).toMatchObject({ domain: '医疗健康' });
  });

  test('in Kangxi radicals or full-width letters is the one in plain ones (fault B10)', async () => {
    expect(term.parse('\u2f08\u2f1f')).toBe('人土');
    expect((await anchored('ＡＩ应用')).record.body).toMatchObject({ domain: 'AI应用' });
    expect(codeName.parse('Ｎ－１')).toBe('N-1');
  });

  test('or purpose comes from the rulebook, where that has a vocabulary (fault B10)', async () => {
    const vocabulary = { domains: ['医疗健康', '金融服务'], purposes: [PURPOSE] };
    await city.act(cast.authority, 'rulebook:amend', 'city', { ...demoRulebook, vocabulary });
    const rule = 'in-vocabulary';
    expect(await refusal(anchored('医疗保健'))).toMatchObject({ rule });
    const { id } = (await anchored('医疗健康')).record;
    const revised = city.act(city.departments[1], 'resource:revise', id, { domain: '无人监管' });
    expect(await refusal(revised)).toMatchObject({ rule });
    const story = storyTo('authorized');
    const told = (act: string): object => story.find((one) => one.act === act)?.input ?? {};
    const scene = (more: object) =>
      city.act(cast.developer, 'scenario:apply', fresh('S'), { ...told('scenario:apply'), ...more });
    expect(await refusal(scene({ purpose: '别的用途' }))).toMatchObject({ rule });
    expect(await refusal(scene({ domains: ['无人监管'] }))).toMatchObject({ rule });
    expect((await scene({})).record.state).toBe('applied');
    const terms = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z' };
    const plan = { ...told('plan:draft'), terms: { ...terms, purposes: ['别的用途'] } };
    expect(await refusal(city.act(cast.agency, 'plan:draft', fresh('P'), plan))).toMatchObject({ rule });
    await city.act(cast.authority, 'rulebook:amend', 'city', demoRulebook);
  });
});

describe('a name', () => {
  test.each([
    ['zero-width', '资源\u200b'],
    ['bidirectional', '\u202e源资'],
    ['of a byte order mark', '资\ufeff源'],
    ['of C1', '资源\u009b31m'],
  ])('with a character that is %s is refused (fault B10)', async (_, title) => {
    expect(await refusal(anchored('医疗健康', { title }))).toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('may have every character that is seen', () => {
    for (const title of ['公积金·缴存（2026）', 'naïve façade', '𠮷野家', '葛󠄀城', '👩 数据']) {
      expect(name.safeParse(title).success).toBe(true);
    }
  });
});

test('each term is normalised, and normalising it again changes nothing (property)', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (word) => {
      const once = comparable(word);
      expect(comparable(once)).toBe(once);
      const parsed = term.safeParse(word);
      if (parsed.success) expect(parsed.data).toBe(once);
    }),
    { numRuns: 3000, seed: 20_261_129 },
  );
});
