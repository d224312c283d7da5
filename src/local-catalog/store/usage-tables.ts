/**
 * Tables of usage, joins and query costs. Added to older files that lack them. A date is text, `2026-11-27`; the two
 * columns of a join are ordered by FQN.
 */
export const USAGE_TABLES = `
CREATE TABLE IF NOT EXISTS entity_usage (
  entity_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  entity_type TEXT NOT NULL,
  date TEXT NOT NULL,
  daily INTEGER NOT NULL,
  weekly INTEGER NOT NULL,
  monthly INTEGER NOT NULL,
  daily_rank REAL NOT NULL DEFAULT 0,
  weekly_rank REAL NOT NULL DEFAULT 0,
  monthly_rank REAL NOT NULL DEFAULT 0,
  PRIMARY KEY (entity_id, date)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entity_usage_by_date ON entity_usage (entity_type, date);
CREATE TABLE IF NOT EXISTS column_joins (
  first_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  second_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  first_fqn TEXT NOT NULL,
  second_fqn TEXT NOT NULL,
  date TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (first_fqn, second_fqn, date)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS column_joins_by_first ON column_joins (first_id, date);
CREATE INDEX IF NOT EXISTS column_joins_by_second ON column_joins (second_id, date);
CREATE TABLE IF NOT EXISTS query_costs (
  id TEXT PRIMARY KEY,
  query_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  timestamp INTEGER NOT NULL,
  record TEXT NOT NULL,
  UNIQUE (query_id, timestamp)
) WITHOUT ROWID;
`;
