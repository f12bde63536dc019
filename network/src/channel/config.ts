// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeJson } from '../folder.js';
import { membersHere, speakerOf } from '../host.js';
import type { Network } from '../nodes/services.js';
import type { Progress } from '../progress.js';
import { run } from '../tool.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import { membersOf, type Organization } from '../topology.js';
import { waitFor } from '../wait.js';
import { peerCommand, toOrderer } from './cli.js';

/** An organisation's MSP in the configuration, of which we only touch the lists of revoked certificates. */
const mspValue = z.looseObject({
  value: z.looseObject({ config: z.looseObject({ revocation_list: z.array(z.string()).nullish() }) }),
});

const section = z.looseObject({
  groups: z.record(z.string(), z.looseObject({ values: z.looseObject({ MSP: mspValue }) })),
});

/** A channel's configuration as `configtxlator` writes it; whatever is not named here is kept as it is. */
const channelConfig = z.looseObject({
  sequence: z.coerce.number(),
  channel_group: z.looseObject({
    groups: z.looseObject({
      Application: section,
      Orderer: section.extend({
        values: z.record(z.string(), z.unknown()),
        policies: z.record(z.string(), z.unknown()),
      }),
    }),
  }),
});

export type ChannelConfig = z.infer<typeof channelConfig>;

/** An organisation's group in a section of the channel; undefined if it has none, whatever the organisation is called. */
export function groupOf(
  { groups }: z.infer<typeof section>,
  mspId: string,
): z.infer<typeof section>['groups'][string] | undefined {
  return Object.hasOwn(groups, mspId) ? groups[mspId] : undefined;
}

const configBlock = z.looseObject({
  data: z.looseObject({
    data: z.tuple([z.looseObject({ payload: z.looseObject({ data: z.looseObject({ config: channelConfig }) }) })]),
  }),
});

/** The configuration that a member's peer goes by. */
export function readConfig(network: Network, toolchain: Toolchain, member: Organization): Promise<ChannelConfig> {
  return inScratch(async (file) => {
    const block = file('config.block');
    await peerCommand(network, toolchain, member, [
      'channel',
      'fetch',
      'config',
      block,
      '-c',
      network.topology.channel,
    ]);
    const decoded = configBlock.parse(await decode(toolchain, 'common.Block', block, file('block.json')));
    return decoded.data.data[0].payload.data.config;
  });
}

/** A change of the channel's configuration, in the name of these organisations' administrators. */
export interface ConfigChange {
  readonly before: ChannelConfig;
  readonly after: ChannelConfig;
  readonly by: readonly [Organization, ...Organization[]];
  /** Whose orderer is sent the change; one that is on this machine unless given. */
  readonly through?: Organization;
}

/** Changes the channel's configuration, and waits until every peer goes by it. */
export async function changeConfig(
  network: Network,
  toolchain: Toolchain,
  { before, after, by, through }: ConfigChange,
  progress: Progress,
): Promise<void> {
  const { folder, topology } = network;
  const speaker = speakerOf(network);
  await inScratch(async (file) => {
    for (const [name, config] of [
      ['before', before],
      ['after', after],
    ] as const) {
      await encode(toolchain, 'common.Config', config, file(name));
    }
    const pair = ['--original', file('before'), '--updated', file('after')];
    const args = ['compute_update', '--channel_id', topology.channel, ...pair, '--output', file('update')];
    await run(toolchain.configtxlator, { args });
    const update = await decode(toolchain, 'common.ConfigUpdate', file('update'), file('update.json'));
    const header = { channel_header: { channel_id: topology.channel, type: CONFIG_UPDATE } };
    await encode(
      toolchain,
      'common.Envelope',
      { payload: { header, data: { config_update: update } } },
      file('envelope'),
    );
    const adminOf = (one: Organization) => ({ msp: folder.identity(one, 'admin', 'msp'), mspId: one.mspId });
    const [sender, ...others] = by; // who sends it signs it too
    for (const other of others)
      await peerCommand(
        network,
        toolchain,
        speaker,
        ['channel', 'signconfigtx', '-f', file('envelope')],
        adminOf(other),
      );
    await send(network, toolchain, file('envelope'), adminOf(sender), through);
  });
  for (const member of membersHere(network)) {
    const missing = async (): Promise<string | undefined> => {
      const { sequence } = await readConfig(network, toolchain, member);
      return sequence > before.sequence ? undefined : `it is at configuration ${sequence}`;
    };
    await waitFor({ what: `peer.${member.name} to go by the new configuration`, missing, seconds: 60 }, progress);
  }
}

/**
 * Has a change ordered. SmartBFT's clients send to all orderers: one of them may hang, or be alone in a change of views,
 * and then takes what it is sent and orders nothing. Those that come second refuse the change, which is made by then.
 */
async function send(
  network: Network,
  toolchain: Toolchain,
  envelope: string,
  as: { readonly msp: string; readonly mspId: string },
  through = speakerOf(network),
): Promise<void> {
  const { channel, consensus } = network.topology;
  const others = membersOf(network.topology).filter((member) => member !== through);
  let taken = false;
  let failure: unknown;
  for (const member of [through, ...others]) {
    const args = ['channel', 'update', '-f', envelope, '-c', channel, ...toOrderer(network, member)];
    try {
      await peerCommand(network, toolchain, speakerOf(network), args, as);
      taken = true;
      if (consensus === 'raft') return;
    } catch (error) {
      failure ??= error;
    }
  }
  if (!taken) throw failure;
}

/** Fabric's `common.HeaderType`. */
const CONFIG_UPDATE = 2;

async function decode(toolchain: Toolchain, type: string, input: string, output: string): Promise<unknown> {
  await run(toolchain.configtxlator, { args: ['proto_decode', '--type', type, '--input', input, '--output', output] });
  return JSON.parse(await readFile(output, 'utf8')) as unknown;
}

async function encode(toolchain: Toolchain, type: string, value: object, output: string): Promise<void> {
  await writeJson(`${output}.json`, value);
  const args = ['proto_encode', '--type', type, '--input', `${output}.json`, '--output', output];
  await run(toolchain.configtxlator, { args });
}

async function inScratch<T>(work: (file: (name: string) => string) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'yuanliu-config-'));
  try {
    return await work((name) => join(scratch, name));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
