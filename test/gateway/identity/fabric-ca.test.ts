// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { FabricCa } from 'yuanliu-gateway/identity/fabric-ca';
import { SigningIdentity } from 'yuanliu-gateway/identity/signing-identity';
import { selfSigned } from '../ledger/fabric/stranger';

test('asks each time on a connection of its own, since the package leaves a listener on every one', async () => {
  const { certificate, key } = await selfSigned();
  let connections = 0;
  const authority = createServer({ cert: certificate, key }, (request, response) => {
    void text(request).then((body) => {
      const { secret } = JSON.parse(body) as { secret: string };
      response.end(JSON.stringify({ success: true, result: { secret } }));
    });
  });
  authority.on('secureConnection', () => connections++).listen(0);
  await once(authority, 'listening');
  const { port } = authority.address() as AddressInfo;
  const at = { url: `https://localhost:${port}`, name: 'AgencyMSP', tlsRoot: certificate };
  const ca = new FabricCa({ mspId: 'AgencyMSP', roots: [certificate], authority: at });
  const registrar = new SigningIdentity({ mspId: 'AgencyMSP', certificate, privateKey: key });
  const secrets = [await ca.register('a', {}, registrar), await ca.register('b', {}, registrar)];
  authority.close();
  expect([new Set(secrets).size, connections]).toEqual([2, 2]);
});
