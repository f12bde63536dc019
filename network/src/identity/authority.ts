// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Folder, parseJson, readText, writeJson } from '../folder.js';
import { here } from '../host.js';
import type { Network } from '../nodes/services.js';
import { ADDRESS, HOST, type Organization, sharedPorts } from '../topology.js';

/** The two certificate authorities of an organisation, by their names on the server. */
export function authoritiesOf({ mspId }: Organization): { readonly identity: string; readonly tls: string } {
  return { identity: mspId, tls: `${mspId}-tls` };
}

/** Enrolment secrets by authority and user. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** May register, revoke and list what its authority knows. */
export const REGISTRAR = 'registrar';

interface Entry {
  readonly name: string;
  readonly type: 'client' | 'admin' | 'peer' | 'orderer';
}

/**
 * Writes the configuration of the certificate authority server: one server, and in it for each organisation an
 * authority for identities and another for TLS, since a certificate of the first makes a member of the channel, and one
 * of the second must not. The identities that the topology asks for are known to it from its first start.
 */
export async function writeAuthorityConfig(network: Network): Promise<Secrets> {
  const { folder, topology } = network;
  const organizations = here(network);
  const secrets = await secretsOf(folder, organizations);
  const { ca, caOperations } = sharedPorts(topology);
  const files: string[] = [];
  for (const organization of organizations) {
    const { identity, tls } = authoritiesOf(organization);
    for (const [name, users] of [
      [identity, identityUsers(organization)],
      [tls, tlsUsers(organization)],
    ] as const) {
      const file = join(organization.mspId, name === tls ? 'tls' : 'identity', 'fabric-ca-server-config.yaml');
      files.push(file);
      await writeJson(join(folder.ca, file), authority(name, organization.mspId, users, secrets[name] ?? {}));
    }
  }
  await writeJson(join(folder.ca, 'fabric-ca-server-config.yaml'), {
    ...authority('server', 'Yuanliu', [{ name: REGISTRAR, type: 'client' }], secrets['server'] ?? {}),
    address: ADDRESS,
    port: ca,
    loglevel: topology.logLevel,
    tls: { enabled: true },
    operations: { listenAddress: `${ADDRESS}:${caOperations}` },
    cafiles: files,
  });
  return secrets;
}

/** The secrets as they were made with the network. @throws Error if they are not there. */
export async function readSecrets(folder: Folder): Promise<Secrets> {
  const text = await readText(folder.secrets);
  if (text !== undefined) return parseJson(folder.secrets, text, schema, RESTORE);
  throw new Error(`${folder.secrets} is missing, and the authorities know their users by it: ${RESTORE}`);
}

const schema = z.record(z.string(), z.record(z.string(), z.string()));
const RESTORE = 'put it back from a backup';

async function secretsOf(folder: Folder, organizations: readonly Organization[]): Promise<Secrets> {
  const begun = [folder.secrets, folder.caRoot, ...organizations.map((one) => folder.identity(one))].some(existsSync);
  const known: Secrets = begun ? await readSecrets(folder) : {};
  const made = (users: readonly Entry[]): Record<string, string> =>
    Object.fromEntries(users.map(({ name }) => [name, randomBytes(24).toString('hex')]));
  const secrets: Record<string, Readonly<Record<string, string>>> = {
    server: made([{ name: REGISTRAR, type: 'client' }]),
  };
  for (const organization of organizations) {
    const { identity, tls } = authoritiesOf(organization);
    secrets[identity] = made(identityUsers(organization));
    secrets[tls] = made(tlsUsers(organization));
  }
  const all = { ...secrets, ...known }; // an organisation may have come since
  await writeJson(folder.secrets, all);
  return all;
}

function identityUsers({ nodes }: Organization): Entry[] {
  const members: Entry[] = [
    { name: 'peer', type: 'peer' },
    { name: 'orderer', type: 'orderer' },
  ];
  return [{ name: REGISTRAR, type: 'client' }, { name: 'admin', type: 'admin' }, ...(nodes ? members : [])];
}

function tlsUsers({ nodes }: Organization): Entry[] {
  const servers = ['peer', 'orderer', 'chaincode'].map((name): Entry => ({ name, type: 'client' }));
  return [{ name: REGISTRAR, type: 'client' }, ...(nodes ? servers : [])];
}

function authority(name: string, owner: string, users: readonly Entry[], secrets: Secrets[string]): object {
  return {
    ca: { name },
    crl: { expiry: '8760h' },
    registry: {
      maxenrollments: -1,
      identities: users.map((user) => ({
        name: user.name,
        pass: secrets[user.name],
        type: user.type,
        affiliation: '',
        ...(user.name === REGISTRAR ? { attrs: REGISTRAR_ATTRIBUTES } : {}),
      })),
    },
    db: { type: 'sqlite3', datasource: 'fabric-ca-server.db' },
    affiliations: {},
    signing: {
      default: { usage: ['digital signature'], expiry: '8760h' },
      profiles: {
        tls: {
          usage: ['signing', 'key encipherment', 'server auth', 'client auth', 'key agreement'],
          expiry: '8760h',
        },
      },
    },
    csr: {
      cn: `ca.${name}`,
      keyrequest: { algo: 'ecdsa', size: 256 },
      names: [{ C: 'CN', O: owner }],
      hosts: [HOST, ADDRESS],
      ca: { expiry: '131400h', pathlength: 0 },
    },
    bccsp: { default: 'SW', sw: { hash: 'SHA2', security: 256, filekeystore: { keystore: 'msp/keystore' } } },
  };
}

const REGISTRAR_ATTRIBUTES = {
  'hf.Registrar.Roles': 'client,admin,peer,orderer',
  'hf.Registrar.DelegateRoles': 'client',
  'hf.Registrar.Attributes': '*',
  'hf.Revoker': true,
  'hf.GenCRL': true,
};
