// SPDX-License-Identifier: Apache-2.0
import { Contract, type Context } from 'fabric-contract-api';
import { z } from 'zod';

/** What another contract read and wrote: values as text. */
export const footprint = z.strictObject({
  reads: z.array(z.string()),
  writes: z.array(z.strictObject({ key: z.string(), value: z.string() })),
});
export type Footprint = z.infer<typeof footprint>;

/** `usage:record` that reads and writes what `usage:learn` named, and does nothing else. */
class Minimal extends Contract {
  private reads: readonly string[] = [];
  private writes: readonly (readonly [key: string, value: Buffer])[] = [];

  constructor() {
    super('usage');
  }

  learn(_ctx: Context, json: string): Promise<string> {
    const { reads, writes } = footprint.parse(JSON.parse(json));
    this.reads = reads;
    this.writes = writes.map(({ key, value }) => [key, Buffer.from(value)] as const);
    return Promise.resolve('');
  }

  async record({ stub }: Context, _id: string, input: string): Promise<string> {
    for (const key of this.reads) await stub.getState(key);
    for (const [key, value] of this.writes) await stub.putState(key, value);
    return input;
  }
}

const transactions = { learn: ['json'], record: ['id', 'input'] };
Reflect.defineMetadata(
  'fabric:transactions',
  Object.entries(transactions).map(([name, parameters]) => ({
    name,
    tag: ['SUBMIT'],
    description: '',
    parameters: parameters.map((parameter) => ({ name: parameter, schema: { type: 'string' } })),
    returns: { type: 'string' },
  })),
  Minimal.prototype,
);

export const contracts = [Minimal];
