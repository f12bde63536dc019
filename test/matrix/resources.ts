// SPDX-License-Identifier: Apache-2.0
import type { Member } from 'yuanliu-demo/cast';
import { demoRulebook } from 'yuanliu-demo/rulebook';
import type { Step } from 'yuanliu-demo/story';
import { CITY, madeUpDigest } from '../builders';
import { own } from './cast';
import { acts, general, paper, pass, reason } from './steps';

const { 'data-authority': authority, registrar, developer, operator, department, supplier, platform } = own;

const anchoring = { title: '资源(演示)', domain: '金融服务', region: CITY };
const sharing = { sharing: { type: 'conditional' } };

export function resources(): Step[] {
  const until = (by: Member, id: string, ...more: readonly (readonly [string, object])[]): Step[] =>
    acts(by, 'resource', id, ['anchor', { ...anchoring, digest: madeUpDigest(id) }], ...more);
  const whole = [
    ['catalogue', sharing],
    ['grade', general],
  ] as const;
  return [department, supplier].flatMap((provider) => {
    const name = provider === department ? 'D' : 'S';
    return [
      ...until(provider, `${name}-anchored`),
      ...until(provider, `${name}-catalogued`, ['catalogue', sharing]),
      ...until(provider, `${name}-graded`, ...whole),
      ...until(
        provider,
        `${name}-withdrawn`,
        ...whole,
        ['change-sharing', { sharing: { type: 'conditional', basis: '演示' } }],
        ['regrade', { grade: { class: 'general', level: 3 }, basis: paper }],
        ['revise', { title: '另一版' }],
        ['withdraw', reason],
      ),
    ];
  });
}

export function registrations(): Step[] {
  const subject = 'resource/D-graded@1';
  const agent = { subject, holder: department.code, letter: paper };
  const applied = (by: Member, id: string, input: object = { subject }): Step[] =>
    acts(by, 'registration', id, ['apply', input]);
  const office = (id: string, ...done: readonly (readonly [string, object?])[]): Step[] =>
    acts(registrar, 'registration', id, ...done);
  const passed = [['accept'], ['review', pass]] as const;
  const objection = { ...reason, evidence: madeUpDigest('异议') };
  const publicity = (period: string): Step[] => {
    const periods = { ...demoRulebook.periods, publicity: period };
    return acts(authority, 'rulebook', 'city', ['amend', { ...demoRulebook, periods }]);
  };
  const following = (id: string, type: string, of: string): Step[] =>
    applied(department, id, { subject: `resource/${of}@1`, type, of: `registration/REG-${of}` });
  return [
    ...[operator, developer, platform].flatMap((by) => applied(by, `G-agent-${by.role}`, agent)),
    ...applied(supplier, 'G-supplier', { subject: 'resource/S-graded@1' }),
    ...[department, supplier, operator, developer, platform].flatMap((by) => [
      ...applied(
        by,
        `G-mend-${by.role}`,
        by === department ? { subject } : by === supplier ? { subject: 'resource/S-graded@1' } : agent,
      ),
      ...office(`G-mend-${by.role}`, ['request-supplement', { asked: '补正' }]),
    ]),
    ...applied(department, 'G-applied'),
    ...applied(department, 'G-withdrawn'),
    ...acts(department, 'registration', 'G-withdrawn', ['withdraw', reason]),
    ...applied(department, 'G-declined'),
    ...office('G-declined', ['decline', reason]),
    ...applied(department, 'G-accepted'),
    ...office('G-accepted', ['request-supplement', { asked: '补正' }]),
    ...acts(department, 'registration', 'G-accepted', ['supplement', { documents: [paper] }]),
    ...office('G-accepted', ['accept']),
    ...applied(department, 'G-failed'),
    ...office('G-failed', ['accept'], ['review', { result: 'fail', opinion: '不通过' }]),
    ...applied(department, 'G-passed'),
    ...office('G-passed', ...passed),
    ...publicity('P30D'),
    ...['G-publicized', 'G-objected'].flatMap((id) => [
      ...applied(department, id),
      ...office(id, ...passed, ['publicize']),
      ...acts(developer, 'registration', id, ['object', objection]),
    ]),
    ...office('G-publicized', ['resolve', { objection: 1, outcome: 'dismissed', opinion: '不成立' }]),
    ...publicity('P0D'),
    ...following('G-change', 'change', 'R-1'),
    ...office('G-change', ...passed, ['publicize'], ['code', { code: 'DEMO-R-1' }]),
    ...following('G-cancelling', 'cancellation', 'R-2'),
    ...office('G-cancelling', ...passed),
    ...following('G-completed', 'cancellation', 'R-2'),
    ...office('G-completed', ...passed, ['cancel']),
    ...applied(department, 'G-revoked'),
    ...office('G-revoked', ...passed, ['publicize'], ['code', { code: 'DEMO-revoked' }], ['revoke', reason]),
  ];
}
