// SPDX-License-Identifier: Apache-2.0
import type { Client } from 'pg';
import type { Viewer } from 'yuanliu-gateway/index/read/visibility';

/** One hop as PostgreSQL answers it: what `Hop` says, less the depth and the words for why a chain is broken. */
export interface HopRow {
  readonly relation: string;
  readonly from_ref: string;
  readonly to_ref: string;
  readonly kind: string;
  readonly title: string | null;
  readonly state: string;
  readonly about: object;
  readonly tx_id: string;
  readonly block: number;
  readonly time: string;
  readonly occurred_at: string | null;
  readonly act: string;
  readonly nature: string;
  readonly organization: string;
  readonly usr: string;
  readonly role: string;
  readonly violations: readonly object[];
  readonly stood: boolean | null;
  readonly stands: boolean | null;
  readonly links: readonly object[] | null;
  readonly evidence: readonly object[] | null;
}

/** Whether the viewer may see a row: open to anyone, a reader of it, or within the region and remit it oversees. */
const visible = (v: string): string =>
  `(${v}.public OR ${v}.readers @> ARRAY[$2] OR (${v}.region LIKE $3 AND (${v}.domains = '{}' OR ${v}.domains && $4)))`;

/**
 * Everything a version came from, in one statement. The walk is a recursive CTE that keeps each node once and filters by
 * visibility as it goes; the chains above the distinct authorities met are a second one. Their verdicts are found for each
 * authority and each time a link changed, not for each of the nodes: that made it faster.
 */
const originsQuery = `
  WITH RECURSIVE walk AS (
      SELECT v.node FROM version v WHERE v.ref = $1 AND ${visible('v')}
    UNION
      SELECT v.node FROM walk w JOIN edge e ON e.from_node = w.node JOIN version v ON v.node = e.to_node
      WHERE ${visible('v')}
  ),
  authority AS MATERIALIZED (
    SELECT DISTINCT v.parent FROM walk w JOIN version v ON v.node = w.node WHERE v.parent IS NOT NULL
  ),
  chain (authority, link, depth) AS (
      SELECT parent, parent, 0 FROM authority
    UNION
      SELECT c.authority, r.parent, c.depth + 1 FROM chain c JOIN rests_on r ON r.node = c.link
  ),
  link AS MATERIALIZED (
    SELECT DISTINCT ON (c.authority, c.link, s.since)
      c.authority, s.since, s.until, s.in_force, s.term_from, s.term_to, ${visible('v')} AS seen,
      json_build_object('ref', left(v.ref, -2), 'version', s.version, 'state', s.state, 'from', s.term_from, 'to', s.term_to) AS shown
    FROM chain c JOIN version v ON v.node = c.link JOIN link_state s ON s.node = c.link
  ),
  period AS MATERIALIZED (
    SELECT authority, at AS since, lead(at, 1, '9999') OVER (PARTITION BY authority ORDER BY at) AS until
    FROM (
      SELECT authority, since AS at FROM link
      UNION SELECT authority, term_from FROM link WHERE term_from IS NOT NULL
      UNION SELECT authority, term_to FROM link WHERE term_to IS NOT NULL
    ) changes
  ),
  verdict AS MATERIALIZED (
    SELECT p.authority, p.since, p.until,
      bool_and(l.in_force AND (l.term_from IS NULL OR (p.since >= l.term_from AND p.since < l.term_to))) AS stood,
      json_agg(l.shown) FILTER (WHERE l.seen) AS links
    FROM period p JOIN link l ON l.authority = p.authority AND p.since >= l.since AND p.since < l.until
    GROUP BY p.authority, p.since, p.until
  ),
  basis AS MATERIALIZED (
    SELECT *, bool_or(stood AND $5 >= since AND $5 < until) OVER (PARTITION BY authority) AS stands FROM verdict
  ),
  node AS MATERIALIZED (
    SELECT v.node, v.ref, v.kind, v.title, v.state, v.about, t.tx_id, t.block, t.time, t.occurred_at, t.act, t.nature,
      t.organization, t.usr, t.role, t.violations, b.stood, b.stands, b.links,
      (SELECT json_agg(json_build_object('ref', x.ref, 'kind', x.kind, 'title', x.title, 'state', x.state, 'about', x.about))
       FROM evidence y JOIN version x ON x.node = y.by_node WHERE y.node = v.node AND ${visible('x')}) AS evidence
    FROM walk w JOIN version v ON v.node = w.node JOIN transaction t ON t.tx = v.tx
      LEFT JOIN basis b ON b.authority = v.parent
        AND coalesce(t.occurred_at, t.time) >= b.since AND coalesce(t.occurred_at, t.time) < b.until
  )
  SELECT e.relation, f.ref AS from_ref, n.ref AS to_ref, n.kind, n.title, n.state, n.about, n.tx_id, n.block, n.time,
    n.occurred_at, n.act, n.nature, n.organization, n.usr, n.role, n.violations, n.stood, n.stands, n.links, n.evidence
  FROM node f JOIN edge e ON e.from_node = f.node JOIN node n ON n.node = e.to_node
`;

/** Asks PostgreSQL, as a prepared statement, for what `origins` answers. */
export async function askPostgres(
  client: Client,
  ref: string,
  viewer: Viewer,
  now: string,
): Promise<readonly HopRow[]> {
  const [role] = viewer.roles;
  const region = `${(role?.region ?? '').replace(/(?:00){1,2}$/, '')}%`;
  const values = [ref, viewer.organization, region, role?.remit ?? [], now];
  const { rows } = await client.query<HopRow>({ name: 'origins', text: originsQuery, values });
  return rows;
}
