import { parseExactJson } from '../../openmetadata/index.js';
import type { JsonObject } from '../json-value.js';
import { parseJsonObject } from '../json-value.js';
import type { Sqlite } from './sqlite.js';
import { textAt } from './sqlite.js';

/** Added to files of earlier releases too. `column` is '' for the table's own profiles. */
export const PROFILE_TABLES = `
CREATE TABLE IF NOT EXISTS table_profiles (
  table_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  column TEXT NOT NULL,
  timestamp INTEGER NOT NULL,
  profile TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS table_profiles_by_time ON table_profiles (table_id, kind, column, timestamp);
CREATE TABLE IF NOT EXISTS table_samples (
  table_id TEXT PRIMARY KEY REFERENCES entities (id) ON DELETE CASCADE,
  sample TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS catalog_settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

export type ProfileKind = 'table' | 'column' | 'system';

const MOST_PROFILES = 10_000;
/** Keys with all digits; the other numbers of a profile are doubles. */
const WHOLE: ReadonlySet<string> = new Set(['min', 'max']);

/** Profiles of tables and their columns, by time in milliseconds, and samples of rows. */
export class ProfileStore {
  constructor(readonly sqlite: Sqlite) {}

  /** As the server does: putting the same time again adds another profile. @param profile as JSON */
  add(tableId: string, kind: 'table' | 'column', column: string, timestamp: number, profile: string): void {
    this.sqlite
      .prepare('INSERT INTO table_profiles (table_id, kind, column, timestamp, profile) VALUES (?, ?, ?, ?, ?)')
      .run(tableId, kind, column, timestamp, profile);
  }

  /** One per time and operation. */
  putSystem(tableId: string, operation: string, timestamp: number, profile: JsonObject): void {
    this.sqlite
      .prepare("DELETE FROM table_profiles WHERE table_id = ? AND kind = 'system' AND column = ? AND timestamp = ?")
      .run(tableId, operation, timestamp);
    this.sqlite
      .prepare("INSERT INTO table_profiles (table_id, kind, column, timestamp, profile) VALUES (?, 'system', ?, ?, ?)")
      .run(tableId, operation, timestamp, JSON.stringify(profile));
  }

  /** As JSON. Both ends included, newest first. @param column of column profiles; undefined: whatever it is */
  texts(
    tableId: string,
    kind: ProfileKind,
    { column, from, to, limit = MOST_PROFILES }: { column?: string; from: number; to: number; limit?: number }
  ): string[] {
    const where = column === undefined ? '' : ' AND column = ?';
    return this.sqlite
      .prepare(
        `SELECT profile FROM table_profiles WHERE table_id = ? AND kind = ?${where} AND timestamp BETWEEN ? AND ?
         ORDER BY timestamp DESC, rowid DESC LIMIT ?`
      )
      .rows(tableId, kind, ...(column === undefined ? [] : [column]), from, to, limit)
      .map((row) => textAt(row, 0));
  }

  /** The same; least and largest values that a double can't hold are texts. */
  list(...given: Parameters<ProfileStore['texts']>): JsonObject[] {
    return this.texts(...given).map((text) => {
      const plain = JSON.stringify(parseExactJson(text), (key, value: unknown) =>
        typeof value !== 'bigint' ? value : WHOLE.has(key) ? value.toString() : Number(value)
      );
      return parseJsonObject(plain);
    });
  }

  latest(tableId: string, kind: ProfileKind, column = ''): JsonObject | undefined {
    return this.list(tableId, kind, { column, from: 0, to: Number.MAX_SAFE_INTEGER, limit: 1 })[0];
  }

  /** @param sample as JSON */
  putSample(tableId: string, sample: string): void {
    this.sqlite.prepare('INSERT OR REPLACE INTO table_samples (table_id, sample) VALUES (?, ?)').run(tableId, sample);
  }

  /** As JSON. */
  sample(tableId: string): string | undefined {
    const row = this.sqlite.prepare('SELECT sample FROM table_samples WHERE table_id = ?').row(tableId);
    return row === undefined ? undefined : textAt(row, 0);
  }

  setting(name: string): JsonObject | undefined {
    const row = this.sqlite.prepare('SELECT value FROM catalog_settings WHERE name = ?').row(name);
    return row === undefined ? undefined : parseJsonObject(textAt(row, 0));
  }

  putSetting(name: string, value: JsonObject): void {
    this.sqlite
      .prepare('INSERT OR REPLACE INTO catalog_settings (name, value) VALUES (?, ?)')
      .run(name, JSON.stringify(value));
  }
}
