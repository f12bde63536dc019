// SPDX-License-Identifier: Apache-2.0
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueRoot } from 'yuanliu-gateway/identity/certificate';
import { type Connection, readConnection, trustOf } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { Inspector } from 'yuanliu-gateway/ledger/fabric/inspector';
import { openLedger } from 'yuanliu-gateway/ledger/open-ledger';
import { beginningFinding, keptFindings } from 'yuanliu-cli/doctor';
import { examineLedger } from 'yuanliu-cli/examine';
import { readConfig } from 'yuanliu-gateway';
import { decodeBlock } from 'yuanliu-verifier';
import { Prover } from '../../verifier/prover/chain';
import { proveConfig } from '../../verifier/prover/config';
import { renewedRoot } from '../../verifier/prover/forge';

let work: string;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'yuanliu-beginning-'));
});
afterAll(async () => {
  await rm(work, { recursive: true });
});

describe('an embedded ledger', () => {
  const embedded = { kind: 'embedded' } as const;
  const opened = async (
    directory: string,
    genesis?: string,
    settle = true,
  ): Promise<{ genesis: string; pinned: boolean }> => {
    const config = genesis === undefined ? embedded : { ...embedded, genesis };
    const held = await openLedger(directory, config, { settle });
    await held.close();
    return held.beginning;
  };

  test('pins the genesis block that it was founded with, and takes no other (fault A2)', async () => {
    const [one, other] = [join(work, 'one'), join(work, 'other')];
    const beginning = await opened(one);
    expect(beginning.pinned).toBe(true);
    expect(JSON.parse(await readFile(join(one, 'genesis.json'), 'utf8'))).toEqual(beginning);
    await opened(other);
    for (const part of ['ledger', 'ledger.mark', 'identities']) {
      await rm(join(one, part), { recursive: true });
      await cp(join(other, part), join(one, part), { recursive: true });
    }
    await expect(opened(one)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/genesis\.json pins [0-9a-f]{64}: this is another ledger/) as string,
    });
  });

  test('is not opened where the configuration pins another genesis block (fault A2)', async () => {
    const directory = join(work, 'configured');
    const { genesis } = await opened(directory);
    expect(await opened(directory, genesis)).toEqual({ genesis, pinned: true });
    await expect(opened(directory, 'ab'.repeat(32))).rejects.toThrow(/YUANLIU_GENESIS pins abab/);
  });

  test('whose beginning nobody pinned is not called proven, until somebody pins it (fault A2)', async () => {
    const directory = join(work, 'unpinned');
    const { genesis } = await opened(directory);
    const config = readConfig({ YUANLIU_DATA: directory });
    await writeFile(join(directory, 'genesis.json'), JSON.stringify({ genesis, pinned: false }));
    expect(await opened(directory)).toEqual({ genesis, pinned: false }); // to be opened often pins nothing
    const unpinned = await examineLedger(config);
    expect(unpinned).toMatchObject({ restsOn: 'roots', genesis });
    expect(keptFindings(unpinned, config)[0]).toMatchObject({
      verdict: 'wrong', // and so the exit code is 1
      what: expect.stringMatching(/not proven: .* rests on root certificates only/) as string,
      remedy: expect.stringContaining('YUANLIU_GENESIS') as string,
    });
    expect(
      beginningFinding({ genesis, pinned: false, ledgerHeight: 1, indexHeight: 1, missingRules: [] }),
    ).toMatchObject({
      verdict: 'wrong',
      what: expect.stringContaining('not proven') as string,
    });

    const pinned = readConfig({ YUANLIU_DATA: directory, YUANLIU_GENESIS: genesis.toUpperCase() });
    expect(await opened(directory, genesis)).toEqual({ genesis, pinned: true });
    expect(keptFindings(await examineLedger(pinned), pinned)[0]).toMatchObject({
      verdict: 'right',
      what: expect.stringContaining(`proven from the pinned genesis block ${genesis}`) as string,
    });
  });

  test('of before this was kept is pinned when its gateway starts, and not by who only reads it (fault A2)', async () => {
    const directory = join(work, 'before');
    await opened(directory);
    await rm(join(directory, 'genesis.json'));
    expect((await opened(directory, undefined, false)).pinned).toBe(false);
    expect((await opened(directory)).pinned).toBe(true);
  });

  test('says what to do about a damaged pin (fault A2)', async () => {
    const directory = join(work, 'damaged');
    await opened(directory);
    await writeFile(join(directory, 'genesis.json'), '{"genesis":"abc"}');
    await expect(opened(directory)).rejects.toMatchObject({ code: 'DAMAGED', message: /put it back from a backup/ });
  });
});

