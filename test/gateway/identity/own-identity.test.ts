// SPDX-License-Identifier: Apache-2.0
import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Pkcs10CertificateRequest, X509CertificateGenerator } from '@peculiar/x509';
import { FabricAuthorities } from 'yuanliu-gateway/identity/fabric-authorities';
import { selfSigned } from '../ledger/fabric/stranger';

const MONTH = 30 * 24 * 3_600_000;
const mspId = 'AgencyMSP';
const person = { mspId, user: '张三', organization: '91330000MA00000000' };
let now: Date;
let authority: Authority;
let directory: string;
let authorities: FabricAuthorities;
let notRenewed: { readonly own?: string }[];

beforeEach(async () => {
  now = new Date('2026-01-01T00:00:00Z');
  notRenewed = [];
  directory = await mkdtemp(join(tmpdir(), 'yuanliu-own-'));
  authority = await Authority.start();
  const logger = { error: (details: object) => notRenewed.push(details) };
  authorities = await FabricAuthorities.open(directory, authority.member, { clock: () => now, logger });
});

afterEach(async () => {
  await authorities.close();
  authority.close();
  await rm(directory, { recursive: true });
});

test('a gateway that runs on gets its own certificate anew in the last third, and reads with the present one until then', async () => {
  const first = await authorities.reader();
  now = new Date(now.getTime() + 7 * MONTH);
  expect(await authorities.reader()).toBe(first);
  now = new Date(now.getTime() + 2 * MONTH);
  expect(await authorities.reader()).toBe(first); // and its renewal has begun
  await until(async () => (await authorities.reader()) !== first);
  expect(validTo(await authorities.reader())).toBeGreaterThan(now.getTime() + 11 * MONTH);
});

test('a gateway that runs on enrols people after the certificate of its registrar would have expired', async () => {
  await authorities.enrol(person);
  now = new Date(now.getTime() + 13 * MONTH);
  await authorities.enrol({ ...person, user: '李四' });
  const [, asked] = authority.registrars.map((certificate) => validTo({ certificate }));
  expect(asked).toBeGreaterThan(now.getTime());
});

test('a gateway whose authority does not answer reads with the certificate that it has, while that is good, and says so', async () => {
  const first = await authorities.reader();
  authority.close();
  now = new Date(now.getTime() + 9 * MONTH);
  expect(await authorities.reader()).toBe(first);
  await until(() => Promise.resolve(notRenewed.some(({ own }) => own === `${mspId}/gateway`)));
  for (const said of notRenewed) expect(said).toMatchObject({ err: { code: 'AUTHORITY_FAILED' } }); // of its registrar too
  now = new Date(now.getTime() + 4 * MONTH);
  await expect(authorities.reader()).rejects.toMatchObject({ code: 'AUTHORITY_FAILED' });
});

/** A certificate authority that registers anybody, and certifies for a year. */
class Authority {
  /** The certificates of those who registered somebody, in order. */
  readonly registrars: string[] = [];
  readonly #server: Server;

  private constructor(
    private readonly tls: { readonly certificate: string; readonly key: string },
    private readonly keys: webcrypto.CryptoKeyPair,
  ) {
    this.#server = createServer({ cert: tls.certificate, key: tls.key }, (request, response) => {
      void text(request).then(async (body) => {
        const given = JSON.parse(body) as { readonly secret?: string; readonly certificate_request?: string };
        const { authorization = '' } = request.headers;
        if (!given.certificate_request) this.registrars.push(fromBase64(authorization.split('.')[0]));
        const result = given.certificate_request
          ? { Cert: toBase64(await this.#certify(given.certificate_request)), ServerInfo: { CAChain: '' } }
          : { secret: given.secret };
        response.end(JSON.stringify({ success: true, result }));
      });
    });
  }

  static async start(): Promise<Authority> {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const authority = new Authority(await selfSigned(), keys);
    authority.#server.listen(0);
    await once(authority.#server, 'listening');
    return authority;
  }

  get member() {
    const { port } = this.#server.address() as AddressInfo;
    const { certificate } = this.tls;
    const registrar = { user: 'registrar', secret: 's' };
    const authority = { url: `https://localhost:${port}`, name: mspId, tlsRoot: certificate, registrar };
    return { mspId, roots: [certificate], authority };
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #certify(request: string): Promise<string> {
    const { publicKey, subjectName } = new Pkcs10CertificateRequest(request);
    const certificate = await X509CertificateGenerator.create({
      subject: subjectName,
      issuer: 'CN=authority',
      notBefore: now,
      notAfter: new Date(now.getTime() + 12 * MONTH),
      signingAlgorithm: ALGORITHM,
      publicKey,
      signingKey: this.keys.privateKey,
    });
    return certificate.toString('pem');
  }
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

function validTo({ certificate }: { readonly certificate: string }): number {
  return Date.parse(new X509Certificate(certificate).validTo);
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function fromBase64(text = ''): string {
  return Buffer.from(text, 'base64').toString();
}

async function until(what: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error('it did not come to that');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
