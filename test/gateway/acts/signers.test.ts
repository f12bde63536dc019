// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FabricAuthorities } from 'yuanliu-gateway/identity/fabric-authorities';
import { newSigners } from 'yuanliu-gateway/acts/signers';
import { cast } from '../../builders';
import { openIndexedCity } from '../index/indexed';
import { selfSigned } from '../ledger/fabric/stranger';

test('users hear nothing of the authority that did not enrol them, who run the gateway all of it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-signers-'));
  const { certificate } = await selfSigned();
  const { code: organization, msp: mspId, user } = cast.agency;
  const registrar = { user: 'registrar', secret: 's' };
  const authority = { url: 'https://localhost:1', name: mspId, tlsRoot: certificate, registrar };
  const city = await openIndexedCity('founded');
  const authorities = await FabricAuthorities.open(directory, { mspId, roots: [certificate], authority });
  const logged: unknown[] = [];
  const logger = { error: (details: object) => logged.push(details) };
  const { people } = authorities;

  const signers = newSigners(people, city.index, logger);
  const said: unknown = await signers.signerFor({ user, organization }).catch((error: unknown) => error);
  expect(said).toMatchObject({
    code: 'AUTHORITY_FAILED',
    message: 'your certificate cannot be had now; nothing was done',
    details: { code: 'no-certificate-now' },
  });
  const whole = expect.stringContaining('at https://localhost:1 did not do it') as string;
  expect(logged).toMatchObject([{ err: { message: whole }, mspId, user, organization }]);
  await expect(people.enrol({ mspId, user, organization })).rejects.toMatchObject({ message: whole });

  await authorities.close();
  await city.close();
  await rm(directory, { recursive: true });
});
