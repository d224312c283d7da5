import { notACatalog } from './not-a-catalog.js';
import type { Sqlite } from './sqlite.js';
import { numberAt } from './sqlite.js';

const SCHEMA_VERSION = 1;
/** The table by which a catalog is known. */
export const MARK = 'lineage_edges';

/**
 * `entities` holds every entity of every type: what is used for look-ups or sorting is a column, the rest is `document`
 * (last, since it is long and reading the columns before it must not touch its pages). `fqn` is normalised, so
 * everything below an entity is one index range. `name_key` and `fqn_key` are lower case, for searches.
 */
const TABLES = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entities (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  fqn TEXT NOT NULL,
  parent_fqn TEXT,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  fqn_key TEXT NOT NULL,
  subtype TEXT,
  deleted INTEGER NOT NULL DEFAULT 0,
  version REAL NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT NOT NULL,
  source_hash TEXT,
  document TEXT NOT NULL
);
CREATE UNIQUE INDEX entities_by_fqn ON entities (type, fqn);
CREATE INDEX entities_by_parent ON entities (type, parent_fqn, name, id, deleted);
CREATE INDEX entities_by_name ON entities (type, name_key, deleted);
CREATE TABLE lineage_edges (
  from_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  to_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  from_service TEXT,
  to_service TEXT,
  source TEXT,
  details TEXT NOT NULL,
  PRIMARY KEY (from_id, to_id)
);
CREATE INDEX lineage_edges_by_target ON lineage_edges (to_id);
CREATE INDEX lineage_edges_by_services ON lineage_edges (from_service, to_service);
CREATE TABLE query_uses (
  query_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  entity_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  PRIMARY KEY (entity_id, query_id)
) WITHOUT ROWID;
CREATE INDEX query_uses_by_query ON query_uses (query_id);
CREATE TABLE query_checksums (
  checksum TEXT PRIMARY KEY,
  query_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX query_checksums_by_query ON query_checksums (query_id);
CREATE TABLE pipeline_statuses (
  pipeline_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL,
  timestamp INTEGER NOT NULL,
  status TEXT NOT NULL,
  PRIMARY KEY (pipeline_id, run_id)
);
CREATE INDEX pipeline_statuses_by_time ON pipeline_statuses (pipeline_id, timestamp);
CREATE TABLE pipeline_progress (
  pipeline_id TEXT PRIMARY KEY REFERENCES entities (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL,
  progress TEXT NOT NULL
) WITHOUT ROWID;
`;

/**
 * Whether a file is new; changes nothing in it.
 * @throws Error for a file that a later release has written, or that is somebody else's database
 */
export function isNewFile(sqlite: Sqlite, file: string): boolean {
  const row = sqlite.prepareOnce('PRAGMA user_version').row();
  const version = row === undefined ? 0 : numberAt(row, 0);
  if (version === 0 && !hasTables(sqlite)) return true;
  if (!isOurs(sqlite)) throw notACatalog(file);
  if (version === SCHEMA_VERSION) return false;
  throw new Error(
    `${file} has layout ${version}, this release reads layout ${SCHEMA_VERSION}. Use the release that wrote it, or another file.`
  );
}

export function hasTables(sqlite: Sqlite): boolean {
  return sqlite.prepareOnce('SELECT 1 FROM sqlite_master LIMIT 1').row() !== undefined;
}

export function isOurs(sqlite: Sqlite): boolean {
  return sqlite.prepareOnce('SELECT 1 FROM sqlite_master WHERE name = ?').row(MARK) !== undefined;
}

export function createTables(sqlite: Sqlite): void {
  sqlite.transaction(() => {
    sqlite.exec(TABLES);
    sqlite.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
}
