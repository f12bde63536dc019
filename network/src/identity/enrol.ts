// SPDX-License-Identifier: Apache-2.0
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../folder.js';
import type { Network } from '../nodes/services.js';
import { type Invocation, run, ToolError } from '../tool.js';
import { ADDRESS, HOST, type Organization, sharedPorts, type Topology } from '../topology.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import { authoritiesOf, REGISTRAR, type Secrets } from './authority.js';

/** What enrolling needs to know. */
export interface Enrolling extends Network {
  readonly toolchain: Toolchain;
}

/** Whom to enrol: `user` with its secret, into `target`. */
export interface Enrolment {
  readonly organization: Organization;
  readonly user: string;
  readonly secret: string;
  readonly target: string;
}

/**
 * Enrols an identity and lays it out as an MSP folder: `signcerts/cert.pem`, `keystore/key.pem`, `cacerts/ca.pem`, and
 * the rules by which the unit in a certificate tells clients, admins, peers and orderers apart. Does nothing if there.
 */
export async function enrolIdentity(
  context: Enrolling,
  { organization, user, secret, target }: Enrolment,
): Promise<void> {
  await makeFolder(target, async (folder) => {
    const raw = await enrolled(context, authoritiesOf(organization).identity, user, secret, `${folder}.raw`, []);
    for (const name of ['signcerts', 'keystore', 'cacerts']) await mkdir(join(folder, name), { mode: 0o700 });
    await only(join(raw, 'signcerts'), join(folder, 'signcerts', 'cert.pem'));
    await only(join(raw, 'keystore'), join(folder, 'keystore', 'key.pem'));
    await only(join(raw, 'cacerts'), join(folder, 'cacerts', 'ca.pem'));
    await writeFile(join(folder, 'config.yaml'), NODE_UNITS);
    await rm(`${folder}.raw`, { recursive: true });
  });
}

/** Enrols a TLS server and client certificate: `cert.pem`, `key.pem`, and its root `ca.pem`. Does nothing if there. */
export async function enrolTls(context: Enrolling, { organization, user, secret, target }: Enrolment): Promise<void> {
  await makeFolder(target, async (folder) => {
    const profile = [
      '--enrollment.profile',
      'tls',
      '--csr.hosts',
      [HOST, ADDRESS, ...(organization.host === undefined ? [] : [organization.host])].join(),
    ];
    const raw = await enrolled(context, authoritiesOf(organization).tls, user, secret, `${folder}.raw`, profile);
    await only(join(raw, 'signcerts'), join(folder, 'cert.pem'));
    await only(join(raw, 'keystore'), join(folder, 'key.pem'));
    await only(join(raw, 'tlscacerts'), join(folder, 'ca.pem'));
    await rm(`${folder}.raw`, { recursive: true });
  });
}

/**
 * The public side of an organisation, as the channel's configuration carries it: the roots of both its authorities, asked
 * of the authorities themselves. Does nothing if there.
 */
export async function writePublicMsp(context: Enrolling, organization: Organization): Promise<void> {
  await makeFolder(context.folder.identity(organization, 'msp'), async (folder) => {
    const { identity, tls } = authoritiesOf(organization);
    for (const [authority, name] of [
      [identity, 'cacerts'],
      [tls, 'tlscacerts'],
    ] as const) {
      const raw = `${folder}.raw`;
      await run(context.toolchain['fabric-ca-client'], {
        args: ['getcainfo', '--caname', authority, '--mspdir', raw, ...verified(context)],
        env: { FABRIC_CA_CLIENT_HOME: `${raw}/home`, FABRIC_CA_CLIENT_URL: serverUrl(context.topology) },
      });
      await mkdir(join(folder, name), { mode: 0o700 });
      await only(join(raw, 'cacerts'), join(folder, name, 'ca.pem'));
      await rm(raw, { recursive: true });
    }
    await writeFile(join(folder, 'config.yaml'), NODE_UNITS);
  });
}

/** A client to be: its certificate says `attributes`, of which `yuanliu.org` names the organisation it speaks for. */
export interface Client {
  readonly organization: Organization;
  readonly user: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly target: string;
}

