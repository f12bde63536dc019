// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { AUTHORITY, conformance, newCode } from './conformance';

conformance('the embedded ledger', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-embedded-'));
  const elsewhere = await mkdtemp(join(tmpdir(), 'yuanliu-elsewhere-'));
  const stranger = await openEmbeddedLedger({ directory: elsewhere });
  const user = { mspId: 'AuthorityMSP', user: '李四', organization: AUTHORITY };
  const impostor = await stranger.pki.enrol(user);
  await stranger.close();

  let ledger = await openEmbeddedLedger({ directory });
  return {
    ledger,
    authority: await ledger.pki.enrol(user),
    outsider: await ledger.pki.enrol({ mspId: 'DeveloperMSP', user: '王五', organization: newCode() }),
    impostor,
    reopen: async () => {
      await ledger.close();
      return (ledger = await openEmbeddedLedger({ directory }));
    },
    close: async () => {
      await ledger.close();
      await Promise.all([directory, elsewhere].map((path) => rm(path, { recursive: true, force: true })));
    },
  };
});
