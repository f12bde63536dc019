// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueLeaf, issueRoot } from 'yuanliu-gateway/identity/certificate';
import { FabricAuthorities } from 'yuanliu-gateway/identity/fabric-authorities';
import { SigningIdentity } from 'yuanliu-gateway/identity/signing-identity';
import { readConnection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import type { openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';
import { AUTHORITY, newCode, type Subject } from '../gateway/ledger/conformance';

/** What the port's suite runs on, on a network by its connection file, through one of the adapters. */
export async function openSubject(file: string, openLedger: typeof openFabricLedger): Promise<Subject> {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-fabric-'));
  const connection = await readConnection(file, 'AuthorityMSP');
  const authorities = await FabricAuthorities.open(join(directory, 'authority'), connection.own);
  const developers = await FabricAuthorities.open(
    join(directory, 'developers'),
    (await readConnection(file, 'DeveloperMSP')).own,
  );
  const authority = await authorities.enrol({ mspId: 'AuthorityMSP', user: '测试员', organization: AUTHORITY });
  const connect = () => openLedger({ connection, directory, reader: () => authorities.reader() });
  let ledger = await connect();
  return {
    ledger,
    authority,
    outsider: await developers.enrol({ mspId: 'DeveloperMSP', user: '外人', organization: newCode() }),
    impostor: await impostor(),
    reopen: async () => {
      await ledger.close();
      return (ledger = await connect());
    },
    close: async () => {
      await ledger.close();
      await authorities.close();
      await developers.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function impostor(): Promise<SigningIdentity> {
  const from = new Date();
  const root = await issueRoot({ mspId: 'AuthorityMSP', commonName: '他处 CA', organization: '他处', from });
  const attributes = { 'yuanliu.org': AUTHORITY };
  return new SigningIdentity(await issueLeaf(root, { commonName: '冒名者', ou: 'client', attributes, from }));
}
