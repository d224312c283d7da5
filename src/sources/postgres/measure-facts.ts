import { z } from 'zod';
import { HIDES_ROWS, HIDING_VIEWS } from '../common/postgres-hidden-rows.js';
import { statement } from '../common/statement.js';
import type { SchemaFacts, TableFacts } from '../measures.js';
import type { PostgresSession } from './session.js';

const factRow = z.object({
  name: z.string(),
  isView: z.boolean(),
  hidesRows: z.boolean(),
  tuples: z.number(),
  bytes: z.coerce.number().nullable(),
  mark: z.string().nullable(),
  asOf: z.coerce.number(),
});

/**
 * For a table and all that its SELECT reads: its partitions, and what inherits from it, in other schemas too. The
 * counters of changed rows are the server's own, since its start or their last reset; a rewrite or TRUNCATE gives a
 * table another file. A replica counts nothing, nor do foreign tables, and what policies let the account see may change
 * without the table. A mark that would be long, with thousands of partitions, is a hash of it.
 */
const FACTS = `WITH RECURSIVE ${HIDING_VIEWS}, read AS (SELECT c.oid AS root, c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
  UNION SELECT r.root, h.inhrelid FROM read r JOIN pg_catalog.pg_inherits h ON h.inhparent = r.oid)
SELECT c.relname::text AS name, c.relkind = 'v' AS "isView", ${HIDES_ROWS} AS "hidesRows", COALESCE(s.tuples, 0) AS tuples, CASE WHEN c.relkind NOT IN ('f', 'v') THEN s.bytes END AS bytes,
  CASE WHEN c.relkind IN ('r', 'p', 'm') AND s.counts AND NOT row_security_active(c.oid) AND NOT pg_is_in_recovery() AND current_setting('track_counts') = 'on' THEN concat_ws(' ',
    extract(epoch FROM pg_postmaster_start_time()), (SELECT extract(epoch FROM d.stats_reset) FROM pg_stat_database d WHERE d.datname = current_database()),
    c.oid, c.relnatts, CASE WHEN length(s.changes) > 200 THEN md5(s.changes) ELSE s.changes END) END AS mark,
  extract(epoch FROM clock_timestamp()) * 1000 AS "asOf"
FROM (SELECT r.root, COALESCE(bool_and(k.relkind <> 'f'), true) AS counts,
    CASE WHEN bool_or(k.reltuples < 0 OR k.reltuples = 0 AND (k.relkind = 'f' OR pg_relation_size(k.oid) > 0)) THEN -1 ELSE sum(k.reltuples)::float8 END AS tuples, sum(pg_total_relation_size(k.oid)) AS bytes,
    string_agg(concat_ws(',', k.oid, k.relfilenode, pg_stat_get_tuples_inserted(k.oid), pg_stat_get_tuples_updated(k.oid), pg_stat_get_tuples_deleted(k.oid)), ' ' ORDER BY k.oid) AS changes
  FROM read r LEFT JOIN pg_catalog.pg_class k ON k.oid = r.oid AND k.relkind <> 'p' GROUP BY r.root) s
JOIN pg_catalog.pg_class c ON c.oid = s.root`;

/**
 * Rows are the estimate of the last ANALYZE or VACUUM; unknown before, and where it found none and the table is not
 * empty any more; a partitioned table without partitions holds none. There is no creation time.
 */
export async function readFacts(session: PostgresSession, schema: string): Promise<SchemaFacts> {
  const rows = await session.query(statement(factRow, FACTS, [schema]));
  const tables = new Map<string, TableFacts>();
  for (const { name, isView, hidesRows, tuples, bytes, mark } of rows)
    tables.set(name, {
      ...{ table: name, isView, rowsAreExact: false },
      ...(isView || tuples < 0 ? {} : { rows: Math.round(tuples) }),
      ...(bytes === null ? {} : { bytes }),
      ...(mark === null ? {} : { changed: { mark } }),
      ...(hidesRows ? { hidesRows } : {}),
    });
  return { asOf: Math.floor(rows[0]?.asOf ?? Date.now()), tables, areAll: true, exactNames: true };
}
