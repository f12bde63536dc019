// SPDX-License-Identifier: Apache-2.0
import { ids, openCity, type City } from '../builders';

let city: City;
beforeAll(async () => {
  city = await openCity('produced');
});
afterAll(() => city.close());

test('one authorization runs from plan to use without a violation', async () => {
  const usage = await city.get(`usage/${ids.usage}`);
  expect(usage.state).toBe('recorded');
  expect(usage.act.violations).toEqual([]);
});
