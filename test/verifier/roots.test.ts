// SPDX-License-Identifier: Apache-2.0
import { outOf } from 'yuanliu-gateway/ledger/embedded/config-group';
import { verifyChain } from 'yuanliu-verifier';
import { Adversary } from './prover/adversary';
import { Prover } from './prover/chain';
import { proveConfig } from './prover/config';
import { all, policy, renewedRoot } from './prover/forge';
import { calling } from './prover/people';

let honest: Prover;
beforeAll(async () => {
  honest = await Prover.found();
});

describe('roots that are renewed', () => {
  let renewed: Prover;
  let chain: Prover;
  beforeAll(async () => {
    renewed = await Prover.found(); // the same names under new roots
    chain = honest.again();
    const change = renewedRoot('AgencyMSP', renewed.at(1).ca.certificate);
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
  const by = await Adversary.among(honest);
  const { certificate } = honest.at(2).ca;
  const own = policy('Application/Odd/Admins', outOf(1, [['__proto__', 'ADMIN']]));
  const chain = honest.again({ change: all(by.added('Odd', '__proto__', certificate), own) });
  const creator = calling(by.member, '__proto__');
  chain.add([chain.transaction({ creator })]);
  const { roots, ...rest } = honest.rootsOnly;
  const more = Object.fromEntries([...Object.entries(roots), ['__proto__', [certificate]]]);
  expect((await verifyChain(chain.blocks, { ...rest, roots: more })).findings).toEqual([]);
  expect((await verifyChain(chain.blocks, { ...rest, roots })).findings).toMatchObject([{ code: 'UNTRUSTED_ROOTS' }]);
});
