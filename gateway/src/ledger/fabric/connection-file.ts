// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { LedgerError } from '../error.js';

/** A peer with the Gateway service: host and port, and the PEM root that its TLS certificate is checked with. */
export interface PeerAddress {
  readonly name: string;
  readonly mspId: string;
  readonly endpoint: string;
  readonly tlsRoot: string;
}

/** Where an organisation's users get their certificates. */
export interface CertificateAuthority {
  readonly url: string;
  readonly name: string;
  /** PEM root of the server's TLS certificate. */
  readonly tlsRoot: string;
  /** Who registers users; absent where this gateway may not. */
  readonly registrar?: { readonly user: string; readonly secret: string };
}

/** A member of the channel. */
export interface Member {
  readonly mspId: string;
  /** PEM of its identity root: whoever has a certificate below it is of this organisation. */
  readonly root: string;
  readonly authority: CertificateAuthority;
}

/** A Fabric network as a client sees it. The first member is the gateway's own organisation. */
export interface Connection {
  readonly channel: string;
  readonly chaincode: string;
  /** How many organisations must endorse a transaction, at the least. */
  readonly endorsements: number;
  readonly members: readonly [Member, ...Member[]];
  /** In the order in which they are asked. */
  readonly peers: readonly [PeerAddress, ...PeerAddress[]];
}

/**
 * Reads a connection file, `network.json`, and what it points to; its paths are relative to its folder.
 *
 * @throws LedgerError `UNAVAILABLE` naming the file and what is missing or wrong, and the next step.
 */
export async function readConnection(file: string): Promise<Connection> {
  const text = (path: string): Promise<string> => readFile(resolve(dirname(file), path), 'utf8');
  try {
    const { channel, chaincode, endorsements, organizations } = schema.parse(JSON.parse(await text(resolve(file))));
    const members: Member[] = [];
    const peers: PeerAddress[] = [];
    for (const { mspId, ca, root, peers: listed } of Object.values(organizations)) {
      const registrar = ca.registrar === undefined ? {} : { registrar: await readRegistrar(text, ca.registrar) };
      const authority = { url: ca.url, name: ca.name, tlsRoot: await text(ca.tlsRoot), ...registrar };
      members.push({ mspId, root: await text(root), authority });
      for (const peer of listed) peers.push({ ...peer, mspId, tlsRoot: await text(peer.tlsRoot) });
    }
    const [own, ...others] = members;
    const [nearest, ...further] = peers;
    if (!own || !nearest) throw new Error('it lists no organisation with a peer');
    return { channel, chaincode, endorsements, members: [own, ...others], peers: [nearest, ...further] };
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    const next = 'bring a network up with `npm run network -- up`, and name its network.json';
    throw new LedgerError('UNAVAILABLE', `${file} describes no Fabric network (${why}): ${next}`, { cause });
  }
}

const peer = z.object({ name: z.string(), endpoint: z.string().regex(/^[^:/]+:\d+$/), tlsRoot: z.string() });

const organization = z.object({
  mspId: z.string(),
  ca: z.object({
    url: z.url({ protocol: /^https$/ }),
    name: z.string(),
    tlsRoot: z.string(),
    registrar: z.string().optional(),
  }),
  root: z.string(),
  peers: z.array(peer).default([]),
});

const schema = z.object({
  channel: z.string(),
  chaincode: z.string(),
  endorsements: z.int().positive(),
  organizations: z.record(z.string(), organization),
});

const registrarSchema = z.object({ user: z.string(), secret: z.string() });

async function readRegistrar(
  text: (path: string) => Promise<string>,
  path: string,
): Promise<z.infer<typeof registrarSchema>> {
  return registrarSchema.parse(JSON.parse(await text(path)));
}
