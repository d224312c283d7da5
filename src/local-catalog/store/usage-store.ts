import type { JsonObject } from '../json-value.js';
import type { Sqlite, SqlRow } from './sqlite.js';
import { numberAt, textAt } from './sqlite.js';

/** How often an entity was used on a date, in the week and in the month that end with it, and its rank in percent. */
export interface UsageRow {
  /** `2026-11-27` */
  readonly date: string;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  readonly ranks: readonly [daily: number, weekly: number, monthly: number];
}

const COLUMNS = 'date, daily, weekly, monthly, daily_rank, weekly_rank, monthly_rank';
const WEEK = 7;
const MONTH = 30;

/** Counts of use by entity and date, as the server keeps them. */
export class UsageStore {
  constructor(readonly sqlite: Sqlite) {}

  /** Sets the count of a date; sums of other dates stay as they are. */
  set(entity: { readonly id: string; readonly type: string }, date: string, count: number): void {
    this.#write(entity, date, count, 'excluded.daily - entity_usage.daily');
  }

  /** Adds to the count of a date. */
  add(entity: { readonly id: string; readonly type: string }, date: string, count: number): void {
    this.#write(entity, date, count, 'excluded.daily');
  }

  /** Rows of an entity from `from` to `to`, both included, newest first. */
  list(entityId: string, from: string, to: string): UsageRow[] {
    return this.sqlite
      .prepare(`SELECT ${COLUMNS} FROM entity_usage WHERE entity_id = ? AND date BETWEEN ? AND ? ORDER BY date DESC`)
      .rows(entityId, from, to)
      .map(toUsageRow);
  }

  newest(entityId: string): UsageRow | undefined {
    const row = this.sqlite
      .prepare(`SELECT ${COLUMNS} FROM entity_usage WHERE entity_id = ? ORDER BY date DESC LIMIT 1`)
      .row(entityId);
    return row === undefined ? undefined : toUsageRow(row);
  }

  /** Ranks the rows of exactly that date: the share of those with a lower count, in percent. */
  rank(entityType: string, date: string): void {
    const ranked = (count: string): string => `100.0 * (rank() OVER (ORDER BY ${count}) - 1) / count(*) OVER ()`;
    this.sqlite
      .prepare(
        `UPDATE entity_usage SET daily_rank = ranked.daily, weekly_rank = ranked.weekly, monthly_rank = ranked.monthly
         FROM (SELECT entity_id, ${ranked('daily')} AS daily, ${ranked('weekly')} AS weekly, ${ranked('monthly')} AS monthly
               FROM entity_usage WHERE entity_type = ?1 AND date = ?2) AS ranked
         WHERE entity_usage.entity_id = ranked.entity_id AND entity_usage.date = ?2`
      )
      .run(entityType, date);
  }

  /**
   * The sums of week and month are computed from earlier rows when a date's row is first written; after that only its
   * own count changes them.
   */
  #write(entity: { readonly id: string; readonly type: string }, date: string, count: number, more: string): void {
    this.sqlite
      .prepare(
        `INSERT INTO entity_usage (entity_id, entity_type, date, daily, weekly, monthly)
         SELECT ?1, ?2, ?3, ?4, ?4 + coalesce(sum(daily) FILTER (WHERE date >= date(?3, '-${WEEK - 1} days')), 0), ?4 + coalesce(sum(daily), 0)
         FROM entity_usage WHERE entity_id = ?1 AND date >= date(?3, '-${MONTH - 1} days') AND date < ?3
         ON CONFLICT (entity_id, date) DO UPDATE SET
           weekly = entity_usage.weekly + (${more}), monthly = entity_usage.monthly + (${more}), daily = entity_usage.daily + (${more})`
      )
      .run(entity.id, entity.type, date, count);
  }
}

function toUsageRow(row: SqlRow): UsageRow {
  return {
    date: textAt(row, 0),
    daily: numberAt(row, 1),
    weekly: numberAt(row, 2),
    monthly: numberAt(row, 3),
    ranks: [numberAt(row, 4), numberAt(row, 5), numberAt(row, 6)],
  };
}

/** The counts as answers show them. */
export function usageStats({ date, daily, weekly, monthly, ranks }: UsageRow): JsonObject {
  return {
    date,
    dailyStats: { count: daily, percentileRank: ranks[0] },
    weeklyStats: { count: weekly, percentileRank: ranks[1] },
    monthlyStats: { count: monthly, percentileRank: ranks[2] },
  };
}
