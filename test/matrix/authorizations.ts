// SPDX-License-Identifier: Apache-2.0
import { demoRulebook } from 'yuanliu-demo/rulebook';
import type { Step } from 'yuanliu-demo/story';
import { CITY, ids, madeUpDigest, PURPOSE } from '../builders';
import { beside, both, own } from './cast';
import { acts, long, paper, reason, terms } from './steps';

const { 'data-authority': authority, 'implementing-agency': agency, developer, operator, department, supplier } = own;
const { platform, supervisor } = own;

export function organizations(): Step[] {
  const controlled = { controller: platform.code, basis: 'equity' };
  return [
    ...acts(agency, 'organization', operator.code, ['suspend', reason], ['reinstate', reason]),
    ...acts(developer, 'organization', developer.code, ['declare-control', { ...controlled, since: long.from }]),
    ...acts(developer, 'organization', developer.code, [
      'end-control',
      { ...controlled, until: '2026-02-01T00:00:00Z' },
    ]),
    ...acts(developer, 'organization', developer.code, ['declare-control', { ...controlled, since: long.from }]),
    ...acts(platform, 'organization', platform.code, [
      'contest-control',
      { over: developer.code, basis: 'equity', reason: '不实' },
    ]),
    ...acts(authority, 'organization', developer.code, [
      'determine-control',
      { ...controlled, result: 'struck', reason: '查证', document: paper },
    ]),
  ];
}

export function catalogues(): Step[] {
  const compiled = { title: '目录(演示)', region: CITY, resources: ['D-graded', 'S-graded'] };
  return [
    ...acts(agency, 'catalogue', 'C-open', ['open', { title: '目录(演示)', region: CITY }]),
    ...acts(agency, 'catalogue', 'C-section', ['compile', { ...compiled, partOf: 'C-open' }]),
    ...acts(agency, 'catalogue', 'C-compiled', ['compile', compiled]),
    ...acts(agency, 'catalogue', 'C-published', ['compile', compiled]),
    ...[department, supplier].flatMap((by) => acts(by, 'catalogue', 'C-published', ['confirm'])),
    ...acts(agency, 'catalogue', 'C-published', ['publish']),
    ...acts(
      agency,
      'catalogue',
      'C-merged',
      ['revise', { of: 'catalogue/C-published@1', drop: ['S-graded'], ...reason }],
      ['publish'],
    ),
  ];
}

const parts = (of: keyof typeof demoRulebook.parts): object => ({
  parts: Object.fromEntries(demoRulebook.parts[of].map((part) => [part, { digest: madeUpDigest(part) }])),
});

export function plans(): Step[] {
  const drafted = (id: string): Step[] =>
    acts(agency, 'plan', id, ['draft', { title: '方案(演示)', region: CITY, terms, ...parts('plan') }]);
  return [
    ...drafted('P-drafted'),
    ...acts(authority, 'plan', 'P-drafted', ['guide', { opinion: '意见' }]),
    ...drafted('P-superseded'),
    ...acts(
      authority,
      'plan',
      'P-superseded',
      ['approve', { document: paper, version: 1 }],
      ['supersede', { by: `plan/${ids.plan}` }],
    ),
  ];
}

export function agreements(): Step[] {
  const proposal = { plan: `plan/${ids.plan}`, operator: operator.code, terms, ...parts('agreement') };
  const proposed = (id: string): Step[] => acts(agency, 'agreement', id, ['propose', proposal]);
  const signed = (id: string): Step[] => [
    ...proposed(id),
    ...[agency, operator].flatMap((by) => acts(by, 'agreement', id, ['sign', { document: paper }])),
  ];
  const changes = { changes: { exclusivity: '无' }, ...reason, document: paper };
  const handover = { returned: [], destroyed: [], held: [] };
  return [
    ...proposed('A-proposed'),
    ...signed('A-halted'),
    ...acts(supervisor, 'finding', 'F-halts-agreement', ['incident', halting('agreement/A-halted')]),
    ...signed('A-suspended'),
    ...acts(agency, 'agreement', 'A-suspended', ['file', { document: paper }], ['amend', changes]),
    ...acts(operator, 'agreement', 'A-suspended', ['sign-amendment', { document: paper }]),
    ...acts(agency, 'agreement', 'A-suspended', ['suspend', reason], ['resume', reason], ['suspend', reason]),
    ...signed('A-revoked'),
    ...acts(agency, 'agreement', 'A-revoked', ['revoke', reason]),
    ...['A-terminated', 'A-exited'].flatMap((id) => [
      ...signed(id),
      ...acts(agency, 'agreement', id, ['terminate', reason]),
    ]),
    ...acts(operator, 'agreement', 'A-exited', ['exit', handover]),
  ];
}

const scene = { title: '场景(演示)', agreement: `agreement/${ids.agreement}`, purpose: PURPOSE, ...parts('scenario') };

/** An incident whose emergency measure halts a link. */
const halting = (halts: string): object => ({
  about: halts,
  summary: '泄露',
  measure: { halts, ...reason, until: long.to },
});

