// SPDX-License-Identifier: Apache-2.0
import type { Member } from 'yuanliu-demo/cast';
import type { Step } from 'yuanliu-demo/story';
import { cast, CITY, demoCode, ids, madeUpDigest, PURPOSE, storyTo, use } from '../builders';
import { Fork, type Contract } from './fork';
import { paper } from './values';

interface Held {
  readonly role: string;
  readonly region: string;
  readonly remit?: readonly string[];
}

/** A role of the overseen organisation in each of three divisions: by which it acts is its own choice. */
export const roles: readonly Held[] = [
  { role: 'developer', region: CITY },
  { role: 'platform', region: '310101' },
  { role: 'department', region: '310115', remit: ['医疗健康'] },
];
export const overseen: Member = { ...cast.developer, code: demoCode(890), name: '多区多角色机构(演示)' };

const offices: readonly Held[] = [
  { role: 'supervisor', region: CITY },
  { role: 'supervisor', region: CITY, remit: ['金融服务'] },
  { role: 'supervisor', region: CITY, remit: ['医疗健康'] },
  { role: 'supervisor', region: '310101' },
  { role: 'supervisor', region: '310115' },
  { role: 'supervisor', region: '310115', remit: ['医疗健康'] },
  { role: 'data-authority', region: CITY },
  { role: 'data-authority', region: '310101' },
  { role: 'data-authority', region: '310115' },
];
const overseers = offices.map((held, i) => ({
  held,
  member: { ...cast.supervisor, code: demoCode(891 + i), name: `监管${i}(演示)` },
}));

/**
 * A city in which an organisation with roles in three divisions has grants, one for each domain and one for all, and every
 * kind of office oversees.
 */
export async function overseenCity(contract: Contract): Promise<Fork> {
  const step = (by: Member, act: string, id: string, input: object): Step => ({ by, act, id, input });
  const admit = ({ code, name, msp }: Member, held: readonly Held[]): Step =>
    step(cast.authority, 'organization:admit', code, { name, msp, roles: held });
  const story = storyTo('produced');
  const terms = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z' };
  const scenario = story.find(({ act }) => act === 'scenario:apply')?.input ?? {};
  const city = new Fork(contract);
  const steps = [
    ...story,
    admit(overseen, roles),
    ...overseers.map(({ member, held }) => admit(member, [held])),
    step(cast.agency, 'organization:qualify', overseen.code, { role: 'developer', basis: paper }),
    ...Object.entries({ G: undefined, F: ['金融服务'], H: ['医疗健康'] }).flatMap(([name, domains]) => {
      const [id, grant] = [`O-S-${name}`, { id: `O-${name}`, terms }];
      return [
        step(overseen, 'scenario:apply', id, { ...scenario, domains }),
        step(cast.operator, 'scenario:forward', id, { opinion: '同意' }),
        step(cast.agency, 'scenario:assess', id, { result: 'approve', reason: '通过', grant }),
      ];
    }),
  ];
  let at = Date.parse('2026-06-01T00:00:00.000Z');
  for (const one of steps) await city.run([one], new Date((at += 1000)).toISOString());
  return city;
}

/** What an organisation reports of itself, as facts; and what it can say of them as it likes. */
export interface Report {
  readonly name: string;
  readonly by: Member;
  readonly act: string;
  readonly input: object;
  /** Field → what it may say there; nothing is undefined. */
  readonly says: Readonly<Record<string, readonly unknown[]>>;
}

const DAY = ['2026-06-01T12:00:00.000Z', '2026-06-02T00:00:00.000Z', undefined];
const always = {
  as: [undefined, ...roles.map(({ role }) => role)],
  occurredAt: DAY,
  late: [undefined, { reason: '补录', documents: [] }, { reason: '补录', documents: [madeUpDigest('台账')] }],
};
const incident = {
  ...always,
  summary: ['事件', '另一事件'],
  against: [undefined, cast.rival.code, cast.operator.code],
  evidence: [undefined, paper],
};
const abouts = [
  ...[`grant/O-G`, `grant/${ids.grant}`, `agreement/${ids.agreement}`, `product/${ids.derived}@1`, 'resource/R-1'],
  ...[
    'resource/R-3@1',
    `organization/${overseen.code}`,
    `organization/${cast.rival.code}`,
    'usage/none',
    'finding/none',
  ],
];
const authorities = ['grant/O-G', `grant/${ids.grant}`, `agreement/${ids.agreement}`, 'grant/none'];

/** Each with a rule that it breaks, so that a finding is opened. */
export const reports: readonly Report[] = [
  ...abouts.map((about) => ({
    name: `an incident about ${about}`,
    by: overseen,
    act: 'finding:incident',
    input: { about, summary: '事件' },
    says: incident,
  })),
  ...authorities.flatMap((authority) => [
    {
      name: `a use under ${authority}`,
      by: overseen,
      act: 'usage:record',
      input: use({ authority, purpose: '商业营销' }),
      says: { ...always, quantity: [1, 5], action: ['use', 'resell'], purpose: ['商业营销', '另一用途'] },
    },
    {
      name: `a delivery under ${authority}`,
      by: overseen,
      act: 'delivery:deliver',
      input: { product: `product/${ids.derived}@1`, to: cast.rival.code, authority, purpose: PURPOSE },
      says: { ...always, purpose: [PURPOSE, '商业营销'], to: [cast.rival.code, cast.operator.code] },
    },
  ]),
  ...[cast.rival, cast.operator].map(({ code, name }) => ({
    name: `a claim of control over ${name}`,
    by: overseen,
    act: 'organization:declare-control',
    input: { over: code, basis: 'equity', since: '2026-05-01T00:00:00.000Z' },
    says: {
      as: always.as,
      basis: ['equity', 'contract', 'personnel'],
      share: [undefined, '0.1', '0.9'],
      state: [undefined, true],
      since: ['2026-05-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z'],
      evidence: [undefined, paper],
    },
  })),
];

/** Who may serve the finding that a report makes or opens; undefined if it opens none. */
export async function overseersOf(city: Fork, { by, act }: Report, input: object): Promise<string[] | undefined> {
  const side = city.fork();
  const time = '2026-06-02T12:00:00.000Z';
  const came = await side.act(by, act, act.startsWith('organization') ? by.code : 'O-1', input, time);
  if ('error' in came) return undefined;
  const { record, also } = came.result;
  const ref = [`${record.kind}/${record.id}`, ...also].find((one) => one.startsWith('finding/'));
  if (ref === undefined) return undefined;
  const able: string[] = [];
  for (const { member, held } of overseers) {
    const served = await side.fork().act(member, 'finding:serve', ref.replace('finding/', ''), {}, time);
    if (!('error' in served) || served.error.code !== 'FORBIDDEN')
      able.push([held.role, held.region, held.remit].join(' '));
  }
  return able;
}
