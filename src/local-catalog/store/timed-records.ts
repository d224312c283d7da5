import type { JsonObject } from '../json-value.js';
import { parseJsonObject } from '../json-value.js';
import { keysThatFit } from './entity-listing.js';
import type { Sqlite } from './sqlite.js';
import { numberAt, textAt } from './sqlite.js';

/** A table with a `timestamp`, and its columns for whose a record is and for the record as JSON. */
export interface TimedTable {
  readonly table: 'pipeline_statuses' | 'test_results';
  readonly owner: string;
  readonly record: string;
}

export interface TimeRange {
  /** Both ends included, milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** What an owner has in a range of time, newest first; only the newest if there are very many, or very long ones. */
export function timedRecords(
  sqlite: Sqlite,
  { table, owner, record }: TimedTable,
  id: string,
  { from, to, limit }: TimeRange
): JsonObject[] {
  const keys = sqlite
    .prepare(
      `SELECT rowid, length(${record}) FROM ${table} WHERE ${owner} = ? AND timestamp BETWEEN ? AND ?
       ORDER BY timestamp DESC, rowid DESC LIMIT ?`
    )
    .rows(id, from, to, limit);
  const read = sqlite.prepare(`SELECT ${record} FROM ${table} WHERE rowid = ?`);
  return keysThatFit(keys, limit).flatMap((key) => {
    const row = read.row(numberAt(key, 0));
    return row === undefined ? [] : [parseJsonObject(textAt(row, 0))];
  });
}
