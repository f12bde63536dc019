// SPDX-License-Identifier: Apache-2.0
import { outOf } from 'yuanliu-gateway/ledger/embedded/config-group';
import { verifyChain } from 'yuanliu-verifier';
import { Adversary } from './prover/adversary';
import { Prover } from './prover/chain';
import { proveConfig } from './prover/config';
import { consensus, raised, type Forgery } from './prover/forge';

let honest: Prover;
let by: Adversary;
beforeAll(async () => {
  honest = await Prover.found();
  by = await Adversary.among(honest);
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
      for (const write of forge(writes)) forged.add([write], { signers: [by.orderers[0] ?? by.member] });
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
    forged.add([forged.transaction()], { signers: by.orderers });
    const { findings, proven, blockSigners } = await verifyChain(forged.blocks, forged.trust);
    expect(findings).toMatchObject([{ code: 'BLOCK_SIGNATURE' }]);
    expect([proven?.number, blockSigners]).toEqual([0, 3]);
  });

  test.each<[string, Forgery]>([
    ['swaps the consensus', consensus('BFT')],
    ['lets it alone make blocks', raised('Orderer', 'BlockValidation', outOf(1, [['OperatorMSP', 'ORDERER']]))],
    ['lets it alone endorse', raised('Application', 'Endorsement', outOf(1, [['OperatorMSP', 'PEER']]))],
    ['lets it alone decide', raised('Application', 'Admins', outOf(1, [['OperatorMSP', 'ADMIN']]))],
  ])(
    'a change that it alone signed, in place of one in the middle, is refused: it %s (fault A2)',
    async (_, change) => {
      const chain = honest.again();
      const forged = proveConfig({
        before: chain.config,
        change,
        signers: [by.admin],
        creator: by.orderers[0] ?? by.member,
      });
      chain.add([chain.transaction()]).add([forged]).add([chain.transaction()]);
      const { ok, findings, proven } = await verifyChain(chain.blocks, chain.trust);
      expect([ok, proven?.number]).toEqual([false, 1]);
      expect(findings).toMatchObject([{ code: 'CONFIG_UPDATE', block: 2 }]);
    },
  );
});
