// SPDX-License-Identifier: Apache-2.0
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../tool.js';
import type { Organization } from '../topology.js';
import { authoritiesOf, type Secrets } from './authority.js';
import { asClientOf, enrolRegistrar, type Enrolling } from './enrol.js';

/**
 * The certificates that an organisation's authority has revoked and that have not expired, as a signed list (PEM).
 *
 * @throws Error when the authority gives none: an empty file taken for a list would clear everybody.
 */
export async function revocationList(
  context: Enrolling,
  secrets: Secrets,
  organization: Organization,
): Promise<Buffer> {
  const registrar = await enrolRegistrar(context, secrets, organization);
  const file = join(registrar, 'crls', 'crl.pem');
  await rm(file, { force: true });
  const { identity } = authoritiesOf(organization);
  await run(
    context.toolchain['fabric-ca-client'],
    asClientOf(context, ['gencrl', '--caname', identity, '--mspdir', registrar]),
  );
  const list = await readFile(file);
  if (!list.includes('-----BEGIN X509 CRL-----'))
    throw new Error(`the authority ${identity} gave an empty list of revoked certificates`);
  return list;
}
