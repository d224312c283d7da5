import { unsampled } from '../measures/index.js';
import type { TestDimensionResult } from '../openmetadata/index.js';
import { countSql, partitionSql, ruleSql, tellingSql, userSql } from './case-statements.js';
import { dimensionResults } from './dimensions.js';
import { impossibleValues } from './impossible-values.js';
import { ROW_COUNT, type Measure } from './measure.js';
import { orWarn } from './or-warn.js';
import type { TestOutcome } from './outcome.js';
import { abortedCase, planTest, type Plan, type PlannedCase, type TestCase, type TestDefinition } from './plan-test.js';
import { FailedRowsReader, type FailedRows, type FailedRowsOptions } from './read-failed-rows.js';
import { wholeNumber, type TableMeasures, type TableSession } from './table-session.js';
import { TestAborted } from './test-aborted.js';
import { withoutTimes } from './without-times.js';
import type { MeasuredTest, QueryTest, TableFacts, TemplateTest, TestRule } from './test-rule.js';

/**
 * The most rows that are counted one by one if the engine can't count them: for a statement that can't be put in
 * brackets.
 */
const MOST_FETCHED = 10_000;

/** A case with what was found for it. */
export interface FoundCase {
  readonly testCase: TestCase;
  readonly outcome: TestOutcome;
  readonly failedRows?: FailedRows;
  readonly dimensions?: readonly TestDimensionResult[];
  /** The statement that gave the outcome; for aggregates, which tests share, this test's part of it. */
  readonly sql?: string;
}

export interface RunTestsOptions extends FailedRowsOptions {
  /** What is worth saying, and takes nothing from the results. */
  readonly onNote?: (text: string) => void;
}

/** Plans of a table's cases, from the server's definitions. */
export function planCases(
  cases: readonly TestCase[],
  definitions: ReadonlyMap<string, TestDefinition>,
  table: TableFacts
): PlannedCase[] {
  return cases.map((testCase) => {
    const definition = definitions.get(testCase.definition);
    const plan: Plan =
      definition === undefined
        ? {
            kind: 'done',
            outcome: abortedCase(testCase, `OpenMetadata has no test definition ${testCase.definition}.`),
          }
        : planTest(testCase, definition, table);
    return { testCase, plan };
  });
}

/**
 * Runs the tests of one table, except comparisons with other tables: one statement for all aggregates if the engine
 * allows it, one for each user query. A fault in one test only makes that test's outcome Aborted.
 * @throws TransientError, AuthenticationError
 */
export async function runTests(
  session: TableSession,
  table: TableFacts,
  planned: readonly PlannedCase[],
  options: RunTestsOptions
): Promise<FoundCase[]> {
  const cases = planned.map((each) => withoutTimes(each, table, session.dialect));
  const runner = new TableRunner(session, table, options);
  await runner.measure(cases);
  const found: FoundCase[] = [];
  for (const each of cases) {
    if (each.plan.kind === 'ready' && each.plan.test.kind === 'diff') continue;
    const sql = tellingSql(each, session, table);
    found.push({ ...(await runner.run(each)), ...(sql === undefined ? {} : { sql }) });
  }
  return found;
}

/** What the aggregate tests of a table ask for: column tests on the sampled rows, table tests on all rows. */
export function measuresOf(cases: readonly PlannedCase[]): { readonly column: Measure[]; readonly table: Measure[] } {
  const column: Measure[] = [];
  const table: Measure[] = [];
  for (const { plan, testCase } of cases) {
    if (plan.kind !== 'ready') continue;
    if (plan.test.kind === 'measured') (plan.rule.level === 'column' ? column : table).push(...plan.test.measures);
    else if (plan.test.kind === 'query' && testCase.computePassedFailedRowCount && plan.test.partition === undefined)
      table.push(ROW_COUNT);
  }
  return { column, table };
}

class TableRunner {
  #column: TableMeasures | undefined;
  #table: TableMeasures | undefined;
  readonly #failedRows: FailedRowsReader;

  constructor(
    private readonly session: TableSession,
    private readonly table: TableFacts,
    private readonly options: RunTestsOptions
  ) {
    this.#failedRows = new FailedRowsReader(session, table, options);
  }

