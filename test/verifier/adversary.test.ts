// SPDX-License-Identifier: Apache-2.0
import { common, orderer } from '@hyperledger/fabric-protos';
import { metaPolicy, mspValue, outOf } from 'yuanliu-gateway/ledger/embedded/config-group';
import { describeBasis, verifyChain, type Trust, type Verdict } from 'yuanliu-verifier';
import { Prover, type BlockOptions } from './prover/chain';
import { groupAt, proveConfig } from './prover/config';
import { encode } from './prover/encode';
import { all, decider, definition, endorsement, policy, principals, rules, type Forgery } from './prover/forge';
import type { GenesisOptions } from './prover/genesis';
import { calling, type Person } from './prover/people';
import type { Claim } from './prover/transaction';

/**
 * One member, with every key of its own and everybody's root certificates, makes a channel in which it does alone what
 * takes several. Nobody signs a genesis block, so it can write into it what it likes.
 */
let honest: Prover;
let member: Person;
let peers: Person[];
let orderers: Person[];
let admin: Person;
let intermediate: string;
beforeAll(async () => {
  honest = await Prover.found({ orderers: 3 });
  const { ca, peer, orderer: own, client, issue } = honest.at(2);
  member = client;
  peers = [peer, await issue('peer'), await issue('peer')];
  orderers = [own, await issue('orderer'), await issue('orderer')];
  admin = await issue('admin');
  intermediate = ca.certificate;
});

interface Attack {
  readonly genesis: GenesisOptions;
  /** How it endorses; with its own three peers, unless it says otherwise. */
  readonly claim?: () => Partial<Claim>;
  readonly block?: () => BlockOptions;
  /** Whether the forged channel holds together by its own rules: then only the beginning tells that it is forged. */
  readonly holds: boolean;
  /** What those meet who know root certificates alone, and those among them who let one orderer make blocks. */
  readonly roots: 'refused' | 'not proven';
  readonly lenient: 'refused' | 'not proven';
}

/** Any of its orderers signs blocks, as on the embedded ledger and with Raft. */
const alone = (change: Forgery): GenesisOptions => ({ change });
const peersOf = (...mspIds: string[]): common.Policy =>
  outOf(
    1,
    mspIds.map((mspId) => [mspId, 'PEER'] as const),
  );
const others = ['AuthorityMSP', 'AgencyMSP', 'DepartmentMSP'] as const;
const refused = { holds: true, roots: 'refused', lenient: 'refused' } as const;
const senseless = { holds: false, roots: 'refused', lenient: 'refused' } as const;

