// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Folder } from '../folder.js';
import { hostOf } from '../host.js';
import { type Organization, portsOf, type Topology } from '../topology.js';
import type { ChannelConfig } from './config.js';

/** The certificates by which a channel knows one of its orderers, as PEM. */
export interface ConsenterCertificates {
  /** Of the orderer itself; only SmartBFT names it. */
  readonly identity?: string;
  /** Of its TLS server and client, which are one here. */
  readonly tls: string;
}

const entry = z.looseObject({
  host: z.string(),
  port: z.number(),
  identity: z.string().nullish(),
  client_tls_cert: z.string(),
  server_tls_cert: z.string(),
});

/** SmartBFT's value `Orderers`. */
const mapping = z.looseObject({ value: z.looseObject({ consenter_mapping: z.array(entry) }) });

/** SmartBFT's policy `BlockValidation`: so many of the consenters, each by its certificate. */
const blockValidation = z.looseObject({
  policy: z.looseObject({
    value: z.looseObject({
      identities: z.array(z.looseObject({ principal: z.looseObject({ id_bytes: z.string().optional() }) })),
    }),
  }),
});

/** Raft's value `ConsensusType`. */
const raft = z.looseObject({
  value: z.looseObject({ metadata: z.looseObject({ consenters: z.array(entry) }) }),
});

/**
 * The certificates that the channel's configuration names for an organisation's orderer.
 *
 * @throws Error when the channel has no consenter at that orderer's address.
 */
export function consenterIn(config: ChannelConfig, topology: Topology, organization: Organization) {
  const { identity, client_tls_cert, server_tls_cert } = entryOf(entriesOf(config, topology), topology, organization);
  return {
    ...(typeof identity === 'string' && identity !== '' ? { identity: pem(identity) } : {}),
    tls: pem(server_tls_cert),
    clientTls: pem(client_tls_cert),
  };
}

/** The configuration with other certificates for one orderer. */
export function withConsenter(
  config: ChannelConfig,
  topology: Topology,
  organization: Organization,
  { identity, tls }: ConsenterCertificates,
): ChannelConfig {
  const changed = structuredClone(config);
  const { values, policies } = changed.channel_group.groups.Orderer;
  const entries = entriesOf(changed, topology); // parsed into copies: they are put back below
  const own = entryOf(entries, topology, organization);
  own.client_tls_cert = own.server_tls_cert = base64(tls);
  if (topology.consensus === 'raft') {
    const value = raft.parse(values['ConsensusType']);
    value.value.metadata.consenters = entries;
    values['ConsensusType'] = value;
  } else {
    const validation = blockValidation.parse(policies['BlockValidation']);
    for (const { principal } of validation.policy.value.identities) {
      if (principal.id_bytes === own.identity) principal.id_bytes = base64(identity ?? '');
    }
    policies['BlockValidation'] = validation;
    own.identity = base64(identity ?? '');
    const value = mapping.parse(values['Orderers']);
    value.value.consenter_mapping = entries;
    values['Orderers'] = value;
  }
  return changed;
}

/** What lies in an orderer's folder, or in another role's such as `orderer.next`. */
export function certificatesIn(
  folder: Folder,
  topology: Topology,
  organization: Organization,
  role: string,
): ConsenterCertificates {
  const read = (...path: string[]): string => readFileSync(folder.identity(organization, role, ...path), 'utf8');
  return {
    ...(topology.consensus === 'bft' ? { identity: read('msp', 'signcerts', 'cert.pem') } : {}),
    tls: read('tls', 'cert.pem'),
  };
}

/** Whether the channel's configuration names these certificates for an orderer. */
export function isConsenter(
  config: ChannelConfig,
  topology: Topology,
  organization: Organization,
  { identity, tls }: ConsenterCertificates,
): boolean {
  const named = consenterIn(config, topology, organization);
  return (
    same(named.tls, tls) && same(named.clientTls, tls) && (named.identity ?? '').trim() === (identity ?? '').trim()
  );
}

function same(one: string, other: string): boolean {
  return one.trim() === other.trim();
}

type Entry = z.infer<typeof entry>;

function entriesOf(config: ChannelConfig, { consensus }: Topology): Entry[] {
  const { values } = config.channel_group.groups.Orderer;
  return consensus === 'raft'
    ? raft.parse(values['ConsensusType']).value.metadata.consenters
    : mapping.parse(values['Orderers']).value.consenter_mapping;
}

function entryOf(entries: Entry[], topology: Topology, organization: Organization): Entry {
  const [host, port] = [hostOf(organization), portsOf(topology, organization).orderer];
  const found = entries.find((one) => one.host === host && one.port === port);
  if (found) return found;
  throw new Error(`the channel has no consenter at ${host}:${port}, where orderer.${organization.name} listens`);
}

function pem(text: string): string {
  return Buffer.from(text, 'base64').toString();
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
