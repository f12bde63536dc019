// SPDX-License-Identifier: Apache-2.0
import { forEach } from '../tool.js';
import { here, speakerOf } from '../host.js';
import type { Organization } from '../topology.js';
import { authoritiesOf, type Secrets } from './authority.js';
import { enrolIdentity, enrolTls, type Enrolling, writePublicMsp } from './enrol.js';

/** Enrols every administrator and node of the topology that is not enrolled yet. */
export async function enrolAll(context: Enrolling, secrets: Secrets): Promise<void> {
  const { folder } = context;
  await forEach(here(context).flatMap(enrolments), (work) => work());

  function enrolments(organization: Organization): (() => Promise<void>)[] {
    const { identity, tls } = authoritiesOf(organization);
    const member = (user: string) => () =>
      enrolIdentity(context, {
        organization,
        user,
        secret: secrets[identity]?.[user] ?? '',
        target: folder.identity(organization, user, 'msp'),
      });
    const server = (user: string) => () =>
      enrolTls(context, {
        organization,
        user,
        secret: secrets[tls]?.[user] ?? '',
        target: folder.identity(organization, user, 'tls'),
      });
    const nodes = ['peer', 'orderer'];
    return [
      () => writePublicMsp(context, organization),
      member('admin'),
      ...(organization.nodes ? [...nodes.map(member), ...nodes.map(server)] : []),
      ...(organization === speakerOf(context) ? [server('chaincode')] : []),
    ];
  }
}
