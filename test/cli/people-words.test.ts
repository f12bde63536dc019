// SPDX-License-Identifier: Apache-2.0
import { beijingTime } from 'yuanliu-chaincode/messages/beijing-time';
import type { TraceAnswer } from 'yuanliu-gateway/queries/trace/answer';
import { actText, brokenRules, dueDay, titled } from 'yuanliu-cli/people-words';
import { acted } from 'yuanliu-cli/record-lines';
import { drawTree } from 'yuanliu-cli/tree';

test('times for people are Beijing time, whatever TZ says (fault E7)', () => {
  expect(beijingTime('2026-11-29T16:00:17.274Z')).toBe('2026-11-30 00:00:17');
  expect(beijingTime('2026-12-31T23:59:59+08:00')).toBe('2026-12-31 23:59:59');
  expect(beijingTime('unknown')).toBe('unknown');
});

test('a date that ends a day in China reads as that day (fault E7)', () => {
  expect(dueDay('2026-12-02T16:00:00.000Z')).toBe('2026-12-02');
  expect(dueDay('2026-12-31T16:00:00Z')).toBe('2026-12-31');
  expect(dueDay('2026-12-02T15:59:00Z')).toBe('2026-12-02 23:59:00');
});

test('a rule that may still be met is 待补正 until its date, then 违反; each is named once (fault E11)', () => {
  const due = '2026-12-02T16:00:00.000Z';
  const broken = [{ rule: 'registered', due }, { rule: 'within-chain' }, { rule: 'within-chain' }];
  expect(brokenRules(broken, '2026-12-02T15:00:00Z')).toEqual([
    'to be made good: registered (due 2026-12-02)',
    'broken: within-chain',
  ]);
  expect(brokenRules(broken, '2026-12-02T16:00:01Z')).toEqual(['broken: registered', 'broken: within-chain']);
});

test('an act has its title beside its name, consequences too, and no word twice (fault E12)', () => {
  expect(actText('resource', 'anchor')).toBe('anchor');
  expect(actText('grant', 'issue')).toBe('issue');
  expect(actText('grant', 'unknown-yet')).toBe('unknown-yet');
  expect(titled('issue', 'issue')).toBe('issue');
});

test('a history names organisation, role and state in words, and a rule that may be met as 待补正 (fault E12) (fault E7)', () => {
  const act = {
    name: 'publish',
    nature: 'decision' as const,
    organization: '91310000MA1FL8C2XG',
    user: '张',
    role: 'implementing-agency',
    txId: 'f'.repeat(64),
    time: '2026-11-29T16:00:00.000Z',
    rulebook: 1,
    violations: [
      {
        rule: 'registered',
        article: '第七条',
        code: 'stored-text',
        params: {},
        message: 'm',
        due: '2026-12-02T16:00:00.000Z',
      },
    ],
  };
  const entry = { act, version: 1, state: 'published', transaction: { txId: act.txId, block: 5, index: 0 } };
  const line = (now: string) => acted('catalogue', entry, (code) => `某机构 ${code}`, now);
  expect(line('2026-12-01T00:00:00Z')).toContain(
    '2026-11-30 00:00:00 publish → @1 [published] by 某机构 91310000MA1FL8C2XG 张 (implementing-agency)',
  );
  expect(line('2026-12-01T00:00:00Z')).toContain('to be made good: registered (due 2026-12-02) (第七条): m');
  expect(line('2026-12-03T00:00:00Z')).toContain('broken: registered (第七条): m');
});

test('a trace says 待补正 while the period runs, and gives times in Beijing time (fault E7) (fault E11)', () => {
  const answer = (time: string): TraceAnswer => ({
    root: 'catalogue/C-1@1',
    asOf: { block: 9, time },
    roots: [
      {
        ref: 'catalogue/C-1@1',
        kind: 'catalogue',
        state: 'published',
        about: {},
        transaction: {
          txId: 'a'.repeat(64),
          block: 5,
          time: '2026-11-29T16:00:00Z',
          act: 'publish',
          nature: 'decision',
          organization: '91440111',
          user: 'u',
          role: 'implementing-agency',
          violations: [
            { rule: 'registered', article: '7', code: 'stored-text', params: {}, due: '2026-12-02T16:00:00.000Z' },
          ],
        },
      },
    ],
    hops: [],
    truncated: false,
    hidden: false,
  });
  const early = drawTree(answer('2026-12-01T00:00:00Z'), 'origins');
  expect(early).toContain('to be made good: registered (due 2026-12-02)');
  expect(early).not.toContain('broken');
  expect(early).toContain('2026-11-30 00:00:00');
  expect(drawTree(answer('2026-12-03T00:00:00Z'), 'origins')).toContain('broken: registered');
});