/** A scenario that its operator has forwarded. */
function forwarded(id: string): Step[] {
  return [
    ...acts(developer, 'scenario', id, ['apply', scene]),
    ...acts(operator, 'scenario', id, ['forward', { opinion: '同意' }]),
  ];
}

export function scenarios(): Step[] {
  const applied = (id: string): Step[] => acts(developer, 'scenario', id, ['apply', scene]);
  return [
    ...applied('S-applied'),
    ...applied('S-returned'),
    ...acts(operator, 'scenario', 'S-returned', ['return', reason]),
    ...acts(developer, 'scenario', 'S-returned', ['complain', reason], ['reapply']),
    ...acts(operator, 'scenario', 'S-returned', ['return', reason]),
    ...applied('S-declined'),
    ...acts(operator, 'scenario', 'S-declined', ['decline', reason]),
    ...forwarded('S-forwarded'),
    ...acts(agency, 'scenario', 'S-forwarded', ['consult', { departments: [department.code] }]),
    ...acts(department, 'scenario', 'S-forwarded', ['opine', { opinion: '无异议' }]),
    ...forwarded('S-rejected'),
    ...acts(agency, 'scenario', 'S-rejected', ['assess', { result: 'reject', reason: '不符' }]),
  ];
}

export function grants(): Step[] {
  return ['suspended', 'revoked', 'halted'].flatMap((state) => [
    ...forwarded(`S-${state}`),
    ...acts(agency, 'scenario', `S-${state}`, [
      'assess',
      { result: 'approve', reason: '通过', grant: { id: `N-${state}`, terms } },
    ]),
    ...acts(agency, 'grant', `N-${state}`, ['amend', { terms, ...reason }]),
    ...(state === 'halted'
      ? acts(agency, 'finding', 'F-halts-grant', ['incident', halting('grant/N-halted')])
      : acts(agency, 'grant', `N-${state}`, ['suspend', reason])),
    ...(state === 'revoked' ? acts(agency, 'grant', 'N-revoked', ['resume', reason], ['revoke', reason]) : []),
  ]);
}

/** A catalogue, plan, agreement, scenario and grant that only those beside the story know of. */
export function besides(): Step[] {
  const { agency: by, operator: of, developer: maker } = beside;
  const terms = { catalogue: 'C-beside', ...long };
  const scoped = { title: '另案(演示)', region: CITY, terms, ...parts('plan') };
  const agreed = { plan: 'plan/P-beside', operator: of.code, terms, ...parts('agreement') };
  const qualification = { role: 'developer', basis: paper };
  return [
    ...acts(by, 'catalogue', 'C-beside', ['compile', { title: '另录', region: CITY, resources: ['D-graded'] }]),
    ...['P-beside', 'P-beside-2'].flatMap((id) => acts(by, 'plan', id, ['draft', scoped])),
    ...acts(authority, 'plan', 'P-beside', ['approve', { document: paper, version: 1 }]),
    ...['A-beside', 'A-beside-2', 'A-beside-3'].flatMap((id) => acts(by, 'agreement', id, ['propose', agreed])),
    ...['A-beside', 'A-beside-2'].flatMap((id) =>
      [by, of].flatMap((party) => acts(party, 'agreement', id, ['sign', { document: paper }])),
    ),
    ...acts(by, 'agreement', 'A-beside-2', ['suspend', reason]),
    ...acts(by, 'organization', maker.code, ['qualify', qualification]),
    ...['beside', 'beside-2'].flatMap((id) => [
      ...acts(maker, 'scenario', `S-${id}`, ['apply', { ...scene, agreement: 'agreement/A-beside' }]),
      ...acts(of, 'scenario', `S-${id}`, ['forward', { opinion: '同意' }]),
      ...acts(by, 'scenario', `S-${id}`, [
        'assess',
        { result: 'approve', reason: '通过', grant: { id: `N-${id}`, terms } },
      ]),
    ]),
    ...acts(by, 'grant', 'N-beside-2', ['suspend', reason]),
    ...ofItsOperator(),
  ];
}

/** A scenario of the operator of its own agreement, which the agency takes up: nobody forwards its own. */
function ofItsOperator(): Step[] {
  const roles = ['operator', 'developer'].map((role) => ({ role, region: CITY }));
  const proposal = { plan: `plan/${ids.plan}`, operator: both.code, terms, ...parts('agreement') };
  return [
    ...acts(authority, 'organization', both.code, ['admit', { name: both.name, msp: both.msp, roles }]),
    ...acts(agency, 'organization', both.code, ['qualify', { role: 'developer', basis: paper }]),
    ...acts(agency, 'agreement', 'A-both', ['propose', proposal]),
    ...[agency, both].flatMap((by) => acts(by, 'agreement', 'A-both', ['sign', { document: paper }])),
    ...acts(both, 'scenario', 'S-both', ['apply', { ...scene, agreement: 'agreement/A-both' }]),
    ...acts(agency, 'scenario', 'S-both', ['forward', { opinion: '同意' }]),
  ];
}
