// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import { identityOf } from 'yuanliu-demo/perform';
import { z } from 'zod';
import { cast, openCity, type City } from '../builders';

const transaction = z.object({
  name: z.string(),
  input: z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() }).optional(),
});
const metadata = z.object({
  contracts: z.record(z.string(), z.object({ transactions: z.array(transaction) })),
});

let city: City;
beforeAll(async () => {
  city = await openCity('founded');
});
afterAll(() => city.close());

test("the contract's metadata carries the JSON Schema of every act's input (fault F9)", async () => {
  const identity = await identityOf(city.ledger, cast.authority);
  const asked = { identity, transaction: 'org.hyperledger.fabric:GetMetadata', args: [] };
  const { contracts } = metadata.parse(JSON.parse(await city.ledger.evaluate(asked)));
  for (const kind of kinds) {
    const transactions = contracts[kind.name]?.transactions ?? [];
    expect(transactions.map(({ name }) => name)).toEqual([...kind.acts.keys(), 'dry-run', 'get']);
    for (const act of kind.acts.values()) {
      const found = transactions.find(({ name }) => name === act.name);
      expect([kind.name, act.name, found?.input?.['title']]).toEqual([
        kind.name,
        act.name,
        `${act.title} (${kind.name}:${act.name})`,
      ]);
    }
  }
  const anchor = contracts['resource']?.transactions.find(({ name }) => name === 'anchor');
  expect(Object.keys(anchor?.input?.properties ?? {})).toEqual(
    expect.arrayContaining(['title', 'domain', 'digest', 'ifVersion', 'idempotencyKey']),
  );
  expect(anchor?.input?.['required']).toEqual(expect.arrayContaining(['title', 'domain']));
});
