// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPki } from 'yuanliu-gateway/identity/embedded-pki';
import { Committer } from 'yuanliu-gateway/ledger/embedded/committer';
import { newGenesis } from 'yuanliu-gateway/ledger/embedded/genesis';
import { Store } from 'yuanliu-gateway/ledger/embedded/store';
import { expectFailure } from './conformance';

test('writes nothing more once a block could not be written, and says so', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-committer-'));
  const pki = await EmbeddedPki.open(join(directory, 'identities'));
  const store = await Store.open({ directory: join(directory, 'ledger'), reserve: 0 });
  try {
    await store.append(newGenesis('public-data', pki.members, new Date()));
    const orderer = pki.members[0]?.orderer;
    if (!orderer) throw new Error('the first member runs an orderer');
    const options = { store, orderer, chaincode: 'yuanliu', maxTransactions: 1, maxBytes: 1_000_000 };
    const committer = new Committer({ ...options, committed: () => undefined });
    const commit = (txId: string) =>
      committer.commit({
        txId,
        envelope: Buffer.from(txId),
        readWriteSet: { height: 1, reads: [], writes: [] },
        isNew: true,
      });
    expect(await commit('a')).toBe(1);
    await store.close(); // as a disk that is gone
    const [second, third] = [commit('b'), commit('c')];
    await Promise.all([expectFailure(second, 'COMMIT_UNKNOWN'), expectFailure(third, 'UNAVAILABLE')]);
    await expectFailure(commit('d'), 'UNAVAILABLE');
    await committer.idle();
  } finally {
    await pki.close();
    await rm(directory, { recursive: true, force: true });
  }
});
