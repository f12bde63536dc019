// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueLeaf, issueRoot } from 'yuanliu-gateway/identity/certificate';
import { FabricAuthorities } from 'yuanliu-gateway/identity/fabric-authorities';
import { SigningIdentity } from 'yuanliu-gateway/identity/signing-identity';
import { readConnection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';
import { AUTHORITY, conformance, newCode, type Subject } from '../gateway/ledger/conformance';
import { MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';

let raised: RaisedNetwork;
beforeAll(async () => {
  raised = await raiseNetwork();
}, RAISING);
afterAll(() => raised.destroy(), MINUTES);

conformance('the fabric ledger', () => open(raised.connection));

async function open(file: string): Promise<Subject> {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-fabric-'));
  const connection = await readConnection(file);
  const authorities = await FabricAuthorities.open(join(directory, 'identities'), connection.members);
  const enrol = (mspId: string, user: string, organization: string) => authorities.enrol({ mspId, user, organization });
  const authority = await enrol('AuthorityMSP', '测试员', AUTHORITY);
  const connect = () => openFabricLedger({ connection, directory, reader: authority });
  let ledger = await connect();
  return {
    ledger,
    authority,
    outsider: await enrol('DeveloperMSP', '外人', newCode()),
    impostor: await impostor(),
    reopen: async () => {
      await ledger.close();
      return (ledger = await connect());
    },
    close: async () => {
      await ledger.close();
      await authorities.close();
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
