// SPDX-License-Identifier: Apache-2.0
import { instant } from 'yuanliu-chaincode/vocabulary/vocabulary';

describe('a time that people write', () => {
  test.each([
    ['2026-01-31T08:00:00Z', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31t08:00:00z', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31T16:00:00.5+08:00', '2026-01-31T08:00:00.500Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2017-01-01T07:59:60.250+08:00', '2017-01-01T00:00:00.250Z'],
  ])('%s is kept in UTC (fault D9)', (written, kept) => {
    expect(instant.parse(written)).toBe(kept);
    expect(instant.parse(kept)).toBe(kept);
  });

  test.each([
    ['2026-02-30T08:00:00Z', /^not-a-time$/],
    ['2026-01-31T08:00:61Z', /^not-a-time$/],
    ['2026-01-31T08:00:00', /^not-a-time$/],
    ['-1', /^not-a-time$/],
    ['', /^not-a-time$/],
    ['9999-12-31T23:59:59-08:00', /^time-out-of-years$/],
    ['9999-12-31T23:59:60Z', /^time-out-of-years$/],
    ['0000-01-01T00:00:00+08:00', /^time-out-of-years$/],
  ])('%s is refused (fault D9)', (written, why) => {
    const { error } = instant.safeParse(written);
    expect(error?.issues.map(({ message }) => message).join()).toMatch(why);
    expect(error?.issues).toHaveLength(1);
  });
});
