import type { JsonObject } from '../json-value.js';
import { parseJsonObject } from '../json-value.js';
import type { Sqlite } from './sqlite.js';
import { textAt } from './sqlite.js';
import { timedRecords } from './timed-records.js';

const STATUSES = { table: 'pipeline_statuses', owner: 'pipeline_id', record: 'status' } as const;
const MAX_STATUSES = 1000;

/** Characters of a run's log that are returned: its newest batches that fit. */
const MAX_LOG = 1_000_000;

/** Logs of runs, a row per batch. Added to older files that lack it. */
export const RUN_LOG_TABLES = `
CREATE TABLE IF NOT EXISTS pipeline_logs (
  id INTEGER PRIMARY KEY,
  pipeline_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL,
  logs TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS pipeline_logs_by_run ON pipeline_logs (pipeline_id, run_id, id);
CREATE TABLE IF NOT EXISTS closed_pipeline_logs (
  pipeline_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL,
  PRIMARY KEY (pipeline_id, run_id)
) WITHOUT ROWID;
`;

/** Runs of ingestion pipelines: one status per run, the last one that was put. */
export class PipelineStatusStore {
  constructor(readonly sqlite: Sqlite) {}

  /** `timestamp` in milliseconds since the epoch: statuses are listed by it. */
  put(pipelineId: string, runId: string, timestamp: number, status: JsonObject): void {
    this.sqlite
      .prepare(
        `INSERT INTO pipeline_statuses (pipeline_id, run_id, timestamp, status) VALUES (?, ?, ?, ?)
         ON CONFLICT (pipeline_id, run_id) DO UPDATE SET timestamp = excluded.timestamp, status = excluded.status`
      )
      .run(pipelineId, runId, timestamp, JSON.stringify(status));
  }

  find(pipelineId: string, runId: string): JsonObject | undefined {
    const row = this.sqlite
      .prepare('SELECT status FROM pipeline_statuses WHERE pipeline_id = ? AND run_id = ?')
      .row(pipelineId, runId);
    return row === undefined ? undefined : parseJsonObject(textAt(row, 0));
  }

  newest(pipelineId: string): JsonObject | undefined {
    const row = this.sqlite
      .prepare('SELECT status FROM pipeline_statuses WHERE pipeline_id = ? ORDER BY timestamp DESC, rowid DESC LIMIT 1')
      .row(pipelineId);
    return row === undefined ? undefined : parseJsonObject(textAt(row, 0));
  }

  /** Both ends included, newest first; only the newest if there are very many. */
  list(pipelineId: string, from: number, to: number): JsonObject[] {
    return timedRecords(this.sqlite, STATUSES, pipelineId, { from, to, limit: MAX_STATUSES });
  }

  /** Only the newest progress of a pipeline is kept. */
  putProgress(pipelineId: string, runId: string, progress: JsonObject): void {
    this.sqlite
      .prepare(
        `INSERT INTO pipeline_progress (pipeline_id, run_id, progress) VALUES (?, ?, ?)
         ON CONFLICT (pipeline_id) DO UPDATE SET run_id = excluded.run_id, progress = excluded.progress`
      )
      .run(pipelineId, runId, JSON.stringify(progress));
  }

  appendLog(pipelineId: string, runId: string, logs: string): void {
    this.sqlite
      .prepare('INSERT INTO pipeline_logs (pipeline_id, run_id, logs) VALUES (?, ?, ?)')
      .run(pipelineId, runId, logs);
  }

  closeLog(pipelineId: string, runId: string): void {
    this.sqlite
      .prepare('INSERT INTO closed_pipeline_logs (pipeline_id, run_id) VALUES (?, ?) ON CONFLICT DO NOTHING')
      .run(pipelineId, runId);
  }

  /** The run's log, or its end if it is long; empty for a run without one. */
  log(pipelineId: string, runId: string): { readonly logs: string; readonly closed: boolean } {
    const batches: string[] = [];
    let length = 0;
    const rows = this.sqlite
      .prepare('SELECT logs FROM pipeline_logs WHERE pipeline_id = ? AND run_id = ? ORDER BY id DESC LIMIT 10000')
      .rows(pipelineId, runId);
    for (const row of rows) {
      const logs = textAt(row, 0);
      length += logs.length;
      if (length > MAX_LOG) break;
      batches.push(logs);
    }
    const closed = this.sqlite
      .prepare('SELECT 1 FROM closed_pipeline_logs WHERE pipeline_id = ? AND run_id = ?')
      .row(pipelineId, runId);
    return { logs: batches.reverse().join(''), closed: closed !== undefined };
  }

  progress(pipelineId: string): JsonObject | undefined {
    const row = this.sqlite.prepare('SELECT progress FROM pipeline_progress WHERE pipeline_id = ?').row(pipelineId);
    return row === undefined ? undefined : parseJsonObject(textAt(row, 0));
  }
}
