import { PermanentError } from '../errors/index.js';
import { probeSql, readColumns, type ShownCell } from '../measures/index.js';
import { SENSITIVE } from '../openmetadata/index.js';
import { failingRows, SAMPLE_ROWS } from './case-statements.js';
import { listedCells, queriedCells } from './failed-cells.js';
import { orWarn } from './or-warn.js';
import type { TestOutcome } from './outcome.js';
import type { TestCase } from './plan-test.js';
import type { TableSession } from './table-session.js';
import { TestAborted } from './test-aborted.js';
import type { MeasuredTest, QueryTest, TableFacts } from './test-rule.js';

export interface FailedRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ShownCell[])[];
  /** The statement that returns them. */
  readonly sql: string;
  /** True for a user's query: its columns need not be the table's. */
  readonly anyColumns: boolean;
}

export interface FailedRowsOptions {
  /** False: the server's settings forbid keeping rows. */
  readonly storeSamples: boolean;
  readonly onWarning: (text: string) => void;
}

/** Reads some of the rows that failed the tests of one table, for tests that ask for them. */
export class FailedRowsReader {
  /** Columns that the source refuses in rows, found by an earlier test. */
  readonly #unread = new Set<string>();

  constructor(
    private readonly session: TableSession,
    private readonly table: TableFacts,
    private readonly options: FailedRowsOptions
  ) {}

  async ofTest(testCase: TestCase, test: MeasuredTest, found: TestOutcome): Promise<FailedRows | undefined> {
    if (!this.#keepsRows(testCase, found)) return undefined;
    return orWarn(this.options, testCase, 'failed rows', undefined, async () => {
      const columns = this.table.columns.filter(
        ({ name, tags }) => !this.#unread.has(name) && !tags.includes(SENSITIVE)
      );
      const read = async (some: TableFacts['columns']): Promise<FailedRows | undefined> => {
        const failing = failingRows(test, this.session, { columns: some });
        if (failing === undefined) return undefined;
        const { sql, columns: names, measured } = failing;
        const { rows } = await this.session.query(sql, SAMPLE_ROWS);
        return {
          sql,
          columns: names,
          rows: rows.map((row) => listedCells(row, measured, this.session.dialect)),
          anyColumns: false,
        };
      };
      const { answer, refused } = await readColumns(columns, read, {
        isRefusal: (error): error is TestAborted =>
          error instanceof TestAborted && error.cause instanceof PermanentError,
        probe: () => this.session.query(probeSql(this.session.dialect, this.session.rows), 1),
        nameOf: ({ name }) => name,
      });
      for (const { name } of refused.keys()) this.#unread.add(name);
      if (refused.size > 0) {
        const [reason = ''] = refused.values();
        this.options.onWarning(
          `${testCase.fqn}: its failed rows, and those of the table's other tests, lack ${[...this.#unread].join(', ')}: ${reason}`
        );
      }
      return answer;
    });
  }

  async ofQuery(testCase: TestCase, test: QueryTest, found: TestOutcome): Promise<FailedRows | undefined> {
    if (test.strategy !== 'ROWS' || !this.#keepsRows(testCase, found)) return undefined;
    const sensitive = this.table.columns.filter(({ tags }) => tags.includes(SENSITIVE));
    // what the statement calls otherwise is made of them, too
    if (sensitive.length > 0 && sensitive.length === this.table.columns.length) return undefined;
    return orWarn(this.options, testCase, 'failed rows', undefined, async () => {
      const { columns, rows } = await this.session.users(test.sql, SAMPLE_ROWS);
      const shown = queriedCells(this.table.columns, this.session.dialect);
      const hidden = new Set(sensitive.map(({ name }) => name.toLowerCase()));
      const kept = columns.flatMap((name, index) => (hidden.has(name.toLowerCase()) ? [] : [index]));
      return {
        columns: kept.map((index) => columns[index] ?? ''),
        rows: rows.map((row) => kept.map((index) => shown(row[index] ?? null, columns[index] ?? ''))),
        sql: test.sql,
        anyColumns: true,
      };
    });
  }

  #keepsRows(testCase: TestCase, found: TestOutcome): boolean {
    return found.status === 'Failed' && testCase.computePassedFailedRowCount && this.options.storeSamples;
  }
}
