// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode';

/** Every act that a record can be in a state for. */
const onRecords = kinds.flatMap((kind) =>
  [...kind.acts.values()]
    .filter(({ from }) => from.length > 0)
    .map((act) => ({ name: `${kind.name}:${act.name}`, act })),
);

test('of every act on a record it is decided whether a record waits for it or it is only possible (fault E5)', () => {
  expect(onRecords.length).toBeGreaterThan(60);
  expect(onRecords.filter(({ act }) => act.waits === undefined).map(({ name }) => name)).toEqual([]);
});

test('what is due, or may not be done before a time, is waited for (fault E5)', () => {
  const timed = onRecords.filter(({ act }) => act.due !== undefined || act.notBefore !== undefined);
  expect(timed.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['registration:accept', 'registration:code', 'agreement:file', 'finding:rectified']),
  );
  expect(timed.filter(({ act }) => act.waits === false).map(({ name }) => name)).toEqual([]);
});

test('what may be done to a record at any time is waited for by none (fault E5)', () => {
  const named = ['revise', 'amend', 'revoke', 'terminate', 'withdraw', 'qualify', 'regrade', 'suspend'];
  const waiting = onRecords
    .filter(({ act }) => named.includes(act.name) && act.waits !== false)
    .map(({ name }) => name);
  expect(waiting.sort()).toEqual(['agreement:suspend', 'grant:suspend']); // which confirm an emergency measure
});

test('a date that a record states comes with the record’s own words for it', () => {
  const stated = onRecords.filter(({ act }) => act.due?.period === 'stated');
  expect(stated.length).toBeGreaterThan(0);
  expect(stated.filter(({ act }) => act.due?.until === undefined)).toEqual([]);
});
