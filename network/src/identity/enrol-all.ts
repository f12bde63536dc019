// SPDX-License-Identifier: Apache-2.0
import { forEach } from '../tool.js';
import { here, speakerOf } from '../host.js';
import type { Organization } from '../topology.js';
import { authoritiesOf, type Secrets } from './authority.js';
import { enrolIdentity, enrolTls, type Enrolling, writePublicMsp } from './enrol.js';

/** Enrols every administrator and node of the topology that is not enrolled yet. */
export async function enrolAll(context: Enrolling, secrets: Secrets): Promise<void> {
  await forEach(here(context).flatMap(enrolments), (work) => work());

  function enrolments(organization: Organization): (() => Promise<void>)[] {
    const nodes = organization.nodes ? ['peer', 'orderer'] : [];
    return [
      () => writePublicMsp(context, organization),
      member(context, secrets, organization, 'admin'),
      ...nodes.flatMap((user) => both(context, secrets, organization, user)),
      ...(organization === speakerOf(context) ? [server(context, secrets, organization, 'chaincode')] : []),
    ];
  }
}

/** Enrols a node's identity and its TLS certificate into another role's folder. Does nothing if they are there. */
export async function enrolNode(
  context: Enrolling,
  secrets: Secrets,
  organization: Organization,
  user: string,
  role: string,
): Promise<void> {
  for (const work of both(context, secrets, organization, user, role)) await work();
}

function both(context: Enrolling, secrets: Secrets, organization: Organization, user: string, role = user) {
  return [member(context, secrets, organization, user, role), server(context, secrets, organization, user, role)];
}

function member(context: Enrolling, secrets: Secrets, organization: Organization, user: string, role = user) {
  const secret = secrets[authoritiesOf(organization).identity]?.[user] ?? '';
  const target = context.folder.identity(organization, role, 'msp');
  return () => enrolIdentity(context, { organization, user, secret, target });
}

function server(context: Enrolling, secrets: Secrets, organization: Organization, user: string, role = user) {
  const secret = secrets[authoritiesOf(organization).tls]?.[user] ?? '';
  const target = context.folder.identity(organization, role, 'tls');
  return () => enrolTls(context, { organization, user, secret, target });
}
