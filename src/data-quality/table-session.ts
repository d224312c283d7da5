import { setTimeout as sleep } from 'node:timers/promises';
import { AuthenticationError, beginning, PermanentError, StatementTimeout, TransientError } from '../errors/index.js';
import {
  compileMeasures,
  lackingTexts,
  Measuring,
  OWN_FAULT_WAITS_MS,
  probeSql,
  refusedPartition,
  triedInVain,
  type Ask,
} from '../measures/index.js';
import { sessionFor, type Cell, type MeasureDialect, type MeasureSession, type RowSet } from '../sources/index.js';
import { measureKey, type CellValue, type Measure } from './measure.js';
import { TestAborted } from './test-aborted.js';
import type { Measured } from './test-rule.js';
import { MeasureTranslator } from './to-measures.js';
import type { ColumnUnderTest } from './column-under-test.js';

export interface TableSessionOptions {
  readonly session: MeasureSession;
  readonly dialect: MeasureDialect;
  /** With the sample and the partition of the table's profiler configuration. */
  readonly rows: RowSet;
  readonly columns: readonly ColumnUnderTest[];
  /** What "now" is in this run, milliseconds since the epoch. */
  readonly now: number;
  readonly signal: AbortSignal;
  /** Waits before a statement is tried again, and says why; default: says nothing. */
  readonly wait?: (milliseconds: number, why: string) => Promise<void>;
  /** Milliseconds before a statement that failed for a moment is sent again; default: 5,000 and 10,000. */
  readonly statementWaits?: readonly number[];
}

/** Measured values, and why some could not be measured. */
export interface TableMeasures extends Measured {
  /** @throws TestAborted for the first of these that couldn't be measured */
  readonly require: (measures: readonly Measure[]) => void;
}

/** Values by the measures' keys; `all`: why there is none. */
type Taken = Awaited<ReturnType<Measuring['take']>> & { readonly all?: string };

/** What the tests of one table talk to its source through. */
export class TableSession {
  readonly dialect: MeasureDialect;
  readonly rows: RowSet;
  readonly translator: MeasureTranslator;
  readonly #ours: MeasureSession;
  readonly #measuring: Measuring;
  readonly #users: Measuring;
  readonly #signal: AbortSignal;
  readonly #wait: NonNullable<TableSessionOptions['wait']>;
  #gaveUp = false;

  constructor(options: TableSessionOptions) {
    const { session, dialect, rows, columns, now, signal, statementWaits: waits } = options;
    this.dialect = dialect;
    this.rows = rows;
    this.translator = new MeasureTranslator(columns, rows, dialect, now);
    const how = { signal, dialect, ...(waits === undefined ? {} : { waits }) };
    this.#ours = sessionFor(session, rows);
    this.#measuring = new Measuring(this.#ours, how);
    this.#users = new Measuring(sessionFor(session, rows, 'users'), how);
    this.#signal = signal;
    this.#wait = options.wait ?? ((milliseconds) => sleep(milliseconds, undefined, { signal }));
  }

  /** Whether policies let the account see only some of the table's rows; no result is lost by the question. */
  hidesRows(): Promise<boolean> {
    return this.#ours.hidesRows?.(this.rows.table).catch(() => false) ?? Promise.resolve(false);
  }

  /** The statements that measure these, for `plan --sql`. */
  statements(measures: readonly Measure[], rows: RowSet = this.rows): readonly string[] {
    return compileMeasures(this.dialect, rows, this.#asks(measures)).statements.map(({ sql }) => sql);
  }

  /**
   * Measures all of them in as few statements as the engine allows; equal ones only once.
   * @throws TransientError, AuthenticationError
   */
  async measure(measures: readonly Measure[], rows: RowSet = this.rows): Promise<TableMeasures> {
    await this.#learnLacking(measures);
    const { values, problems, all } = await this.#take(measures, rows);
    const problemOf = (measure: Measure): string | undefined => all ?? problems.get(measureKey(measure));
    return {
      value: (measure) => this.translator.value(measure, values.get(measureKey(measure))),
      stored: (column, written) => this.translator.stored(column, written),
      require: (wanted) => {
        for (const measure of wanted) {
          const problem = problemOf(measure);
          if (problem !== undefined) throw new TestAborted(problem);
        }
      },
    };
  }

  /**
   * One statement. @param limit rows read at most
   * @throws TestAborted for what the engine refuses; TransientError, AuthenticationError
   */
  async query(sql: string, limit: number): Promise<{ columns: readonly string[]; rows: readonly (readonly Cell[])[] }> {
    return this.#orAborted(this.#measuring, (measuring) => measuring.query(sql, limit));
  }

  /** The same of one with a user's SQL. */
  async users(sql: string, limit: number): Promise<{ columns: readonly string[]; rows: readonly (readonly Cell[])[] }> {
    return this.#orAborted(this.#users, (measuring) => measuring.query(sql, limit));
  }

  async #learnLacking(measures: readonly Measure[]): Promise<void> {
    const { rows, dialect } = this;
    const ask = (sql: string): ReturnType<Measuring['rows']> =>
      this.#orAborted(this.#measuring, (measuring) => measuring.rows(sql));
    try {
      this.translator.lack(await lackingTexts(this.translator.comparedTexts(measures), { rows, dialect, ask }));
    } catch (error) {
      // the measures themselves are refused then, with their reasons
      if (!(error instanceof TestAborted)) throw error;
    }
  }

