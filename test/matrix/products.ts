// SPDX-License-Identifier: Apache-2.0
import type { Member } from 'yuanliu-demo/cast';
import type { Step } from 'yuanliu-demo/story';
import { CITY, ids, madeUpDigest, PURPOSE, use } from '../builders';
import { own } from './cast';
import { acts, general, long, paper, pass, reason } from './steps';

const { 'data-authority': authority, 'implementing-agency': agency, supervisor } = own;
const { developer, operator, department, supplier, platform } = own;

export function products(): Step[] {
  return [operator, developer].flatMap((holder) => {
    const made = {
      title: '产品(演示)',
      authority: holder === operator ? `agreement/${ids.agreement}` : `grant/${ids.grant}`,
      purpose: PURPOSE,
      inputs: ['resource/R-1@1'],
      environment: '域内',
      process: madeUpDigest('流程'),
      digest: madeUpDigest(`产品 ${holder.role}`),
      form: 'dataset',
    };
    const own = (id: string, ...done: readonly (readonly [string, object?])[]): Step[] =>
      acts(holder, 'product', id, ...done);
    const checked = (id: string, result: string): Step[] =>
      acts(holder === operator ? agency : operator, 'product', id, ['check', { result, opinion: '审核' }]);
    const price = { use: 'industry', terms: { mode: 'charged', amount: 100, unit: '次' } };
    const certificate = { number: '演示-1', digest: madeUpDigest('证书') };
    const until = (state: string): Step[] => {
      const id = `P-${holder.role}-${state}`;
      const after = (...states: readonly string[]): boolean => states.includes(state);
      return [
        ...own(id, ['develop', made]),
        ...(after('developed') ? [] : own(id, ['grade', general])),
        ...(after('developed', 'graded') ? [] : acts(agency, 'product', id, ['clear-export', { conclusion: '准予' }])),
        ...(after('developed', 'graded', 'cleared') ? [] : own(id, ['request-release'])),
        ...(after('returned') ? checked(id, 'fail') : []),
        ...(after('checked', 'released', 'withdrawn') ? checked(id, 'pass') : []),
        ...(after('released', 'withdrawn')
          ? own(
              id,
              ['price', price],
              ['certify-ip', certificate],
              ['release', { channel: '平台' }],
              ['regrade', general],
            )
          : []),
        ...(after('withdrawn') ? own(id, ['withdraw', reason]) : []),
      ];
    };
    const states = [
      'developed',
      'graded',
      'cleared',
      'release-requested',
      'returned',
      'checked',
      'released',
      'withdrawn',
    ];
    return states.flatMap(until);
  });
}

export function uses(): Step[] {
  const external = {
    title: '外部数据(演示)',
    source: { from: 'open', name: '演示' },
    licence: paper,
    personal: false,
    period: { from: long.from },
    region: CITY,
  };
  const delivery = (to: Member): object => ({
    product: `product/${ids.derived}@1`,
    to: to.code,
    authority: `grant/${ids.grant}`,
    purpose: PURPOSE,
  });
  const delivered = (id: string, to: Member, by = developer): Step[] =>
    acts(by, 'delivery', id, ['deliver', delivery(to)]);
  const limited = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z', quota: 1000 };
  const batch = { log: 'L-1', first: 1, root: madeUpDigest('批次'), since: '2026-06-01T00:00:00Z' };
  return [
    ...[operator, developer].flatMap((holder) => [
      ...acts(holder, 'external-input', `E-${holder.role}`, ['declare', external]),
      ...acts(holder, 'external-input', `E-${holder.role}-withdrawn`, ['declare', external], ['withdraw', reason]),
    ]),
    ...acts(developer, 'usage', 'U-permitted', ['request', use()]),
    ...[developer, operator, department, supplier, platform].flatMap((by) => [
      ...acts(by, 'usage', `U-${by.role}`, ['record', use()]),
      ...acts(by, 'usage', `U-${by.role}-batch`, ['anchor', use({ quantity: 2, batch })]),
    ]),
    ...acts(developer, 'usage', 'U-corrected', ['record', use({ quantity: 9 })]),
    ...acts(agency, 'usage', 'U-corrected', ['correct', { quantity: 1, ...reason, document: paper }]),
    ...acts(agency, 'grant', ids.grant, ['amend', { terms: limited, ...reason }]),
    ...acts(developer, 'usage', 'U-metered', ['record', use({ metering: 'later' })], ['meter', { reports: [] }]),
    ...[operator, department, supplier].flatMap((by) => delivered(`D-by-${by.role}`, developer, by)),
    ...[developer, operator, department, supplier, platform].flatMap((to) => delivered(`D-${to.role}`, to)),
    ...delivered('D-confirmed', developer),
    ...acts(developer, 'delivery', 'D-confirmed', ['confirm']),
    ...delivered('D-refused', developer),
    ...acts(developer, 'delivery', 'D-refused', ['refuse', reason]),
  ];
}

export function findings(): Step[] {
  const raised = (by: Member, id: string, against: Member): Step[] =>
    acts(by, 'finding', id, ['raise', { about: `product/${ids.derived}`, against: against.code, summary: '抽查' }]);
  const order = { measures: '整改', due: long.to };
  const ordered = (by: Member, id: string, against: Member): Step[] => [
    ...raised(by, id, against),
    ...acts(by, 'finding', id, ['serve'], ['order-rectification', order]),
  ];
  const rectified = (by: Member, id: string): Step[] => [
    ...ordered(by, id, developer),
    ...acts(developer, 'finding', id, ['rectified', { summary: '已改' }]),
  ];
  const concerned = [operator, developer, department, supplier, agency, platform];
  return [
    ...[supervisor, agency].flatMap((by) => [
      ...raised(by, `F-open-${by.role}`, developer),
      ...raised(by, `F-served-${by.role}`, developer),
      ...acts(by, 'finding', `F-served-${by.role}`, ['serve']),
      ...rectified(by, `F-rectified-${by.role}`),
    ]),
    ...acts(supervisor, 'finding', 'F-alerted', [
      'alert',
      { about: `product/${ids.derived}`, against: developer.code, summary: '预警' },
    ]),
    ...concerned.flatMap((against) => ordered(supervisor, `F-ordered-${against.role}`, against)),
    ...rectified(supervisor, 'F-verified'),
    ...acts(supervisor, 'finding', 'F-verified', ['verify', pass]),
    ...ordered(supervisor, 'F-appealed', developer),
    ...acts(developer, 'finding', 'F-appealed', ['appeal', { grounds: '不服' }]),
    ...ordered(supervisor, 'F-closed', developer),
    ...acts(developer, 'finding', 'F-closed', ['appeal', { grounds: '不服' }]),
    ...acts(authority, 'finding', 'F-closed', ['decide-appeal', { result: 'dismissed', ...reason }]),
    ...acts(developer, 'finding', 'F-closed', ['rectified', { summary: '已改' }]),
    ...acts(supervisor, 'finding', 'F-closed', ['verify', pass], ['close', { outcome: '办结' }]),
  ];
}
