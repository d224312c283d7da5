import type { Sqlite } from './sqlite.js';
import { numberAt, textAt } from './sqlite.js';

/** A column, and the table that has it. */
export interface JoinEnd {
  readonly tableId: string;
  readonly columnFqn: string;
}

/** A pair of columns as one of its tables sees it, summed over some days. */
export interface JoinRow {
  readonly ownFqn: string;
  readonly otherFqn: string;
  readonly count: number;
}

/** How often pairs of columns are joined, one count per pair and date, whichever side reported it. */
export class JoinStore {
  #kept: string | undefined;

  constructor(readonly sqlite: Sqlite) {}

  /** Replaces the pair's count of that date. */
  put(one: JoinEnd, other: JoinEnd, date: string, count: number): void {
    const [first, second] = one.columnFqn < other.columnFqn ? [one, other] : [other, one];
    this.sqlite
      .prepare(
        `INSERT INTO column_joins (first_id, second_id, first_fqn, second_fqn, date, count) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (first_fqn, second_fqn, date) DO UPDATE SET count = excluded.count`
      )
      .run(first.tableId, second.tableId, first.columnFqn, second.columnFqn, date, count);
  }

  /** Pairs of a table since a date, most frequent first. */
  of(tableId: string, since: string): JoinRow[] {
    return this.sqlite
      .prepare(
        `SELECT own, other, sum(count) AS joins FROM (
           SELECT first_fqn AS own, second_fqn AS other, count FROM column_joins WHERE first_id = ?1 AND date >= ?2
           UNION ALL
           SELECT second_fqn, first_fqn, count FROM column_joins WHERE second_id = ?1 AND first_id <> ?1 AND date >= ?2)
         GROUP BY own, other ORDER BY joins DESC, own, other`
      )
      .rows(tableId, since)
      .map((row) => ({ ownFqn: textAt(row, 0), otherFqn: textAt(row, 1), count: numberAt(row, 2) }));
  }

  /** Removes what is older; once for each date, as it looks at every pair, and nothing older is put any more. */
  forgetBefore(date: string): void {
    if (date === this.#kept) return;
    this.sqlite.prepare('DELETE FROM column_joins WHERE date < ?').run(date);
    this.#kept = date;
  }
}
