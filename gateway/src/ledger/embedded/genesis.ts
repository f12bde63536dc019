// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { common, orderer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { headerHash } from 'yuanliu-verifier/wire/hash';
import type { EmbeddedMember } from '../../identity/embedded-pki.js';
import { LedgerError } from '../error.js';
import { encodeGenesisBlock, newHeader } from './block.js';
import { group, type Group, metaPolicy, mspValue, outOf } from './config-group.js';
import { encodeSignatureHeader, transactionId } from './proposal.js';
import type { Commit } from './store.js';

/**
 * The first block: the channel's configuration, in the form that Fabric's `channelconfig.NewBundle` accepts. It names
 * the members, their roots, and the endorsement policy, so that the chain can be checked from itself.
 */
export function newGenesis(channel: string, members: readonly EmbeddedMember[], time: Date): Commit {
  const config = new common.Config();
  config.setChannelGroup(channelGroup(members));
  const configEnvelope = new common.ConfigEnvelope();
  configEnvelope.setConfig(config);
  const envelope = encodeConfigTransaction(channel, configEnvelope.serializeBinary(), time);
  const header = newHeader(0, new Uint8Array(), [envelope]);
  return {
    block: encodeGenesisBlock(header, envelope),
    txIds: [],
    updates: [],
    position: { height: 1, headerHash: headerHash(header), commitHash: new Uint8Array() },
  };
}

/** @throws LedgerError `UNAVAILABLE` when the block was made with other certificate authorities than `members`. */
export function demandSameChannel(genesis: Uint8Array, members: readonly EmbeddedMember[]): void {
  const bytes = Buffer.from(genesis);
  if (members.every(({ root }) => bytes.includes(root))) return;
  throw new LedgerError(
    'UNAVAILABLE',
    'the identities beside this ledger are not the ones it was made with: restore both from the same backup',
  );
}

function channelGroup(members: readonly EmbeddedMember[]): Group {
  const hashing = new common.HashingAlgorithm();
  hashing.setName('SHA256');
  const structure = new common.BlockDataHashingStructure();
  structure.setWidth(0xffffffff); // one flat hash over all of a block's data
  return group({
    values: { HashingAlgorithm: hashing, BlockDataHashingStructure: structure, Capabilities: capabilities('V2_0') },
    policies: ROLE_POLICIES,
    groups: { Orderer: ordererGroup(members), Application: applicationGroup(members) },
  });
}

function ordererGroup(members: readonly EmbeddedMember[]): Group {
  const consensus = new orderer.ConsensusType();
  consensus.setType('solo');
  const size = new orderer.BatchSize();
  size.setMaxMessageCount(500);
  size.setAbsoluteMaxBytes(99 * 1024 * 1024);
  size.setPreferredMaxBytes(32 * 1024 * 1024);
  const timeout = new orderer.BatchTimeout();
  timeout.setTimeout('100ms');
  return group({
    values: {
      ConsensusType: consensus,
      BatchSize: size,
      BatchTimeout: timeout,
      ChannelRestrictions: new orderer.ChannelRestrictions(),
      Capabilities: capabilities('V2_0'),
    },
    policies: { ...ROLE_POLICIES, BlockValidation: metaPolicy('ANY', 'Writers') },
    groups: Object.fromEntries(
      members.filter((member) => member.orderer).map((member) => [member.mspId, organization(member, true)]),
    ),
  });
}

function applicationGroup(members: readonly EmbeddedMember[]): Group {
  const endorsement = outOf(
    3,
    members.filter(({ peer }) => peer).map(({ mspId }) => [mspId, 'PEER'] as const),
  );
  return group({
    values: { Capabilities: capabilities('V2_5') },
    policies: { ...ROLE_POLICIES, Endorsement: endorsement, LifecycleEndorsement: endorsement },
    groups: Object.fromEntries(members.map((member) => [member.mspId, organization(member, false)])),
  });
}

function organization(member: EmbeddedMember, orders: boolean): Group {
  const { mspId } = member;
  const endpoints = new common.OrdererAddresses();
  endpoints.setAddressesList([`orderer0.${mspId.toLowerCase()}.embedded.invalid:7050`]); // .invalid: nobody listens
  return group({
    values: { MSP: mspValue(member), ...(orders ? { Endpoints: endpoints } : {}) },
    policies: {
      Readers: outOf(1, [[mspId, 'MEMBER']]),
      Writers: outOf(1, [[mspId, 'MEMBER']]),
      Admins: outOf(1, [[mspId, 'ADMIN']]),
      Endorsement: outOf(1, [[mspId, 'PEER']]),
    },
    groups: {},
  });
}

const ROLE_POLICIES = {
  Readers: metaPolicy('ANY', 'Readers'),
  Writers: metaPolicy('ANY', 'Writers'),
  Admins: metaPolicy('MAJORITY', 'Admins'),
};

function capabilities(name: string): common.Capabilities {
  const out = new common.Capabilities();
  out.getCapabilitiesMap().set(name, new common.Capability());
  return out;
}

/** The genesis envelope carries no signature: nobody could check it yet. */
function encodeConfigTransaction(channel: string, data: Uint8Array, time: Date): Uint8Array {
  const nonce = randomBytes(24);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG);
  channelHeader.setVersion(1);
  channelHeader.setTimestamp(Timestamp.fromDate(time));
  channelHeader.setChannelId(channel);
  channelHeader.setTxId(transactionId(nonce, new Uint8Array()));
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(encodeSignatureHeader(new Uint8Array(), nonce));
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(data);
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope.serializeBinary();
}
