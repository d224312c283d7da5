import { rangeBelow } from '../fqn.js';
import type { Sqlite } from './sqlite.js';
import { numberAt, textAt } from './sqlite.js';

/** Two services (ids) with edges between their assets. */
export type ServicePair = readonly [from: string, to: string];

/** Pairs of services whose edges an entity, or something below it, takes part in. Call this before it is removed. */
export function serviceEdgesOf(sqlite: Sqlite, fqn: string, id: string, types: readonly string[]): ServicePair[] {
  const statement = sqlite.prepare(
    `SELECT DISTINCT from_service, to_service FROM lineage_edges
     WHERE from_service <> to_service AND (from_id = ?1 OR to_id = ?1)`
  );
  const below = sqlite.prepare(
    `WITH gone AS (SELECT id FROM entities WHERE type = ? AND fqn > ? AND fqn < ?)
     SELECT DISTINCT from_service, to_service FROM lineage_edges
     WHERE from_service <> to_service AND (from_id IN gone OR to_id IN gone)`
  );
  const rows = [...statement.rows(id), ...types.flatMap((type) => below.rows(type, ...rangeBelow(fqn)))];
  return rows.map((row) => [textAt(row, 0), textAt(row, 1)]);
}

/** Makes the edge between two services say how many edges their assets have, or removes it if there are none. */
export function recountServiceEdges(sqlite: Sqlite, pairs: readonly ServicePair[]): void {
  const count = sqlite.prepare('SELECT count(*) FROM lineage_edges WHERE from_service = ? AND to_service = ?');
  const remove = sqlite.prepare('DELETE FROM lineage_edges WHERE from_id = ? AND to_id = ?');
  const write = sqlite.prepare(
    `INSERT INTO lineage_edges (from_id, to_id, source, details) VALUES (?, ?, 'ChildAssets', ?)
     ON CONFLICT (from_id, to_id) DO UPDATE SET details = excluded.details`
  );
  for (const [from, to] of pairs) {
    const row = count.row(from, to);
    const assetEdges = row === undefined ? 0 : numberAt(row, 0);
    if (assetEdges === 0) remove.run(from, to);
    else write.run(from, to, JSON.stringify({ source: 'ChildAssets', assetEdges }));
  }
}
