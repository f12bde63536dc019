// SPDX-License-Identifier: Apache-2.0
import type { common } from '@hyperledger/fabric-protos';
import { outOf } from 'yuanliu-gateway/ledger/embedded/config-group';
import { describeBasis, verifyChain, type Trust, type Verdict } from 'yuanliu-verifier';
import { Adversary } from './prover/adversary';
import { attacks } from './prover/attacks';
import { Prover } from './prover/chain';
import { encode } from './prover/encode';
import { endorsement, rules } from './prover/forge';

let honest: Prover;
let by: Adversary;
beforeAll(async () => {
  honest = await Prover.found({ orderers: 3 });
  by = await Adversary.among(honest);
});

describe('a channel that one member made is not proven', () => {
  test.each(attacks)('by %s (fault A2)', async (_, attack) => {
    const { genesis, claim, block, holds, roots, lenient } = attack(by);
    const forged = honest.again(genesis);
    forged.add([forged.transaction({ creator: by.member, endorsers: by.peers, ...claim?.() })], {
      signers: by.orderers,
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
