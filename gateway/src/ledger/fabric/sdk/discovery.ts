// SPDX-License-Identifier: Apache-2.0
import type {
  Channel,
  Client,
  Discoverer,
  DiscoveryResultEndorsementPlan,
  DiscoveryResults,
  Endorser,
} from 'fabric-common';
import { decodeBlock } from 'yuanliu-verifier';
import { decodeChannel } from 'yuanliu-verifier/channel/channel';
import type { Reader } from '../peers.js';
import { contextOf } from './identity.js';
import { reached, toNodeError } from './node.js';
import type { OrderingService } from './orderers.js';

/** Who endorses and who orders, as a peer tells it. */
export interface Surroundings extends OrderingService {
  readonly plan: DiscoveryResultEndorsementPlan;
  readonly endorsers: readonly Endorser[];
}

export interface DiscoveryOptions {
  readonly client: Client;
  readonly channel: Channel;
  readonly chaincode: string;
  readonly discoverer: Discoverer;
  readonly reader: Reader;
  /** Gives the block that holds the channel's configuration. */
  readonly configBlock: () => Promise<Buffer>;
}

/** Asks a peer who endorses and who orders; again from time to time, while what is known serves. */
export class Discovery {
  readonly #options: DiscoveryOptions;
  #known: Surroundings | undefined;
  #until = 0;
  #asking: Promise<Surroundings> | undefined;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
  }

  /** @throws NodeError as the peer does. */
  async surroundings(): Promise<Surroundings> {
    if (this.#known && Date.now() < this.#until) return this.#known;
    const asking = (this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    }));
    if (!this.#known) return asking;
    asking.catch(() => undefined); // what is known is used, and the next caller asks again
    return this.#known;
  }

  /** What is known did not serve: whoever comes next waits for what is. */
  forget(): void {
    this.#known = undefined;
  }

  /** Resolves once nothing is being asked. */
  async settled(): Promise<void> {
    await this.#asking?.catch(() => undefined);
  }

  async #ask(): Promise<Surroundings> {
    const { client, channel, chaincode, discoverer, reader, configBlock } = this.#options;
    try {
      const context = contextOf(await reader(), client);
      const service = channel.newDiscoveryService(discoverer.name);
      service.build(context, { interest: [{ name: chaincode }] });
      service.sign(context);
      const targets = [await reached(discoverer)];
      const results = (await service.send({ targets, requestTimeout: ANSWER_MS })) as DiscoveryResults;
      const { endorsement_plan: plan, orderers = {} } = results;
      if (!plan) throw new Error(`there is no endorsement plan for ${chaincode}`);
      const names = new Set(Object.values(orderers).flatMap(({ endpoints }) => endpoints.map(({ name }) => name)));
      this.#known = {
        plan,
        endorsers: channel.getEndorsers(),
        orderers: channel.getCommitters().filter(({ name }) => names.has(name)),
        consenters: consentersOf(await configBlock()),
      };
      this.#until = Date.now() + KNOWN_MS;
      return this.#known;
    } catch (error) {
      throw toNodeError(error, discoverer.name);
    }
  }
}

/** How long what was discovered is used without asking again, in milliseconds. */
const KNOWN_MS = 30_000;
const ANSWER_MS = 3000;

function consentersOf(configBlock: Buffer): number {
  const [transaction] = decodeBlock(configBlock).transactions;
  return transaction ? decodeChannel(transaction.data).consenters.size : 0;
}
