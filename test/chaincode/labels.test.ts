// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import { roleLabels, roleText, stateLabels, stateText } from 'yuanliu-chaincode/messages/labels';
import { roleNames } from 'yuanliu-chaincode/vocabulary/vocabulary';

const CHINESE = /^\p{Script=Han}+$/u;

test('every role and every state of every kind has a Chinese label, and no label is left over (fault E12)', () => {
  expect(Object.keys(roleLabels).sort()).toEqual([...roleNames].sort());
  expect(Object.keys(stateLabels).sort()).toEqual(kinds.map(({ name }) => name).sort());
  for (const { name, states } of kinds)
    expect([name, Object.keys(stateLabels[name] ?? {}).sort()]).toEqual([name, [...states].sort()]);
  const labels = [
    ...Object.values(roleLabels),
    ...Object.values(stateLabels).flatMap((states) => Object.values(states)),
  ];
  expect(labels.filter((label) => !CHINESE.test(label))).toEqual([]);
});

test('two states of one kind do not share a label (fault E12)', () => {
  for (const [kind, states] of Object.entries(stateLabels))
    expect([kind, new Set(Object.values(states)).size]).toEqual([kind, Object.keys(states).length]);
});

test('every consequence has words of its own, as acts have (fault E12)', () => {
  const titles = kinds.flatMap(({ acts, consequences }) =>
    [...acts.values(), ...consequences.values()].map(({ title }) => title),
  );
  expect(titles.filter((title) => !CHINESE.test(title))).toEqual([]);
  expect(kinds.flatMap(({ consequences }) => [...consequences.keys()])).toContain('issue');
});

test('a code without a label stays as it is, also one that every object has (fault E12)', () => {
  expect(stateText('grant', 'in-force')).toBe('有效 in-force');
  expect(stateText('grant', 'constructor')).toBe('constructor');
  expect(stateText('toString', 'name')).toBe('name');
  expect(roleText('department')).toBe('行业主管部门 department');
  expect(roleText('constructor')).toBe('constructor');
});
