// SPDX-License-Identifier: Apache-2.0
import { isDelivered, withDelivery, withoutDelivery } from 'yuanliu-chaincode/records/delivery/delivered';

const at = '2026-01-01T00:00:00.000Z';

test('a product that went to more than a mark names is delivered, whichever of them are refused', () => {
  let mark: unknown;
  for (let i = 1; i <= 25; i++) mark = withDelivery(mark, { by: `delivery/D-${i}`, at }) ?? mark;
  expect(withDelivery(mark, { by: 'delivery/D-26', at })).toBeUndefined();
  for (let i = 1; i <= 20; i++) mark = withoutDelivery(mark, `delivery/D-${i}`) ?? mark;
  expect(isDelivered(mark)).toBe(true);
  expect(isDelivered(mark, '2025-12-31T00:00:00.000Z')).toBe(false);
});

test.each([
  ['that stands', {}, true],
  ['that was refused', { refused: true }, false],
  ['after which another came', { again: true }, true],
])('a mark of the earlier form, of a delivery %s, is read', (_, more, stands) => {
  expect(isDelivered({ by: 'delivery/D-1', at, ...more })).toBe(stands);
});
