// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { parse } from 'csv-parse/sync';
import { departmentOf, type Member } from './cast.js';
import { madeUpDigest } from './story.js';

/** One published item of authorized public data: names only, as an operator publishes them. */
export interface Item {
  readonly domain: string;
  readonly category: string;
  readonly item: string;
}

/** A department of the demonstration, and what it puts on chain. */
export interface Holding {
  readonly department: Member;
  readonly domain: string;
  readonly items: readonly Item[];
}

/** The 326 items, by the department that each domain is given for the demonstration. */
export function holdings(): Holding[] {
  const file = join(__dirname, '..', 'authorized-catalogue.csv');
  const items = parse<Item>(readFileSync(file), { columns: true, bom: true });
  const domains = [...new Set(items.map(({ domain }) => domain))];
  return domains.map((domain, i) => ({
    domain,
    department: departmentOf(domain, i),
    items: items.filter((item) => item.domain === domain),
  }));
}

/** A department's items as the file it imports, each with a made-up digest of its content. */
export function importFile({ items }: Holding): string {
  return stringify(
    items.map((item) => ({ ...item, digest: madeUpDigest(`${item.domain}/${item.category}/${item.item}`) })),
    { header: true, columns: ['domain', 'category', 'item', 'digest'] },
  );
}
