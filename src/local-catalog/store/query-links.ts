import { rangeBelow } from '../fqn.js';
import { objectsOf, parseJsonObject, textOf } from '../json-value.js';
import type { Sqlite } from './sqlite.js';
import { textAt } from './sqlite.js';

/** FQN of the query that already has this text. */
export function checksumHolder(sqlite: Sqlite, checksum: string): string | undefined {
  const row = sqlite
    .prepare('SELECT fqn FROM query_checksums JOIN entities ON id = query_id WHERE checksum = ?')
    .row(checksum);
  return row === undefined ? undefined : textAt(row, 0);
}

/** Records a query's text and uses, replacing what was recorded before. */
export function writeQueryLinks(sqlite: Sqlite, queryId: string, checksum: string, usedIn: readonly string[]): void {
  sqlite.prepare('DELETE FROM query_checksums WHERE query_id = ?').run(queryId);
  sqlite.prepare('INSERT INTO query_checksums (checksum, query_id) VALUES (?, ?)').run(checksum, queryId);
  sqlite.prepare('DELETE FROM query_uses WHERE query_id = ?').run(queryId);
  const insert = sqlite.prepare('INSERT OR IGNORE INTO query_uses (query_id, entity_id) VALUES (?, ?)');
  for (const entityId of usedIn) insert.run(queryId, entityId);
}

/** Queries that are used in an entity or in something of these types below it. Call this before it is removed. */
export function queriesUsing(sqlite: Sqlite, fqn: string, id: string, types: readonly string[]): string[] {
  const own = sqlite.prepare('SELECT query_id FROM query_uses WHERE entity_id = ?').rows(id);
  const below = sqlite.prepare(
    `SELECT DISTINCT query_id FROM entities JOIN query_uses ON entity_id = entities.id
     WHERE type = ? AND fqn > ? AND fqn < ?`
  );
  const rows = [...own, ...types.flatMap((type) => below.rows(type, ...rangeBelow(fqn)))];
  return [...new Set(rows.map((row) => textAt(row, 0)))];
}

/**
 * Removes what was deleted for good from the documents of queries; that isn't a change of the query, so there is no new
 * version.
 */
export function dropRemovedUses(sqlite: Sqlite, queryIds: readonly string[]): void {
  const read = sqlite.prepare('SELECT document FROM entities WHERE id = ?');
  const uses = sqlite.prepare('SELECT entity_id FROM query_uses WHERE query_id = ?');
  const write = sqlite.prepare('UPDATE entities SET document = ? WHERE id = ?');
  for (const queryId of queryIds) {
    const row = read.row(queryId);
    if (row === undefined) continue;
    const document = parseJsonObject(textAt(row, 0));
    const left = new Set(uses.rows(queryId).map((use) => textAt(use, 0)));
    const queryUsedIn = objectsOf(document['queryUsedIn']).filter((used) => left.has(textOf(used['id']) ?? ''));
    write.run(JSON.stringify({ ...document, queryUsedIn }), queryId);
  }
}