const attacks: [string, () => Attack][] = [
  [
    'certificates of its own under the names of the others, as endorsers',
    () => ({
      genesis: alone(
        endorsement(
          named(rules.outOf(3, ...three), (mspId, place) => principals.identity(mspId, peers[place] ?? member)),
        ),
      ),
      ...senseless,
    }),
  ],
  [
    'certificates of its own, thrice, as endorsers',
    () => ({
      genesis: alone(
        endorsement(
          named(rules.outOf(3, ...three), (_, place) => principals.identity('OperatorMSP', peers[place] ?? member)),
        ),
      ),
      ...refused,
    }),
  ],
  [
    'clients that count as peers',
    () => ({
      genesis: alone((root) => {
        for (const { mspId } of honest.organisations) definition(mspId, swapped)(root);
      }),
      claim: () => ({ creator: honest.at(2).peer, endorsers: honest.organisations.map(({ client }) => client) }),
      ...refused,
    }),
  ],
  ['one endorser', () => ({ genesis: alone(endorsement(peersOf('OperatorMSP'))), ...refused })],
  [
    'any one endorser, by a policy of policies',
    () => ({ genesis: alone(endorsement(metaPolicy('ANY', 'Endorsement'))), ...refused }),
  ],
  [
    'a majority of organisations that all name it',
    () => ({
      genesis: alone(
        all(
          endorsement(metaPolicy('MAJORITY', 'Endorsement')),
          ...honest.organisations.map(({ mspId }) =>
            policy(`Application/${mspId}/Endorsement`, peersOf('OperatorMSP')),
          ),
        ),
      ),
      ...refused,
    }),
  ],
  [
    'a policy of policies that it alone has',
    () => ({
      genesis: alone(
        all(endorsement(metaPolicy('ANY', 'Own')), policy('Application/OperatorMSP/Own', peersOf('OperatorMSP'))),
      ),
      ...refused,
    }),
  ],
  [
    'a policy of policies that nobody has',
    () => ({ genesis: alone(endorsement(metaPolicy('ANY', 'Own'))), ...notHolding }),
  ],
  [
    'no signature at all: 0 of none',
    () => ({ genesis: alone(endorsement(rules.policy(rules.outOf(0)))), ...notHolding }),
  ],
  [
    'no signature at all, further in',
    () => ({
      genesis: alone(endorsement(rules.policy(rules.outOf(1, rules.outOf(0), rules.outOf(0))))),
      ...notHolding,
    }),
  ],
  [
    'fewer parts than are asked for, all of them its own',
    () => ({
      genesis: alone(
        endorsement(
          rules.policy(
            rules.outOf(1, rules.outOf(2, rules.signedBy(0), rules.signedBy(0))),
            principals.identity('OperatorMSP', member),
          ),
        ),
      ),
      claim: () => ({ endorsers: [peers[0] ?? member] }),
      ...senseless,
    }),
  ],
  [
    'a unit of its own as endorser',
    () => ({
      genesis: alone(endorsement(rules.policy(rules.signedBy(0), principals.unit('OperatorMSP', 'peer')))),
      ...notHolding,
    }),
  ],
  [
    'anybody without a name',
    () => ({ genesis: alone(endorsement(rules.policy(rules.signedBy(0), principals.anonymity()))), ...notHolding }),
  ],
  [
    'a principal of several',
    () => ({
      genesis: alone(
        endorsement(rules.policy(rules.signedBy(0), principals.combined(principals.unit('OperatorMSP', 'peer')))),
      ),
      ...notHolding,
    }),
  ],
  [
    'a principal that is not listed',
    () => ({ genesis: alone(endorsement(rules.policy(rules.signedBy(7)))), ...notHolding }),
  ],
  [
    'an organisation without a name',
    () => ({
      genesis: alone(
        all(
          endorsement(rules.policy(rules.signedBy(0), principals.ofNobody())),
          added('Nobody', '', honest.at(2).ca.certificate),
        ),
      ),
      claim: () => ({ endorsers: peers.map((peer) => calling(peer, '')) }),
      ...refused,
    }),
  ],
  [
    'organisations of its own invention',
    () => ({
      genesis: alone(
        all(
          endorsement(
            outOf(
              3,
              ['B', 'C', 'D'].map((mspId) => [mspId, 'PEER'] as const),
            ),
          ),
          ...['B', 'C', 'D'].map((name) => added(name, name, honest.at(2).ca.certificate)),
        ),
      ),
      claim: () => ({ endorsers: ['B', 'C', 'D'].map((mspId, place) => calling(peers[place] ?? member, mspId)) }),
      ...refused,
    }),
  ],
  [
    'its own root in place of the others’',
    () => ({
      genesis: alone(rooted((config, own) => void config.setRootCertsList([own]))),
      claim: impostors,
      ...refused,
    }),
  ],
  [
    'its own root beside the others’',
    () => ({ genesis: alone(rooted((config, own) => void config.addRootCerts(own))), claim: impostors, ...refused }),
  ],
  [
    'its own root as an authority below the others’',
    () => ({
      genesis: alone(rooted((config, own) => void config.addIntermediateCerts(own))),
      claim: impostors,
      ...senseless,
    }),
  ],
  [
    'its own administrators as the others’',
    () => ({
      genesis: alone(rooted((config) => void config.addAdmins(Buffer.from(admin.certificate)))),
      claim: impostors,
      ...senseless,
    }),
  ],
  [
    'organisations without NodeOUs',
    () => ({ genesis: alone(rooted((config) => void config.clearFabricNodeOus())), claim: impostors, ...senseless }),
  ],
  [
    'another definition of an organisation under another name of its group',
    () => ({
      genesis: alone(added('AgencyMSP2', 'AgencyMSP', honest.at(2).ca.certificate)),
      claim: impostors,
      ...senseless,
    }),
  ],
  [
    'itself in the groups of the others, where their policies are counted',
    () => ({
      genesis: alone(
        all(
          endorsement(metaPolicy('MAJORITY', 'Endorsement')),
          ...others.map((name) =>
            all(definition(name, itself), policy(`Application/${name}/Endorsement`, peersOf('OperatorMSP'))),
          ),
        ),
      ),
      ...refused,
    }),
  ],
  [
    'one orderer, who leaves out what others endorsed',
    () => ({
      genesis: { change: policy('Orderer/BlockValidation', outOf(1, [['OperatorMSP', 'ORDERER']])) },
      claim: () => ({ endorsers: honest.peers.slice(0, 3) }),
      holds: true,
      roots: 'refused',
      lenient: 'not proven',
    }),
  ],
  [
    'orderers of one organisation',
    () => ({
      genesis: {
        change: (root) => {
          for (const mspId of others) groupAt(root, 'Orderer').getGroupsMap().del(mspId);
        },
      },
      claim: () => ({ endorsers: honest.peers.slice(0, 3) }),
      holds: true,
      roots: 'refused',
      lenient: 'refused', // it alone may then change what is the orderers' too
    }),
  ],
  [
    'consenters of its own under the names of the others',
    () => ({ ...consenters((mspId, place) => [mspId, orderers[place] ?? member]), ...senseless }),
  ],
  [
    'three consenters, all its own',
    () => ({
      ...consenters((_, place) => ['OperatorMSP', orderers[place] ?? member]),
      holds: true,
      roots: 'refused',
      lenient: 'not proven',
    }),
  ],
  ...[
    'Application/Endorsement',
    'Orderer/BlockValidation',
    'Admins',
    'Application/Admins',
    'Orderer/ConsensusType',
    'Application',
    'Orderer',
    '',
  ].map((path): [string, () => Attack] => [
    `its administrators, who alone may change ${path === '' ? 'the channel' : path}`,
    () => ({
      genesis: { orderers: 3, change: decider(path, '/Channel/Application/OperatorMSP/Admins') },
      claim: () => ({ endorsers: honest.peers.slice(0, 3) }),
      block: () => ({ signers: honest.organisations.map(({ orderer: own }) => own) }),
      ...refused,
    }),
  ]),
  [
    'administrators of everybody that are its own',
    () => ({
      genesis: {
        orderers: 3,
        change: all(
          ...['Application', 'Orderer'].flatMap((section) =>
            honest.organisations.map(({ mspId }) =>
              policy(`${section}/${mspId}/Admins`, outOf(1, [['OperatorMSP', 'ADMIN']])),
            ),
          ),
        ),
      },
      claim: () => ({ endorsers: honest.peers.slice(0, 3) }),
      block: () => ({ signers: honest.organisations.map(({ orderer: own }) => own) }),
      ...refused,
    }),
  ],
  [
    'capabilities that no release has',
    () => ({
      genesis: { change: (root) => void groupAt(root, 'Application').getValuesMap().del('Capabilities') },
      claim: () => ({ endorsers: honest.peers.slice(0, 3) }),
      holds: true,
      roots: 'refused',
      lenient: 'not proven',
    }),
  ],
];