  async #take(measures: readonly Measure[], rows: RowSet): Promise<Taken> {
    const compiled = compileMeasures(this.dialect, rows, this.#asks(measures));
    try {
      return await this.#orAborted(this.#measuring, (measuring) =>
        measuring.take(compiled, probeSql(this.dialect, rows))
      );
    } catch (error) {
      if (!(error instanceof TestAborted)) throw error;
      const { cause } = error;
      const { where } = this.rows;
      const told =
        cause instanceof Error && where !== undefined ? refusedPartition(cause, this.rows.table.table, where) : cause;
      const all =
        told === cause || !(told instanceof PermanentError) ? error.message : `${told.message} ${told.remedy}`;
      return { values: new Map(), problems: new Map(), all };
    }
  }

  /**
   * What the engine refuses or doesn't finish in time is the test's fault and ends only that test; so does what fails
   * again and again while the source answers others. After the first of these the table's other statements are not
   * waited for any more.
   */
  async #orAborted<T>(measuring: Measuring, work: (measuring: Measuring) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await work(measuring);
      } catch (error) {
        if (error instanceof PermanentError || error instanceof StatementTimeout)
          throw new TestAborted(error.message, { cause: error });
        const isLogin = error instanceof AuthenticationError;
        if (!(isLogin || error instanceof TransientError) || this.#signal.aborted) throw error;
        if (!(await measuring.failsAlone(error))) throw error;
        if (isLogin) throw new TestAborted(error.message, { cause: error });
        const wait = this.#gaveUp ? undefined : OWN_FAULT_WAITS_MS[tries - 1];
        if (wait === undefined) {
          this.#gaveUp = true;
          throw new TestAborted(triedInVain(error, tries));
        }
        await this.#wait(wait, `${this.rows.table.table}: ${error.message}`);
      }
    }
  }

  #asks(measures: readonly Measure[]): Ask[] {
    const asks = new Map<string, Ask>();
    for (const measure of measures) {
      const key = measureKey(measure);
      if (!asks.has(key)) asks.set(key, { key, measure: this.translator.measure(measure) });
    }
    return [...asks.values()];
  }
}

/** The one number that a statement returns. @throws TestAborted for anything else */
export function wholeNumber(rows: readonly (readonly Cell[])[], what: string): number {
  const cell = rows[0]?.[0];
  const number = typeof cell === 'bigint' || typeof cell === 'string' ? Number(cell) : cell;
  if (rows.length !== 1 || typeof number !== 'number' || !Number.isInteger(number))
    throw new TestAborted(
      `${what} must return one row with a whole number, not ${rows.length === 1 ? JSON.stringify(String(cell)) : `${rows.length} rows`}.`
    );
  return number;
}

/** Longest cell of a sample, in characters: where OpenMetadata cuts sample data. */
const LONGEST_CELL = 5_000;

/** A row's cell as JSON has it; binary values as base64, NaN and infinities as text. */
export function shownCell(cell: Cell): CellValue {
  if (cell === null || typeof cell === 'boolean') return cell;
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : String(cell);
  if (typeof cell === 'bigint') return cell.toString();
  if (cell instanceof Date) return cell.toISOString();
  const text = typeof cell === 'string' ? cell : Buffer.from(cell).toString('base64');
  return beginning(text, LONGEST_CELL);
}
