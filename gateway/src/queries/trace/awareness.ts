// SPDX-License-Identifier: Apache-2.0
import { parseRef } from 'yuanliu-chaincode/kind/record';
import { finding } from 'yuanliu-chaincode/records/finding/finding';
import type { OrganizationBody } from 'yuanliu-chaincode/records/organization/organization';
import type { z } from 'zod';
import { kindNamed } from '../../index/read/rows.js';

import { stateAt, type VersionRow } from '../../index/read/rows.js';
import type { IndexReader } from '../../index/read/index-reader.js';
import { Sight, type Viewer } from '../../index/read/visibility.js';
import type { AccountableAct, KnownFinding, KnownViolation } from './account.js';

/** Whose act it was, and after which block it was made: the ledger could tell of that block and those before. */
export interface Moment {
  readonly organization: string;
  readonly block: number;
}

/**
 * What the ledger held of some records when somebody acted: rules broken before, findings open then. Says of each whether the
 * ledger would have shown it to the one who acted; leaves out what the viewer of the answer may not see.
 */
export class Awareness {
  readonly #store: IndexReader;
  readonly #sight: Sight;
  readonly #violations = new Map<string, readonly Told<KnownViolation>[]>();
  readonly #findings = new Map<string, readonly string[]>();

  constructor(store: IndexReader, sight: Sight) {
    this.#store = store;
    this.#sight = sight;
  }

  /** @param refs `kind/id` or `kind/id@version`; violations on a version named are those up to it */
  async of(refs: readonly string[], moment: Moment): Promise<AccountableAct['known']> {
    const actor = new Sight(this.#viewerThen(moment), this.#store.find);
    const violations: Told<KnownViolation>[] = [];
    const findings: KnownFinding[] = [];
    for (const ref of new Set(refs.map((one) => one.replace(/@.*/, '')))) {
      const told = this.#violationsOn(ref).filter(({ block }) => block <= moment.block);
      const shown = told[0] !== undefined && this.#showed(actor, told[0].row, moment);
      for (const one of told) violations.push({ ...one, item: { ...one.item, shown } });
      for (const found of await this.#findingsAbout(ref)) {
        const known = this.#finding(found, actor, moment);
        if (known) findings.push(known);
      }
    }
    const more = Math.max(0, violations.length - MOST) + Math.max(0, findings.length - MOST);
    return {
      violations: violations
        .sort((a, b) => a.block - b.block)
        .slice(-MOST)
        .map(({ item }) => item),
      findings: findings.sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0)).slice(-MOST),
      ...(more > 0 ? { more } : {}),
    };
  }

  #violationsOn(ref: string): readonly Told<KnownViolation>[] {
    let told = this.#violations.get(ref);
    if (told) return told;
    told = this.#store.acts(ref).flatMap(({ history, block, version }) => {
      const past = this.#store.actAt(ref, history);
      if (!past || !this.#sight.seesAct(past)) return [];
      const { row } = past;
      const { act } = past.entry.record;
      return act.violations.map((violation) => ({
        block,
        row,
        item: { ...violation, ref: `${ref}@${version}`, act: act.name, txId: act.txId, shown: false },
      }));
    });
    this.#violations.set(ref, told);
    return told;
  }

  async #findingsAbout(ref: string): Promise<readonly string[]> {
    let found = this.#findings.get(ref);
    if (found) return found;
    this.#findings.set(ref, (found = await this.#store.about(finding, ref, this.#sight)));
    return found;
  }

  #finding(id: string, actor: Sight, moment: Moment): KnownFinding | undefined {
    const then = this.#store.recordAsOf(`${finding.name}/${id}`, moment.block);
    if (!then || !this.#sight.sees(then.row)) return undefined;
    const { record } = then.view;
    const { about, summary, closedAt } = record.body as z.infer<typeof finding.body>;
    if (closedAt !== undefined) return undefined;
    const shown = this.#showed(actor, then.row, moment);
    return {
      ref: `${record.kind}/${id}@${record.version}`,
      about,
      state: record.state,
      since: record.timeline[0]?.at ?? '',
      summary,
      shown,
    };
  }

  #viewerThen({ organization, block }: Moment): Viewer {
    const record = this.#store.recordAsOf(`organization/${organization}`, block)?.view.record;
    return { organization, roles: (record?.body as OrganizationBody | undefined)?.roles ?? [] };
  }

  /** Judged by the version as it was then: what was unsealed, or came to name the organisation, only later was not shown. */
  #showed(actor: Sight, row: VersionRow, { block }: Moment): boolean {
    const { kind, id } = parseRef(row.ref);
    const then = this.#store.recordAsOf(`${kind}/${id}`, block);
    const state = then && stateAt(then.row, block);
    if (!then || state === undefined) return false;
    const count = then.view.record.history;
    const acts = Array.from({ length: count }, (_, i) => this.#store.history(`${kind}/${id}`, i + 1)?.record.act);
    const actors = acts.flatMap((act) => act?.organization ?? []);
    const acted = acts.flatMap((act) => (act && act.nature !== 'consequence' ? act.organization : []));
    const { body } = then.view.record;
    const privy = [...acted, ...(kindNamed(kind)?.told?.(body) ?? [])];
    const named = [...actors, ...(kindNamed(kind)?.parties(body) ?? [])];
    const states = then.row.states.filter((change) => change.block <= block);
    return actor.sees({ ...then.row, states, actors, privy, named }, state);
  }
}

/** Violations, and findings, that are told of what one act could have known: the last ones. */
const MOST = 100;

interface Told<Item> {
  readonly block: number;
  readonly row: VersionRow;
  readonly item: Item;
}