  async measure(cases: readonly PlannedCase[]): Promise<void> {
    const { column, table } = measuresOf(cases);
    const { rows } = this.session;
    if (rows.sample === undefined) {
      const all = [...column, ...table];
      if (all.length > 0) this.#column = this.#table = await this.session.measure(all);
      return;
    }
    if (column.length > 0) this.#column = await this.session.measure(column);
    if (table.length > 0) this.#table = await this.session.measure(table, unsampled(rows));
  }

  async run({ testCase, plan }: PlannedCase): Promise<FoundCase> {
    if (plan.kind === 'done') return { testCase, outcome: plan.outcome };
    const { test, rule } = plan;
    try {
      switch (test.kind) {
        case 'measured':
          return await this.#measured(testCase, test, rule);
        case 'query':
          return await this.#query(testCase, test);
        case 'template':
          return { testCase, outcome: await this.#template(test) };
        default:
          throw new TestAborted('it is run elsewhere.');
      }
    } catch (error) {
      if (error instanceof TestAborted) return { testCase, outcome: abortedCase(testCase, error.message, rule) };
      throw error;
    }
  }

  async #measured(testCase: TestCase, test: MeasuredTest, rule: TestRule): Promise<FoundCase> {
    const measures = rule.level === 'column' ? this.#column : this.#table;
    if (measures === undefined) throw new TestAborted('nothing was measured.');
    measures.require(test.measures);
    const { dialect, translator } = this.session;
    const column = (name: string): ReturnType<typeof translator.column> => translator.column(name);
    for (const line of impossibleValues(test.measures, { dialect, column }))
      this.options.onNote?.(`${testCase.fqn}: ${line}`);
    const found = test.judge(measures);
    const dimensions = rule.level === 'column' ? await this.#dimensions(testCase, test) : [];
    const failedRows = await this.#failedRows.ofTest(testCase, test, found);
    return {
      testCase,
      outcome: found,
      ...(failedRows === undefined ? {} : { failedRows }),
      ...(dimensions.length === 0 ? {} : { dimensions }),
    };
  }

  async #dimensions(testCase: TestCase, test: MeasuredTest): Promise<readonly TestDimensionResult[]> {
    if (testCase.dimensionColumns.length === 0) return [];
    return orWarn(this.options, testCase, 'dimensions', [], () =>
      dimensionResults(this.session, this.table, testCase, test, this.options.onWarning)
    );
  }

  async #query(testCase: TestCase, test: QueryTest): Promise<FoundCase> {
    const sql = userSql(test, this.session.dialect);
    const found = test.strategy === 'COUNT' ? await this.#scalar(sql) : await this.#countRows(sql);
    const judged = test.judge(found, await this.#allRows(testCase, test));
    const failedRows = await this.#failedRows.ofQuery(testCase, { ...test, sql }, judged);
    return { testCase, outcome: judged, ...(failedRows === undefined ? {} : { failedRows }) };
  }

  async #scalar(sql: string): Promise<number> {
    return wholeNumber((await this.session.users(sql, 2)).rows, 'sqlExpression with strategy COUNT');
  }

  /**
   * Counted by the engine; the rows of a statement that can't be put in brackets (SHOW, two columns with one name) are
   * read.
   */
  async #countRows(sql: string): Promise<number> {
    try {
      const counted = await this.session.users(countSql(sql), 1);
      return wholeNumber(counted.rows, 'the count of sqlExpression');
    } catch (error) {
      if (!(error instanceof TestAborted)) throw error;
      const { rows } = await this.session.users(sql, MOST_FETCHED + 1);
      if (rows.length > MOST_FETCHED)
        throw new TestAborted(
          `sqlExpression returns more than ${MOST_FETCHED} rows, and the database can't count them: ${error.message}`
        );
      return rows.length;
    }
  }

  /** All rows that the query could have found. */
  async #allRows(testCase: TestCase, { partition }: QueryTest): Promise<number | undefined> {
    if (!testCase.computePassedFailedRowCount) return undefined;
    if (partition !== undefined) {
      const sql = partitionSql(partition, this.session);
      return wholeNumber((await this.session.users(sql, 2)).rows, 'the count of partitionExpression');
    }
    this.#table?.require([ROW_COUNT]);
    const all = this.#table?.value(ROW_COUNT);
    return all === undefined || all === null ? undefined : Number(all);
  }

  async #template(test: TemplateTest): Promise<TestOutcome> {
    const sql = ruleSql(test, this.session, this.table);
    return test.judge(wholeNumber((await this.session.users(sql, 2)).rows, "the rule's SQL"));
  }
}
