// SPDX-License-Identifier: Apache-2.0
import { common, orderer } from '@hyperledger/fabric-protos';
import { group, metaPolicy, mspValue, outOf, type Group } from 'yuanliu-gateway/ledger/embedded/config-group';
import { encode } from './encode';
import type { Organisation } from './people';

export interface GenesisOptions {
  readonly channel?: string;
  /** How many peers must endorse. */
  readonly endorsers?: number;
  /** Who must endorse. */
  readonly role?: 'PEER' | 'MEMBER' | 'CLIENT';
  /** Blocks need this many orderers instead of any member. */
  readonly orderers?: number;
  /** Makes of the honest configuration what one member would like it to be. */
  readonly change?: (root: common.ConfigGroup) => void;
}

/** The channel's first configuration; Fabric's own code accepts it. */
export function firstConfig(organisations: readonly Organisation[], options: GenesisOptions = {}): common.Config {
  const config = new common.Config();
  const root = channelGroup(organisations, options);
  options.change?.(root);
  config.setChannelGroup(root);
  return config;
}

/** The envelope of the genesis block that brings a configuration. */
export function genesisEnvelope(config: common.Config, channel: string): Buffer {
  const configEnvelope = encode([1, config.serializeBinary()]);
  const channelHeader = encode([1, 1], [2, 1], [3, encode([1, 1_780_000_000])], [4, channel], [5, '']);
  const header = encode([1, channelHeader], [2, encode([2, Buffer.alloc(24, 7)])]);
  return encode([1, encode([1, header], [2, configEnvelope])]);
}

function channelGroup(organisations: readonly Organisation[], options: GenesisOptions): Group {
  const hashing = new common.HashingAlgorithm();
  hashing.setName('SHA256');
  const structure = new common.BlockDataHashingStructure();
  structure.setWidth(0xffffffff);
  return group({
    values: { HashingAlgorithm: hashing, BlockDataHashingStructure: structure, Capabilities: capabilities('V2_0') },
    policies: meta,
    groups: { Orderer: ordererGroup(organisations, options), Application: applicationGroup(organisations, options) },
  });
}

function ordererGroup(organisations: readonly Organisation[], { orderers }: GenesisOptions): Group {
  const consensus = new orderer.ConsensusType();
  consensus.setType('solo');
  const size = new orderer.BatchSize();
  size.setMaxMessageCount(500);
  size.setAbsoluteMaxBytes(99_000_000);
  size.setPreferredMaxBytes(10_000_000);
  const timeout = new orderer.BatchTimeout();
  timeout.setTimeout('1s');
  const quorum = outOf(
    orderers ?? 1,
    organisations.map(({ mspId }) => [mspId, 'ORDERER'] as const),
  );
  return group({
    values: {
      ConsensusType: consensus,
      BatchSize: size,
      BatchTimeout: timeout,
      ChannelRestrictions: new orderer.ChannelRestrictions(),
      Capabilities: capabilities('V2_0'),
    },
    policies: { ...meta, BlockValidation: orderers === undefined ? metaPolicy('ANY', 'Writers') : quorum },
    groups: Object.fromEntries(organisations.map((one) => [one.mspId, member(one, true)])),
  });
}

function applicationGroup(organisations: readonly Organisation[], options: GenesisOptions): Group {
  const { endorsers = 3, role = 'PEER' } = options;
  const endorsement = outOf(
    endorsers,
    organisations.map(({ mspId }) => [mspId, role] as const),
  );
  return group({
    values: { Capabilities: capabilities('V2_5') },
    policies: { ...meta, Endorsement: endorsement, LifecycleEndorsement: endorsement },
    groups: Object.fromEntries(organisations.map((one) => [one.mspId, member(one, false)])),
  });
}

function member({ mspId, ca }: Organisation, orders: boolean): Group {
  const endpoints = new common.OrdererAddresses();
  endpoints.setAddressesList([`orderer.${mspId.toLowerCase()}.test.invalid:7050`]);
  const root = { mspId, root: ca.certificate };
  return group({
    values: { MSP: mspValue(root), ...(orders ? { Endpoints: endpoints } : {}) },
    policies: {
      Readers: outOf(1, [[mspId, 'MEMBER']]),
      Writers: outOf(1, [[mspId, 'MEMBER']]),
      Admins: outOf(1, [[mspId, 'ADMIN']]),
      Endorsement: outOf(1, [[mspId, 'PEER']]),
    },
    groups: {},
  });
}

const meta = {
  Readers: metaPolicy('ANY', 'Readers'),
  Writers: metaPolicy('ANY', 'Writers'),
  Admins: metaPolicy('MAJORITY', 'Admins'),
};

function capabilities(name: string): common.Capabilities {
  const out = new common.Capabilities();
  out.getCapabilitiesMap().set(name, new common.Capability());
  return out;
}
