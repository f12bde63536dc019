// SPDX-License-Identifier: Apache-2.0
import 'reflect-metadata';
import { Contract, type Context } from 'fabric-contract-api';
import { canonicalize } from 'json-canonicalize';
import type { Act } from './kind/act.js';
import { perform, performed } from './engine/perform.js';
import { refusal } from './vocabulary/error.js';
import { DRY_RUN, inputSchema, type JsonSchema } from './kind/input.js';
import type { Kind } from './kind/kind.js';
import { RECORD_REF } from './vocabulary/vocabulary.js';
import { Store, TransactionStore } from './kind/store.js';

/**
 * The Fabric contract of a kind: one transaction per act, `kind:act` with the arguments id and input (JSON), which answers
 * which record it left; `dry-run`, which takes an act's name before these, writes nothing, and answers the record that the
 * act would leave; and `get`, which reads a record by `ID` or `ID@version`. Each act's description in the metadata is its
 * title.
 */
export function contractOf(kind: Kind): new () => Contract {
  class KindContract extends Contract {
    constructor() {
      super(kind.name);
    }
  }
  const transactions = [...kind.acts.values()].map((act): TransactionMetadata => {
    define(KindContract.prototype, act.name, async (ctx: Context, id: string, input: string) =>
      canonicalize(performed(await perform(act, ctx, { id, json: input }))),
    );
    return { ...transaction(act.name, 'submitTx', describe(act), ['id', 'input']), input: inputSchema(act) };
  });
  define(KindContract.prototype, DRY_RUN, async (ctx: Context, name: string, id: string, input: string) =>
    canonicalize(await perform(actNamed(kind, name), ctx, { id, json: input, dryRun: true })),
  );
  transactions.push(
    transaction(DRY_RUN, 'EVALUATE', 'what an act would leave; writes nothing', ['act', 'id', 'input']),
  );
  define(KindContract.prototype, 'get', async (ctx: Context, ref: string) => canonicalize(await get(kind, ctx, ref)));
  transactions.push(transaction('get', 'EVALUATE', `the ${kind.name} at ID, or at ID@version`, ['ref']));
  Reflect.defineMetadata('fabric:transactions', transactions, KindContract.prototype);
  return KindContract;
}

function actNamed(kind: Kind, name: string): Act {
  const act = kind.acts.get(name);
  if (act) return act;
  throw refusal('INPUT_INVALID', 'kind-has-no-act', {
    kind: kind.name,
    act: name.slice(0, 80),
    acts: [...kind.acts.keys()].join(', '),
  });
}

/** One transaction as the contract's metadata shows it. */
interface TransactionMetadata {
  readonly name: string;
  readonly tag: readonly string[];
  readonly description: string;
  readonly parameters: readonly { readonly name: string; readonly schema: { readonly type: 'string' } }[];
  readonly returns: { readonly type: 'string' };
  /**
   * What the argument `input` has to be, as text: a JSON Schema. It stands here and not in the parameter's own schema,
   * which fabric-shim compiles anew for every call.
   */
  readonly input?: JsonSchema;
}

function transaction(
  name: string,
  tag: string,
  description: string,
  parameters: readonly string[],
): TransactionMetadata {
  return {
    name,
    tag: tag === 'submitTx' ? ['SUBMIT', tag] : [tag],
    description,
    parameters: parameters.map((parameter) => ({ name: parameter, schema: { type: 'string' } })),
    returns: { type: 'string' },
  };
}

function describe(act: Act): string {
  const from = [...(act.creates ? ['new'] : []), ...act.from].join(', ');
  return `${act.title} — a ${act.nature} by ${Object.keys(act.by).join(', ')}; from ${from}${act.to === undefined ? '' : ` to ${act.to}`}`;
}

function define(prototype: object, name: string, value: unknown): void {
  Object.defineProperty(prototype, name, { value, enumerable: false });
}

async function get(kind: Kind, ctx: Context, ref: string): Promise<unknown> {
  const record = RECORD_REF.test(ref)
    ? await new Store(new TransactionStore(ctx.stub)).record(`${kind.name}/${ref}`)
    : undefined;
  if (!record) throw refusal('NOT_FOUND', 'no-record', { ref: `${kind.name}/${ref.slice(0, 80)}` });
  return record;
}
