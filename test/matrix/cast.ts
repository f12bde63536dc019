// SPDX-License-Identifier: Apache-2.0
import { roleNames, type RoleName } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { departmentOf, type Member } from 'yuanliu-demo/cast';
import type { Step } from 'yuanliu-demo/story';
import { cast, CITY, demoCode, madeUpDigest, storyTo } from '../builders';

/** How an organisation stands to the story's records: in it, beside it, in a district, or suspended. */
export const relations = ['own', 'other', 'elsewhere', 'suspended'] as const;
export type Relation = (typeof relations)[number];

/** An organisation with one role in one division. */
export interface Actor extends Member {
  readonly region: string;
  readonly suspended: boolean;
}

const msps: Readonly<Record<RoleName, string>> = {
  'data-authority': 'AuthorityMSP',
  registrar: 'AuthorityMSP',
  'implementing-agency': 'AgencyMSP',
  operator: 'OperatorMSP',
  developer: 'DeveloperMSP',
  department: 'DepartmentMSP',
  supplier: 'DepartmentMSP',
  supervisor: 'AuthorityMSP',
  platform: 'OperatorMSP',
};

function extra(relation: Relation, role: RoleName): Member {
  return member(relation, role, relations.indexOf(relation));
}

function member(of: string, role: RoleName, group: number): Member {
  const serial = 700 + group * 20 + roleNames.indexOf(role);
  return { name: `${of} ${role}(演示)`, code: demoCode(serial), msp: msps[role], role, user: '岗位' };
}

/** An authorization beside the story's, of which nobody in it knows: who plays its roles. */
export const beside = {
  agency: member('beside', 'implementing-agency', relations.length),
  operator: member('beside', 'operator', relations.length),
  developer: member('beside', 'developer', relations.length),
} as const;

/** An operator that is a developer too, under its own agreement. */
export const both = member('both', 'operator', relations.length + 1);

/** Who plays each role in the story. */
export const own: Readonly<Record<RoleName, Member>> = {
  'data-authority': cast.authority,
  registrar: cast.registrar,
  'implementing-agency': cast.agency,
  operator: cast.operator,
  developer: cast.developer,
  department: departmentOf('金融服务', 0),
  supplier: extra('own', 'supplier'),
  supervisor: cast.supervisor,
  platform: extra('own', 'platform'),
};

/** The organisation that plays a role in a relation. */
export function actorOf(relation: Relation, role: RoleName): Actor {
  return {
    ...(relation === 'own' ? own[role] : extra(relation, role)),
    region: relation === 'elsewhere' ? '310115' : CITY,
    suspended: relation === 'suspended',
  };
}

/** Admits everybody whom the story does not know, and suspends those that are to be. */
export function admissions(): Step[] {
  const known = new Set(Object.values(cast).map(({ code }) => code)).add(own.department.code);
  const strangers = relations
    .flatMap((relation) => roleNames.map((role) => actorOf(relation, role)))
    .filter(({ code }) => !known.has(code));
  return [
    ...[...strangers, ...Object.values(beside).map((one) => ({ ...one, region: CITY }))].map(
      ({ code: id, name, msp, role, region }) => ({
        by: cast.authority,
        act: 'organization:admit',
        id,
        input: { name, msp, roles: [{ role, region }] },
      }),
    ),
    ...strangers
      .filter(({ suspended, role }) => suspended && role === 'developer')
      .flatMap((by) => [
        {
          by: cast.agency,
          act: 'organization:qualify',
          id: by.code,
          input: { role: 'developer', basis: { digest: madeUpDigest('资质') } },
        },
        {
          by,
          act: 'scenario:apply',
          id: 'Z-suspended',
          input: storyTo('authorized').find(({ act }) => act === 'scenario:apply')?.input ?? {},
        },
      ]),
    ...strangers
      .filter(({ suspended }) => suspended)
      .map(({ code: id, role }) => ({
        by: role === 'developer' ? cast.agency : cast.authority,
        act: 'organization:suspend',
        id,
        input: { reason: '检查' },
      })),
  ];
}