describe('a channel that one member made is not proven', () => {
  test.each(attacks)('by %s (fault A2)', async (_, attack) => {
    const { genesis, claim, block, holds, roots, lenient } = attack();
    const forged = honest.again(genesis);
    forged.add([forged.transaction({ creator: member, endorsers: peers, ...claim?.() })], {
      signers: orderers,
      ...block?.(),
    });
    const judge = (trust: Trust): Promise<Verdict> => verifyChain(forged.blocks, trust);

    const pinned = await judge(honest.trust);
    expect(pinned).toMatchObject({ ok: false, proven: undefined, findings: [{ code: 'UNTRUSTED_GENESIS' }] });

    const known = honest.rootsOnly.roots;
    expect(outcome(await judge({ roots: known }))).toBe(roots);
    expect(outcome(await judge(honest.rootsOnly))).toBe(lenient);
    expect((await judge({})).proven).toBeUndefined();
    // The attack is one: whoever took the forged beginning for the true one would take the rest.
    expect((await judge(forged.trust)).ok).toBe(holds);
  });
});

function outcome(verdict: Verdict): 'refused' | 'not proven' | 'proven' {
  if (!verdict.ok) return 'refused';
  if (verdict.proven) return 'proven';
  expect(describeBasis(verdict)).toMatch(/^not proven: .* rests on root certificates only/);
  return 'not proven';
}

