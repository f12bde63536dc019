// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { kindNamed } from 'yuanliu-gateway/index/rows/kinds';
import { describe } from 'yuanliu-gateway/index/rows/describe';
import { evidenceFor } from 'yuanliu-gateway/index/apply/evidence';
import { parseRef, versionRef, type LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { Postgres } from './postgres.js';
import type { Born } from './scribe.js';

/**
 * The same facts as the index holds, as somebody who knows PostgreSQL would lay them out: integer keys, one row a version,
 * its readers found beforehand (parties, actors and those upstream, which the index finds while it walks), states of links
 * as intervals.
 */
const schema = `
  CREATE TABLE version (
    node int NOT NULL, ref text NOT NULL, kind text NOT NULL, title text, state text NOT NULL, about jsonb NOT NULL,
    public boolean NOT NULL, region text, domains text[] NOT NULL, readers text[] NOT NULL, parent int, tx int NOT NULL);
  CREATE TABLE transaction (
    tx int NOT NULL, tx_id text NOT NULL, block int NOT NULL, time text NOT NULL, occurred_at text, act text NOT NULL,
    nature text NOT NULL, organization text NOT NULL, usr text NOT NULL, role text NOT NULL, violations jsonb NOT NULL);
  CREATE TABLE edge (from_node int NOT NULL, to_node int NOT NULL, relation text NOT NULL);
  CREATE TABLE rests_on (node int NOT NULL, parent int NOT NULL, place int NOT NULL);
  CREATE TABLE link_state (
    node int NOT NULL, version int NOT NULL, state text NOT NULL, in_force boolean NOT NULL, term_from text, term_to text,
    since text NOT NULL, until text NOT NULL);
  CREATE TABLE evidence (node int NOT NULL, by_node int NOT NULL);
`;

const indexes = `
  ALTER TABLE version ADD PRIMARY KEY (node);
  CREATE UNIQUE INDEX ON version (ref);
  ALTER TABLE transaction ADD PRIMARY KEY (tx);
  CREATE INDEX ON edge (from_node) INCLUDE (to_node, relation);
  CREATE INDEX ON edge (to_node) INCLUDE (from_node, relation);
  CREATE INDEX ON rests_on (node);
  CREATE INDEX ON link_state (node, since);
  CREATE INDEX ON evidence (node) INCLUDE (by_node);
  VACUUM (FREEZE, ANALYZE);
`;

const names = ['version', 'transaction', 'edge', 'rests_on', 'link_state', 'evidence'] as const;
type Table = (typeof names)[number];
/** The kinds that others rest on. */
const LINKS = new Set(['organization', 'plan', 'agreement', 'grant']);
/** After every time there is. */
const NEVER = '9999';

/** Takes records as they are made up, and gives them all to PostgreSQL at the end. */
export class Tables {
  readonly #postgres: Postgres;
  readonly #files: Readonly<Record<Table, WriteStream>>;
  readonly #nodes = new Map<string, number>();
  /** Each link as it was written last. */
  readonly #links = new Map<string, LedgerRecord>();
  /** Readers of each link, by its reference. */
  readonly #readers = new Map<string, readonly string[]>();

  constructor(postgres: Postgres) {
    this.#postgres = postgres;
    const open = (table: Table): WriteStream => createWriteStream(join(postgres.directory, `${table}.tsv`));
    this.#files = Object.fromEntries(names.map((name) => [name, open(name)])) as Record<Table, WriteStream>;
  }

  add({ record, txId, block }: Born): void {
    const { kind: name, id, state, body, act } = record;
    const kind = kindNamed(name);
    if (!kind) throw new Error(`no kind ${name}`);
    const ref = versionRef(record);
    if (LINKS.has(name)) this.#links.set(ref, record);
    if (record.history > 1) return; // only links are acted on again, and load() writes their states
    const node = this.#nodes.size;
    this.#nodes.set(ref, node);
    const { title, about, reach } = describe(body);
    const parents = kind.parents?.(body) ?? [];
    const upstream = parents.flatMap((parent) => this.#readers.get(parent) ?? []);
    const readers = [...new Set([act.organization, ...kind.parties(body), ...upstream])];
    if (LINKS.has(name) && name !== 'organization') this.#readers.set(`${name}/${id}`, readers);
    const domains = Array.isArray(reach.domains) ? reach.domains : reach.domain === undefined ? [] : [reach.domain];
    const open = kind.public?.includes(state) ?? false;
    const [parent] = parents;
    const link = parent === undefined ? undefined : this.#linkNode(parent);
    this.#write('version', [node, ref, name, title, state, about, open, reach.region, domains, readers, link, node]);
    const { time, occurredAt, name: actName, nature, organization, user, role, violations } = act;
    this.#write('transaction', [
      node,
      txId,
      block,
      time,
      occurredAt,
      actName,
      nature,
      organization,
      user,
      role,
      JSON.stringify(violations),
    ]);
    for (const { relation, to } of kind.edges?.(body) ?? []) this.#write('edge', [node, this.#nodes.get(to), relation]);
    for (const subject of evidenceFor(record)) this.#write('evidence', [this.#nodes.get(subject), node]);
    if (!LINKS.has(name)) return;
    parents.forEach((one, place) => {
      this.#write('rests_on', [node, this.#linkNode(one), place]);
    });
  }

  async load(): Promise<void> {
    const { client, directory } = this.#postgres;
    for (const [ref, link] of this.#links) this.#writeStates(this.#nodes.get(ref), link);
    await client.query(schema);
    for (const name of names) {
      const file = this.#files[name];
      file.end();
      await once(file, 'finish');
      const path = join(directory, `${name}.tsv`);
      await chmod(path, 0o644);
      await client.query(`COPY ${name} FROM '${path}'`);
    }
    for (const statement of indexes.split(';')) if (statement.trim() !== '') await client.query(statement);
  }

  #writeStates(node: number | undefined, { kind: name, body, timeline }: LedgerRecord): void {
    const kind = kindNamed(name);
    const terms = kind?.terms?.(body);
    timeline.forEach(({ at, state, version }, index) => {
      const inForce = kind?.inForce?.includes(state) ?? true;
      const until = timeline[index + 1]?.at ?? NEVER;
      this.#write('link_state', [node, version, state, inForce, terms?.from, terms?.to, at, until]);
    });
  }

  #linkNode(ref: string): number | undefined {
    const { kind, id } = parseRef(ref);
    return this.#nodes.get(`${kind}/${id}@1`);
  }

  #write(table: Table, values: readonly unknown[]): void {
    this.#files[table].write(`${values.map(field).join('\t')}\n`);
  }
}

/** A value in the text format of COPY. */
function field(value: unknown): string {
  if (value === undefined) return '\\N';
  if (Array.isArray(value)) return `{${value.map((one) => JSON.stringify(one)).join(',')}}`;
  if (typeof value === 'object') return JSON.stringify(value);
  return `${value as string | number | boolean}`;
}