/** Registers a client with its organisation's authority and enrols it as an MSP folder. Does nothing if there. */
export async function enrolClient(context: Enrolling, secrets: Secrets, client: Client): Promise<void> {
  const { organization, user, attributes, target } = client;
  const name = authoritiesOf(organization).identity;
  const registrar = await enrolRegistrar(context, secrets, organization);
  const attrs = Object.entries(attributes).map(([key, value]) => `${key}=${value}:ecert`);
  const { stdout } = await run(
    context.toolchain['fabric-ca-client'],
    asClientOf(context, [
      'register',
      ...['--caname', name, '--id.name', user, '--id.type', 'client', '--mspdir', registrar],
      ...(attrs.length > 0 ? ['--id.attrs', attrs.join(',')] : []),
    ]),
  );
  const secret = /^Password: (\S+)$/m.exec(stdout)?.[1];
  if (secret === undefined) throw new Error(`the authority ${name} gave no secret for ${user}: ${stdout}`);
  await enrolIdentity(context, { organization, user, secret, target });
}

/** Enrols an organisation's registrar, who may register, revoke and list, and returns its MSP folder. */
export async function enrolRegistrar(
  context: Enrolling,
  secrets: Secrets,
  organization: Organization,
): Promise<string> {
  const target = context.folder.identity(organization, REGISTRAR, 'msp');
  const secret = secrets[authoritiesOf(organization).identity]?.[REGISTRAR] ?? '';
  await enrolIdentity(context, { organization, user: REGISTRAR, secret, target });
  return target;
}

/** How the certificate authority's client is called by somebody who is enrolled. */
export function asClientOf(context: Enrolling, args: readonly string[]): Invocation {
  const env = { FABRIC_CA_CLIENT_HOME: context.folder.ca, FABRIC_CA_CLIENT_URL: serverUrl(context.topology) };
  return { args: [...args, ...verified(context)], env };
}

export function serverUrl(topology: Topology): string {
  return `https://${HOST}:${sharedPorts(topology).ca}`;
}

async function enrolled(
  context: Enrolling,
  authority: string,
  user: string,
  secret: string,
  target: string,
  more: readonly string[],
): Promise<string> {
  await rm(target, { recursive: true, force: true });
  const url = new URL(serverUrl(context.topology));
  url.username = user;
  url.password = secret;
  try {
    await run(context.toolchain['fabric-ca-client'], {
      args: ['enroll', '--caname', authority, '--mspdir', target, '--csr.names', 'C=CN', ...more, ...verified(context)],
      // The secret goes by the environment: anyone may read a command line.
      env: { FABRIC_CA_CLIENT_HOME: `${target}/home`, FABRIC_CA_CLIENT_URL: url.href.replace(/\/$/, '') },
    });
    return target;
  } catch (cause) {
    if (!(cause instanceof ToolError && cause.output.includes('Authentication failure'))) throw cause;
    const what = `the authority ${authority} does not take the secret of ${user} that ${context.folder.secrets} names`;
    throw new Error(`${what}: put back, from a backup, the \`ca\` folder as it was made`, { cause });
  }
}

function verified({ folder, topology }: Enrolling): string[] {
  return ['--tls.certfiles', folder.caRoot, '--loglevel', topology.logLevel];
}

/** Takes the one file that a folder holds. */
async function only(folder: string, target: string): Promise<void> {
  const [name, ...more] = await readdir(folder);
  if (name === undefined || more.length > 0) throw new Error(`${folder} should hold one file`);
  await copyFile(join(folder, name), target);
}

const NODE_UNITS = JSON.stringify({
  NodeOUs: {
    Enable: true,
    ...Object.fromEntries(
      ['client', 'peer', 'admin', 'orderer'].map((unit) => [
        `${unit.charAt(0).toUpperCase()}${unit.slice(1)}OUIdentifier`,
        { Certificate: 'cacerts/ca.pem', OrganizationalUnitIdentifier: unit },
      ]),
    ),
  },
});