describe('past twelve organisations they are counted too', () => {
  const names = Array.from({ length: 15 }, (_, place) => `Org${place}MSP`);
  let many: Prover;
  beforeAll(async () => {
    many = await Prover.found({ endorsers: 8 }, names);
  });

  test.each<[string, common.Policy]>([
    ['the last of them alone', outOf(1, [['Org14MSP', 'PEER']])],
    [
      'the last of them, by a rule in which everybody occurs twice',
      rules.policy(
        rules.outOf(1, rules.signedBy(14), rules.outOf(15, ...names.map((_, place) => rules.signedBy(place)))),
        ...names.map((mspId) => encode([1, 0], [2, encode([1, mspId], [2, 3])])),
      ),
    ],
  ])('%s does not endorse (fault A2)', async (_, made) => {
    const forged = many.again({ change: endorsement(made) });
    const own = many.at(14);
    forged.add([forged.transaction({ creator: own.client, endorsers: [own.peer] })], { signers: [own.orderer] });
    expect((await verifyChain(forged.blocks, many.rootsOnly)).findings).toMatchObject([{ code: 'UNTRUSTED_GENESIS' }]);
    expect((await verifyChain(forged.blocks, many.trust)).proven).toBeUndefined();
    expect((await verifyChain(forged.blocks, forged.trust)).ok).toBe(true);
  });

  test('and a channel that asks for most of them holds (fault A2)', async () => {
    const chain = many.again({ endorsers: 8 });
    chain.add([chain.transaction({ endorsers: many.peers.slice(0, 8) })]);
    expect((await verifyChain(chain.blocks, many.rootsOnly)).findings).toEqual([]);
    expect((await verifyChain(chain.blocks, chain.trust)).proven).toMatchObject({ number: 1 });
  });
});

describe('a genuine beginning, and a history of one member’s making', () => {
  /** Three writes that the others endorsed; the member's own orderer may make blocks of them, as with Raft. */
  const history = (): { genuine: Prover; writes: ReturnType<Prover['transaction']>[] } => {
    const genuine = honest.again();
    const writes = ['a', 'b', 'c'].map((key) => genuine.transaction({ writes: [{ key, value: '1' }] }));
    for (const write of writes) genuine.add([write]);
    return { genuine, writes };
  };

  test.each<[string, (writes: ReturnType<Prover['transaction']>[]) => ReturnType<Prover['transaction']>[]]>([
    ['left out', ([first, , third]) => [first, third].flatMap((write) => write ?? [])],
    ['put in another order', (writes) => [...writes].reverse()],
    ['rewound', ([first]) => (first ? [first] : [])],
  ])(
    'what was endorsed is %s: the verdict says that one orderer suffices, a known block refuses it (fault A2)',
    async (_, forge) => {
      const { genuine, writes } = history();
      const forged = honest.again();
      for (const write of forge(writes)) forged.add([write], { signers: [orderers[0] ?? member] });
      const { proven } = await verifyChain(genuine.blocks, genuine.trust);
      if (!proven) throw new Error('the genuine chain is not proven');
      const pinned = await verifyChain(forged.blocks, genuine.trust);
      expect(pinned).toMatchObject({ blockSigners: 1, policies: { blocks: expect.stringMatching(/^1 of /) } });
      expect(await verifyChain(genuine.blocks, { ...genuine.trust, known: proven })).toMatchObject({
        ok: true,
        proven,
      });
      const { ok, proven: none, findings } = await verifyChain(forged.blocks, { ...genuine.trust, known: proven });
      expect([ok, none, findings.map(({ code }) => code)]).toEqual([false, undefined, ['KNOWN_BLOCK']]);
      // Who asks for more orderers than one gets no such channel.
      const strict = await verifyChain(forged.blocks, { ...genuine.trust, blockSigners: 3 });
      expect(strict).toMatchObject({ proven: undefined, findings: [{ code: 'UNTRUSTED_GENESIS' }] });
    },
  );

  test('where three orderers must sign, its own do not suffice (fault A2)', async () => {
    const forged = honest.again({ orderers: 3 });
    forged.add([forged.transaction()], { signers: orderers });
    const { findings, proven, blockSigners } = await verifyChain(forged.blocks, honest.trust);
    expect(findings).toMatchObject([{ code: 'BLOCK_SIGNATURE' }]);
    expect([proven?.number, blockSigners]).toEqual([0, 3]);
  });

  test.each<[string, Forgery]>([
    ['swaps the consensus', consensus('BFT')],
    ['lets it alone make blocks', raised('Orderer', 'BlockValidation', outOf(1, [['OperatorMSP', 'ORDERER']]))],
    ['lets it alone endorse', raised('Application', 'Endorsement', peersOf('OperatorMSP'))],
    ['lets it alone decide', raised('Application', 'Admins', outOf(1, [['OperatorMSP', 'ADMIN']]))],
  ])(
    'a change that it alone signed, in place of one in the middle, is refused: it %s (fault A2)',
    async (_, change) => {
      const chain = honest.again();
      const forged = proveConfig({ before: chain.config, change, signers: [admin], creator: orderers[0] ?? member });
      chain.add([chain.transaction()]).add([forged]).add([chain.transaction()]);
      const { ok, findings, proven } = await verifyChain(chain.blocks, chain.trust);
      expect([ok, proven?.number]).toEqual([false, 1]);
      expect(findings).toMatchObject([{ code: 'CONFIG_UPDATE', block: 2 }]);
    },
  );
});

