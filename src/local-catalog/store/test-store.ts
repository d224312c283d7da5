import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../json-value.js';
import { parseJsonObject } from '../json-value.js';
import type { Sqlite } from './sqlite.js';
import { textAt } from './sqlite.js';
import { timedRecords } from './timed-records.js';

const RESULTS = { table: 'test_results', owner: 'case_id', record: 'result' } as const;
const MAX_RESULTS = 10_000;

/** Added to files of earlier releases too. */
export const TEST_TABLES = `
CREATE TABLE IF NOT EXISTS test_suite_cases (
  suite_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  case_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  PRIMARY KEY (suite_id, case_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS test_suite_cases_by_case ON test_suite_cases (case_id);
CREATE TABLE IF NOT EXISTS test_results (
  case_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  timestamp INTEGER NOT NULL,
  result TEXT NOT NULL,
  PRIMARY KEY (case_id, timestamp)
);
CREATE TABLE IF NOT EXISTS test_failed_rows (
  case_id TEXT PRIMARY KEY REFERENCES entities (id) ON DELETE CASCADE,
  sample TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS test_incidents (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  opened_at INTEGER NOT NULL,
  resolved_at INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS test_incidents_by_case ON test_incidents (case_id);
`;

/** Results, failed rows and incidents of test cases, and which suite holds which case. Timestamps in milliseconds. */
export class TestStore {
  constructor(readonly sqlite: Sqlite) {}

  addToSuite(suiteId: string, caseIds: readonly string[]): void {
    const add = this.sqlite.prepare('INSERT OR IGNORE INTO test_suite_cases (suite_id, case_id) VALUES (?, ?)');
    for (const id of caseIds) add.run(suiteId, id);
  }

  /** False when the case has a result of that time already. */
  addResult(caseId: string, timestamp: number, result: JsonObject): boolean {
    return (
      this.sqlite
        .prepare('INSERT OR IGNORE INTO test_results (case_id, timestamp, result) VALUES (?, ?, ?)')
        .run(caseId, timestamp, JSON.stringify(result)) > 0
    );
  }

  removeResult(caseId: string, timestamp: number): boolean {
    return (
      this.sqlite.prepare('DELETE FROM test_results WHERE case_id = ? AND timestamp = ?').run(caseId, timestamp) > 0
    );
  }

  latest(caseId: string): JsonObject | undefined {
    return this.results(caseId, 0, Number.MAX_SAFE_INTEGER, 1)[0];
  }

  /** Both ends included, newest first. */
  results(caseId: string, from: number, to: number, limit = MAX_RESULTS): JsonObject[] {
    return timedRecords(this.sqlite, RESULTS, caseId, { from, to, limit });
  }

  /** Newest result of each live case of a suite. */
  latestOfSuite(suiteId: string): JsonObject[] {
    return this.sqlite
      .prepare(
        `SELECT (SELECT result FROM test_results WHERE case_id = held.case_id ORDER BY timestamp DESC LIMIT 1)
         FROM test_suite_cases AS held JOIN entities ON entities.id = held.case_id
         WHERE held.suite_id = ? AND entities.deleted = 0 ORDER BY entities.fqn LIMIT ?`
      )
      .rows(suiteId, MAX_RESULTS)
      .flatMap((row) => (typeof row[0] === 'string' ? [parseJsonObject(row[0])] : []));
  }

  /** @param sample JSON, by `exactJson` */
  putFailedRows(caseId: string, sample: string): void {
    this.sqlite.prepare('INSERT OR REPLACE INTO test_failed_rows (case_id, sample) VALUES (?, ?)').run(caseId, sample);
  }

  failedRows(caseId: string): string | undefined {
    const row = this.sqlite.prepare('SELECT sample FROM test_failed_rows WHERE case_id = ?').row(caseId);
    return row === undefined ? undefined : textAt(row, 0);
  }

  removeFailedRows(caseId: string): void {
    this.sqlite.prepare('DELETE FROM test_failed_rows WHERE case_id = ?').run(caseId);
  }

  /** The case's open incident; a new one when none is open. */
  openIncident(caseId: string, now: number): string {
    const row = this.sqlite
      .prepare('SELECT id FROM test_incidents WHERE case_id = ? AND resolved_at IS NULL')
      .row(caseId);
    if (row !== undefined) return textAt(row, 0);
    const id = randomUUID();
    this.sqlite.prepare('INSERT INTO test_incidents (id, case_id, opened_at) VALUES (?, ?, ?)').run(id, caseId, now);
    return id;
  }

  resolveIncident(caseId: string, now: number): void {
    this.sqlite
      .prepare('UPDATE test_incidents SET resolved_at = ? WHERE case_id = ? AND resolved_at IS NULL')
      .run(now, caseId);
  }
}
