import type { Sqlite } from './sqlite.js';
import { textAt } from './sqlite.js';

/** FQN of the query that has this text already. */
export function checksumHolder(sqlite: Sqlite, checksum: string): string | undefined {
  const row = sqlite
    .prepare('SELECT fqn FROM query_checksums JOIN entities ON id = query_id WHERE checksum = ?')
    .row(checksum);
  return row === undefined ? undefined : textAt(row, 0);
}

/** Records text and uses of a query in place of what was recorded before. */
export function writeQueryLinks(sqlite: Sqlite, queryId: string, checksum: string, usedIn: readonly string[]): void {
  sqlite.prepare('DELETE FROM query_checksums WHERE query_id = ?').run(queryId);
  sqlite.prepare('INSERT INTO query_checksums (checksum, query_id) VALUES (?, ?)').run(checksum, queryId);
  sqlite.prepare('DELETE FROM query_uses WHERE query_id = ?').run(queryId);
  const insert = sqlite.prepare('INSERT OR IGNORE INTO query_uses (query_id, entity_id) VALUES (?, ?)');
  for (const entityId of usedIn) insert.run(queryId, entityId);
}