describe('roots that are renewed', () => {
  let renewed: Prover;
  let chain: Prover;
  beforeAll(async () => {
    renewed = await Prover.found(); // the same names under new roots
    chain = honest.again();
    const agency = Buffer.from(renewed.at(1).ca.certificate);
    const change: Forgery = (root) => {
      definition('AgencyMSP', (config) => void config.addRootCerts(agency))(root);
      for (const section of ['Application', 'Orderer']) {
        const value = groupAt(root, section, 'AgencyMSP').getValuesMap().get('MSP');
        value?.setVersion(value.getVersion() + 1);
      }
    };
    const signers = [await honest.at(1).issue('admin')];
    chain.add([proveConfig({ before: chain.config, change, signers, creator: honest.at(0).orderer })]);
    chain.add([chain.transaction({ endorsers: [honest.at(0).peer, renewed.at(1).peer, honest.at(3).peer] })]);
  });

  test('are followed from a pinned genesis block (fault A4)', async () => {
    const verdict = await verifyChain(chain.blocks, chain.trust);
    expect(verdict.findings).toEqual([]);
    expect(verdict.proven?.number).toBe(2);
  });

  test('fit two roots that the caller names, and not one (fault A4)', async () => {
    const { roots, ...rest } = honest.rootsOnly;
    const both = { ...roots, AgencyMSP: [...(roots['AgencyMSP'] ?? []), renewed.at(1).ca.certificate] };
    expect((await verifyChain(chain.blocks, { ...rest, roots: both })).findings).toEqual([]);
    expect((await verifyChain(chain.blocks, { ...rest, roots })).findings).toMatchObject([
      { code: 'UNTRUSTED_ROOTS', block: 1 },
    ]);
  });
});

test.each([['constructor'], ['toString'], ['hasOwnProperty']])(
  'an organisation may be called %s (fault A5)',
  async (name) => {
    const odd = await Prover.found({}, ['AuthorityMSP', 'AgencyMSP', name, 'DepartmentMSP']);
    const chain = odd.again();
    chain.add([chain.transaction({ endorsers: odd.peers.slice(1) })]);
    expect((await verifyChain(chain.blocks, odd.rootsOnly)).findings).toEqual([]);
    const strangers = await Prover.found();
    const { findings } = await verifyChain(chain.blocks, strangers.rootsOnly);
    expect(findings).toMatchObject([{ code: 'UNTRUSTED_ROOTS' }]);
    const { [name]: _, ...rest } = odd.rootsOnly.roots;
    expect((await verifyChain(chain.blocks, { roots: rest, blockSigners: 1 })).findings).toMatchObject([
      { code: 'UNTRUSTED_ROOTS', message: `${name} has root certificates that are not given` },
    ]);
  },
);

