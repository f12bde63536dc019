// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import { slices } from '../../runtime/slices.js';
import { ALL, facet } from '../rows/facets.js';
import { candidatesOf } from './lists.js';
import { recordAsOf } from './reading.js';
import type { VersionRow } from '../rows/rows.js';
import type { IndexStore } from '../store/store.js';

/**
 * The records whose body names an organisation as a party, as of a block: by kind, then by id, so that the same question
 * as of the same block has the same answer. Whoever merely acted on a record is no party to it.
 */
export async function recordsNaming(
  store: IndexStore,
  organization: string,
  { asOf, most, by }: { readonly asOf: number; readonly most: number; readonly by: string | undefined },
): Promise<readonly VersionRow[]> {
  return store.withSnapshot(async (snapshot) => {
    const found: VersionRow[] = [];
    const othersDue = slices(by);
    for (const kind of kinds) {
      const list = {
        store,
        snapshot,
        kind,
        lists: [facet('party', organization)],
        all: [ALL],
        sort: 'id',
        asOf,
      } as const;
      for await (const { id } of candidatesOf(list, undefined)) {
        const record = recordAsOf(store, `${kind.name}/${id}`, asOf, { snapshot });
        if (record && kind.parties(record.view.record.body).includes(organization)) found.push(record.row);
        if (found.length === most) return found;
        await othersDue();
      }
    }
    return found;
  });
}
