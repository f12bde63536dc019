// SPDX-License-Identifier: Apache-2.0
import { addPeriod, period } from 'yuanliu-chaincode/rulebook/period';
import { completes } from 'yuanliu-chaincode/kind/record';
import { creditCode, instant, isCreditCode, recordId, regionCovers } from 'yuanliu-chaincode/vocabulary/vocabulary';

describe('a unified social credit code', () => {
  const published = '91350100M000100Y43'; // the worked example that accompanies GB 32100-2015

  test('with a valid check character is accepted', () => {
    expect(isCreditCode(published)).toBe(true);
  });

  test('with any one character changed is refused', () => {
    for (let i = 0; i < published.length; i++) {
      const other = published[i] === '7' ? '8' : '7';
      expect(isCreditCode(published.slice(0, i) + other + published.slice(i + 1))).toBe(false);
    }
  });

  test.each(['', '91350100M000100Y4', '91350100M000100Y433', '91350100m000100Y43', '9135010OM000100Y43'])(
    '%j is refused',
    (code) => {
      expect(creditCode.safeParse(code).success).toBe(false);
    },
  );
});

test.each([
  ['2026-01-31T00:00:00.000Z', 'P1M', '2026-02-28T00:00:00.000Z'],
  ['2024-02-29T12:00:00.000Z', 'P1Y', '2025-02-28T12:00:00.000Z'],
  ['2026-12-31T23:59:59.000Z', 'PT1S', '2027-01-01T00:00:00.000Z'],
  ['2026-01-01T00:00:00.000Z', 'P1Y2M3DT4H5M6S', '2027-03-04T04:05:06.000Z'],
  ['2026-01-01T00:00:00.000Z', 'P2W', '2026-01-15T00:00:00.000Z'],
  ['2026-01-01T00:00:00.000Z', 'P0D', '2026-01-01T00:00:00.000Z'],
])('%s plus %s is %s', (time, duration, sum) => {
  expect(addPeriod(time, duration)).toBe(sum);
});

test.each(['P', 'PT', '30D', 'P-1D', 'P1.5D', 'P1H'])('%j is no duration', (text) => {
  expect(period.safeParse(text).success).toBe(false);
});

test('times are kept in UTC with milliseconds, so that text order is time order', () => {
  expect(instant.parse('2026-01-31T08:00:00+08:00')).toBe('2026-01-31T00:00:00.000Z');
  expect(instant.safeParse('2026-01-31T08:00:00').success).toBe(false);
});

test.each(['9999-12-31T23:59:59-08:00', '0000-01-01T00:00:00+08:00'])(
  '%j is no time: in UTC its year has a sign, which sorts before all others',
  (text) => {
    expect(instant.safeParse(text).error?.issues).toMatchObject([{ message: 'time-out-of-years' }]);
  },
);

test('the first and the last time that can be told are times', () => {
  for (const time of ['0000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']) expect(instant.parse(time)).toBe(time);
});

test.each(['.', '..', '-a', 'a-', 'a b', 'a/b', 'a@1', 'a#1', '~a', '源', 'x'.repeat(65)])('%j is no id', (id) => {
  expect(recordId.safeParse(id).success).toBe(false);
});

test('a division contains itself and the divisions under it, no others', () => {
  expect(regionCovers('310000', '310101')).toBe(true);
  expect(regionCovers('310000', '310000')).toBe(true);
  expect(regionCovers('310101', '310000')).toBe(false);
  expect(regionCovers('310000', '320101')).toBe(false);
  expect(regionCovers('310100', '310101')).toBe(true);
});

test('a body is completed by adding to it, not by changing or dropping what it said', () => {
  const body = { title: 'a', list: [{ x: 1 }], inner: { y: 1 } };
  expect(completes({ ...body, more: 1 }, body)).toBe(true);
  expect(completes({ ...body, list: [{ x: 1 }, { x: 2 }] }, body)).toBe(true);
  expect(completes({ ...body, inner: { y: 1, z: 2 } }, body)).toBe(true);
  expect(completes({ ...body, title: 'b' }, body)).toBe(false);
  expect(completes({ ...body, list: [{ x: 2 }] }, body)).toBe(false);
  expect(completes({ ...body, list: [] }, body)).toBe(false);
  expect(completes({ title: 'a', list: [{ x: 1 }] }, body)).toBe(false);
});
