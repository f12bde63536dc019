// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { Trust } from 'yuanliu-verifier';
import { LedgerError } from '../error.js';
import { headerHash } from '../../config/header-hash.js';

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
export interface ChannelMember {
  readonly mspId: string;
  /** PEM of its identity roots, two while one is renewed: a certificate below one of them is of this organisation. */
  readonly roots: readonly string[];
}

/** A member whose certificate authority can be asked. */
export interface Member extends ChannelMember {
  readonly authority: CertificateAuthority;
}

/** A Fabric network as one of its members sees it. */
export interface Connection {
  readonly channel: string;
  readonly chaincode: string;
  /** How many organisations must endorse a transaction, at the least. */
  readonly endorsements: number;
  /** The MSP whose first organisation founds the ledger. */
  readonly founder: string;
  /** Hex header hash of the channel's genesis block, where the file pins it. */
  readonly genesis?: string;
  /** How many organisations' orderers must sign a block, at the least: a Raft orderer signs alone. */
  readonly blockSigners: number;
  /** The organisation that connects. */
  readonly own: Member;
  /** All of them. */
  readonly members: readonly ChannelMember[];
  /** In the order in which they are asked: the own ones first. */
  readonly peers: readonly [PeerAddress, ...PeerAddress[]];
}

/**
 * Reads a connection file, `network.json`, and what it points to, as the member `mspId`; its paths are relative to its
 * folder. Of the other members it reads what is public only.
 *
 * @throws LedgerError `UNAVAILABLE` naming the file and what is missing or wrong, and the next step.
 */
export async function readConnection(file: string, mspId: string): Promise<Connection> {
  const text = (path: string): Promise<string> => readFile(resolve(dirname(file), path), 'utf8');
  const certificate = async (path: string): Promise<string> => {
    const pem = await text(path);
    if (!isCertificate(pem)) throw new Error(`${path} holds no certificate`);
    return pem;
  };
  try {
    const { organizations, consensus, ...about } = schema.parse(JSON.parse(await text(resolve(file))));
    const listed = Object.values(organizations);
    const members = await Promise.all(
      listed.map(async ({ mspId, root }): Promise<ChannelMember> => ({
        mspId,
        roots: await Promise.all([root].flat().map(certificate)),
      })),
    );
    const member = members.find((one) => one.mspId === mspId);
    const ca = listed.find((one) => one.mspId === mspId)?.ca;
    if (!member)
      throw new Error(`${mspId} is none of its organisations: ${members.map((one) => one.mspId).join(', ')}`);
    if (!ca) throw new Error(`it does not say where ${mspId} gets its certificates: take the file of its own host`);
    const own = { ...member, authority: await readAuthority(text, ca, certificate) };
    const ownFirst = listed.toSorted((one, other) => Number(other.mspId === mspId) - Number(one.mspId === mspId));
    const [nearest, ...further] = await Promise.all(
      ownFirst.flatMap(({ mspId, peers }) =>
        peers.map(async (peer) => ({ ...peer, mspId, tlsRoot: await certificate(peer.tlsRoot) })),
      ),
    );
    if (!nearest) throw new Error('it lists no peer');
    const blockSigners = consensus === 'raft' ? 1 : about.endorsements;
    const founder = about.founder ?? listed.find(({ peers }) => peers.length > 0)?.mspId ?? mspId;
    return { ...about, founder, blockSigners, own, members, peers: [nearest, ...further] };
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    const next = 'bring a network up with `npm run network -- up`, and name its network.json';
    throw new LedgerError('UNAVAILABLE', `${file} describes no Fabric network for ${mspId} (${why}): ${next}`, {
      cause,
    });
  }
}

/**
 * What blocks of the network are checked from: its genesis block if that is pinned, else its members' roots and how many
 * of them must agree.
 */
export function trustOf({ genesis, members, endorsements: endorsers, blockSigners }: Connection): Trust {
  if (genesis !== undefined) return { genesis, endorsers };
  const roots = Object.fromEntries(members.map(({ mspId, roots }) => [mspId, roots]));
  return { roots, endorsers, blockSigners };
}

const peer = z.object({ name: z.string(), endpoint: z.string().regex(/^[^:/]+:\d+$/), tlsRoot: z.string() });

const authority = z.object({
  url: z.url({ protocol: /^https$/ }),
  name: z.string(),
  tlsRoot: z.string(),
  registrar: z.string().optional(),
});

const organization = z.object({
  mspId: z.string(),
  /** Absent for organisations of other hosts. */
  ca: authority.optional(),
  /** Two while the organisation renews its root. */
  root: z.union([z.string(), z.array(z.string()).min(1)]),
  peers: z.array(peer).default([]),
});

const schema = z.object({
  channel: z.string(),
  chaincode: z.string(),
  endorsements: z.int().positive(),
  /** Absent in files of before this was pinned. */
  genesis: headerHash.optional(),
  consensus: z.string().optional(),
  /** Absent in files of before it was written. */
  founder: z.string().optional(),
  organizations: z.record(z.string(), organization),
});

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).publicKey.type === 'public';
  } catch {
    return false;
  }
}

const registrarSchema = z.object({ user: z.string(), secret: z.string() });

async function readAuthority(
  text: (path: string) => Promise<string>,
  { url, name, tlsRoot, registrar }: z.infer<typeof authority>,
  certificate: (path: string) => Promise<string>,
): Promise<CertificateAuthority> {
  const known = registrar === undefined ? {} : { registrar: registrarSchema.parse(JSON.parse(await text(registrar))) };
  return { url, name, tlsRoot: await certificate(tlsRoot), ...known };
}