describe('a network', () => {
  let prover: Prover;
  let renewed: Prover;
  beforeAll(async () => {
    prover = await Prover.found();
    renewed = await Prover.found();
  });

  const inspect = (chain: Prover, inspector: Inspector): void => {
    for (const bytes of chain.blocks) {
      const block = decodeBlock(bytes);
      inspector.check(block, block.number, undefined);
    }
  };
  const genesisOf = (chain: Prover): ReturnType<typeof decodeBlock> => decodeBlock(chain.blocks[0] ?? Buffer.alloc(0));

  /** One organisation renews its root, and endorses below the new one. */
  const withNewRoot = async (): Promise<Prover> => {
    const chain = prover.again();
    const change = proveConfig({
      before: chain.config,
      change: renewedRoot('AgencyMSP', renewed.at(1).ca.certificate),
      signers: [await prover.at(1).issue('admin')],
      creator: prover.at(0).orderer,
    });
    chain.add([change]);
    return chain.add([chain.transaction({ endorsers: [prover.at(0).peer, renewed.at(1).peer, prover.at(3).peer] })]);
  };

  test.each(['pinned', 'met first'])(
    'that was %s is followed where an organisation renews its root (fault A4)',
    async (how) => {
      const chain = await withNewRoot();
      const trust = how === 'pinned' ? chain.trust : prover.rootsOnly;
      inspect(chain, new Inspector(genesisOf(chain), trust));
    },
  );

  test('of which a peer gives another genesis block is refused (fault A2)', () => {
    const chain = prover.again();
    const other = prover.again({ channel: 'other' });
    expect(() => new Inspector(genesisOf(other), chain.trust)).toThrow(/not the pinned genesis block/);
    expect(() => {
      inspect(other, new Inspector(genesisOf(chain), chain.trust));
    }).toThrow(/another peer gave another block 0/);
  });

  test('of which one peer hides a change of the configuration is refused, however seldom signatures are checked (fault A2)', async () => {
    const chain = await withNewRoot();
    chain.add([chain.transaction()], { lastConfig: 0, signers: [prover.client] }); // no orderer signed that
    const inspector = new Inspector(genesisOf(chain), chain.trust, 1000);
    const read = (number: number): Promise<ReturnType<typeof decodeBlock>> =>
      Promise.resolve(decodeBlock(chain.blocks[number] ?? Buffer.alloc(0)));
    await expect(inspector.catchUp(4, read)).rejects.toMatchObject({ code: 'BLOCK_SIGNATURE', block: 3 });
  });

  test('is described with its genesis block, and with two roots of an organisation (fault A4) (fault A2)', async () => {
    const from = new Date();
    const issue = async (name: string): Promise<string> => {
      const { certificate } = await issueRoot({ mspId: 'constructor', commonName: name, organization: '测试', from });
      await writeFile(join(work, `${name}.pem`), certificate);
      return certificate;
    };
    const roots = [await issue('old'), await issue('new')];
    const genesis = 'cd'.repeat(32);
    const ca = { url: 'https://localhost:7054', name: 'x', tlsRoot: 'old.pem' };
    const peers = [{ name: 'peer', endpoint: 'localhost:7051', tlsRoot: 'old.pem' }];
    const organizations = { constructor: { mspId: 'constructor', root: ['old.pem', 'new.pem'], ca, peers } };
    const network = { channel: 'c', chaincode: 'y', endorsements: 1, organizations };
    const read = async (more: object): Promise<Connection> => {
      await writeFile(join(work, 'network.json'), JSON.stringify({ ...network, ...more }));
      return readConnection(join(work, 'network.json'), 'constructor');
    };
    expect(trustOf(await read({ genesis }))).toEqual({ genesis, endorsers: 1 });
    const trust = trustOf(await read({ consensus: 'raft' }));
    expect(trust).toMatchObject({ endorsers: 1, blockSigners: 1 });
    expect(Object.entries(trust.roots ?? {})).toEqual([['constructor', roots]]);
    await expect(read({ genesis: 'abc' })).rejects.toThrow(/64 hexadecimal digits/);
  });
});