test('an organisation may be called __proto__ (fault A5)', async () => {
  const { certificate } = honest.at(2).ca;
  const own = policy('Application/Odd/Admins', outOf(1, [['__proto__', 'ADMIN']]));
  const chain = honest.again({ change: all(added('Odd', '__proto__', certificate), own) });
  const creator = calling(member, '__proto__');
  chain.add([chain.transaction({ creator })]);
  const { roots, ...rest } = honest.rootsOnly;
  const more = Object.fromEntries([...Object.entries(roots), ['__proto__', [certificate]]]);
  expect((await verifyChain(chain.blocks, { ...rest, roots: more })).findings).toEqual([]);
  expect((await verifyChain(chain.blocks, { ...rest, roots })).findings).toMatchObject([{ code: 'UNTRUSTED_ROOTS' }]);
});

const three = [0, 1, 2].map((place) => rules.signedBy(place));
/** Not satisfied by anybody here, so nothing is endorsed; those who know roots alone may learn that from the blocks. */
const notHolding = { holds: false, roots: 'refused', lenient: 'refused' } as const;

function named(rule: Buffer, principal: (mspId: string, place: number) => Buffer): common.Policy {
  return rules.policy(rule, ...others.map(principal));
}

function swapped(config: Parameters<Parameters<typeof definition>[1]>[0]): void {
  const units = config.getFabricNodeOus();
  units?.getPeerOuIdentifier()?.setOrganizationalUnitIdentifier('client');
  units?.getClientOuIdentifier()?.setOrganizationalUnitIdentifier('peer');
}

/** Changes the definition of every other organisation. */
function rooted(change: (config: Parameters<typeof swapped>[0], own: Buffer) => void): Forgery {
  const own = Buffer.from(intermediate);
  return all(...others.map((name) => definition(name, (config) => void change(config, own))));
}

function itself(config: Parameters<typeof swapped>[0]): void {
  config.setName('OperatorMSP');
  config.setRootCertsList([Buffer.from(honest.at(2).ca.certificate)]);
}

/** Its own peers under the names of the others. */
function impostors(): Partial<Claim> {
  return { endorsers: others.map((mspId, place) => calling(peers[place] ?? member, mspId)) };
}

/** An organisation more, under any name of its group. */
function added(group: string, mspId: string, root: string): Forgery {
  return (config) => {
    const application = groupAt(config, 'Application');
    const made = common.ConfigGroup.deserializeBinary(groupAt(application, 'OperatorMSP').serializeBinary());
    made.getValuesMap().get('MSP')?.setValue(mspValue({ mspId, root }).serializeBinary());
    application.getGroupsMap().set(group, made);
  };
}

/** SmartBFT's way: a policy that names the consenters' certificates, and their numbers in the configuration. */
function consenters(
  of: (mspId: string, place: number) => readonly [string, Person],
): Pick<Attack, 'genesis' | 'claim' | 'block'> {
  const named = others.map(of);
  return {
    genesis: {
      change: (root) => {
        const value = new common.ConfigValue();
        value.setModPolicy('Admins');
        const list = named.map(([mspId, { certificate }], place) =>
          encode([1, place + 1], [4, mspId], [5, certificate]),
        );
        value.setValue(encode([1, list]));
        groupAt(root, 'Orderer').getValuesMap().set('Orderers', value);
        const quorum = rules.policy(
          rules.outOf(3, ...three),
          ...named.map(([mspId, one]) => principals.identity(mspId, one)),
        );
        policy('Orderer/BlockValidation', quorum)(root);
      },
    },
    claim: () => ({ endorsers: honest.peers.slice(0, 3) }),
    block: () => ({ signers: orderers, byNumber: true }),
  };
}

function consensus(type: string): Forgery {
  return (root) => {
    const value = groupAt(root, 'Orderer').getValuesMap().get('ConsensusType');
    const made = new orderer.ConsensusType();
    made.setType(type);
    value?.setValue(made.serializeBinary());
    value?.setVersion(value.getVersion() + 1);
  };
}

function raised(section: string, name: string, made: common.Policy): Forgery {
  return (root) => {
    const entry = groupAt(root, section).getPoliciesMap().get(name);
    entry?.setPolicy(made);
    entry?.setVersion(entry.getVersion() + 1);
  };
}
