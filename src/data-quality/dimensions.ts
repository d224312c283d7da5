import { dimensionStatements, type DimensionStatement } from '../measures/index.js';
import type { TestDimensionResult } from '../openmetadata/index.js';
import {
  asWritten,
  isSingle,
  type Cell,
  type Condition as SourceCondition,
  type MeasuredColumn,
  type RowSet,
} from '../sources/index.js';
import { measureKey, ROW_COUNT, type CellValue, type Measure } from './measure.js';
import { resultParts } from './test-result.js';
import { abortedCase, type TestCase } from './plan-test.js';
import { shownCell, type TableSession } from './table-session.js';
import { TestAborted } from './test-aborted.js';
import type { Measured, MeasuredTest, TableFacts } from './test-rule.js';
import { measuredColumn } from './to-measures.js';
import type { TestOutcome } from './outcome.js';

/** How many values of a dimension are looked at; if a column has more, the largest groups. */
const MOST_GROUPS = 10_000;
const REST = 'Others';
const NO_VALUE = 'NULL';
interface Group {
  readonly cell: Cell;
  /** As it is shown; the last tie-breaker, so that every attempt picks the same values. */
  readonly value: string;
  readonly rows: number;
  readonly outcome: TestOutcome;
  readonly impact: number | undefined;
}

/** What is asked about one dimension column of a case. */
export interface DimensionPlan {
  readonly by: MeasuredColumn;
  /** The measures of a value: its rows, then what the test asks for. */
  readonly measures: readonly Measure[];
  readonly statements: readonly DimensionStatement[];
}

/**
 * The statements for a case's dimension columns: one per column, and one more if values must be counted. Reports
 * columns that don't exist.
 */
export function planDimensions(
  session: TableSession,
  table: TableFacts,
  testCase: TestCase,
  test: MeasuredTest,
  onMissing: (column: string) => void = () => undefined
): DimensionPlan[] {
  const measures = [ROW_COUNT, ...test.measures.filter((measure) => measureKey(measure) !== measureKey(ROW_COUNT))];
  const asked = measures.map((measure) => session.translator.measure(measure));
  return testCase.dimensionColumns.flatMap((name) => {
    const column = table.columns.find((candidate) => candidate.name === name);
    if (column === undefined) {
      onMissing(name);
      return [];
    }
    const by = measuredColumn(column);
    return [{ by, measures, statements: dimensionStatements(session.dialect, session.rows, by, asked) }];
  });
}

/**
 * Results for each value of the case's dimension columns: the values with the most impact, and one more statement for
 * the rest. What can't be determined becomes a warning.
 * @throws TestAborted for what the engine refuses
 */
export async function dimensionResults(
  session: TableSession,
  table: TableFacts,
  testCase: TestCase,
  test: MeasuredTest,
  onWarning: (text: string) => void
): Promise<TestDimensionResult[]> {
  const results: TestDimensionResult[] = [];
  const plans = planDimensions(session, table, testCase, test, (name) =>
    onWarning(`${testCase.fqn}: the table has no dimension column ${name}.`)
  );
  for (const plan of plans) results.push(...(await ofColumn(session, testCase, test, plan)));
  return results;
}

async function ofColumn(
  session: TableSession,
  testCase: TestCase,
  test: MeasuredTest,
  { by, measures, statements }: DimensionPlan
): Promise<TestDimensionResult[]> {
  const found = new Map<string, { cell: Cell; answers: number; values: Map<string, CellValue> }>();
  for (const { sql, read } of statements) {
    for (const row of (await session.query(sql, MOST_GROUPS)).rows) {
      const cell = row[0] ?? null;
      const key = JSON.stringify(shownCell(cell));
      const value = found.get(key) ?? { cell, answers: 0, values: new Map<string, CellValue>() };
      for (const [place, answer] of read(row)) {
        const measure = measures[place];
        if (measure !== undefined) value.values.set(measureKey(measure), session.translator.value(measure, answer));
      }
      value.answers += 1;
      found.set(key, value);
    }
  }
  // with more groups than allowed, one statement may have cut off different ones from the other
  const groups = [...found.values()]
    .filter(({ answers }) => answers === statements.length)
    .map(({ cell, values }): Group => {
      const measured: Measured = {
        value: (measure) => values.get(measureKey(measure)) ?? null,
        stored: (column, written) => session.translator.stored(column, written),
      };
      return group(testCase, test, measured, cell, valueOf(cell, by, session));
    });
  const ranked = groups.sort(
    (one, other) =>
      (other.impact ?? 0) - (one.impact ?? 0) || other.rows - one.rows || (one.value < other.value ? -1 : 1)
  );
  const top = ranked.slice(0, testCase.topDimensions);
  const results = top.map((each) => result(by.name, each.value, each));
  if (ranked.length === top.length) return results;
  const rest = restOf(
    session.rows,
    by,
    top.map(({ cell }) => cell)
  );
  const measured = await session.measure(measures, rest);
  measured.require(measures);
  return [...results, result(by.name, REST, group(testCase, test, measured, null, REST))];
}

function valueOf(cell: Cell, by: MeasuredColumn, { dialect }: TableSession): string {
  if (cell === null) return NO_VALUE;
  return String(typeof cell === 'number' && isSingle(by, dialect) ? asWritten(cell) : shownCell(cell));
}

function group(testCase: TestCase, test: MeasuredTest, measured: Measured, cell: Cell, value: string): Group {
  const rows = Number(measured.value(ROW_COUNT) ?? 0);
  const outcome = judged(testCase, test, measured);
  return { cell, value, rows, outcome, impact: impactOf(outcome, rows) };
}

function judged(testCase: TestCase, test: MeasuredTest, measured: Measured): TestOutcome {
  try {
    return test.judge(measured);
  } catch (error) {
    if (error instanceof TestAborted) return abortedCase(testCase, error.message);
    throw error;
  }
}

/** Rows by value → weight, largest first. */
const VOLUMES: readonly (readonly [below: number, weight: number])[] = [
  [10, 0.25],
  [100, 0.5],
  [1_000, 0.75],
  [10_000, 1],
  [100_000, 1.25],
];
const MOST_WEIGHT = 1.5;
/** Fewer rows than this weigh less. */
const ENOUGH_ROWS = 100;

/** failure rate² × volume × min(1, rows / 100) / 1.5 (OpenMetadata 2.0.7); undefined if no rows are counted. */
function impactOf({ rows: counts, status }: TestOutcome, rows: number): number | undefined {
  if (rows === 0 || counts === undefined) return status === 'Failed' ? undefined : 0;
  const failed = counts.failed ?? counts.all - (counts.passed ?? counts.all);
  const volume = VOLUMES.find(([below]) => rows < below)?.[1] ?? MOST_WEIGHT;
  const impact = ((failed / rows) ** 2 * volume * Math.min(1, rows / ENOUGH_ROWS)) / MOST_WEIGHT;
  return Number(impact.toFixed(4));
}

function result(name: string, value: string, { outcome, impact }: Group): TestDimensionResult {
  const whole = resultParts(outcome);
  return {
    ...whole,
    result: `Dimension ${name}=${value}: ${outcome.text}`,
    dimensionValues: [{ name, value }],
    dimensionKey: `${name}=${value}`,
    ...(whole.passedRowsPercentage === undefined
      ? {}
      : { passedRowsPercentage: twoDecimals(whole.passedRowsPercentage) }),
    ...(whole.failedRowsPercentage === undefined
      ? {}
      : { failedRowsPercentage: twoDecimals(whole.failedRowsPercentage) }),
    ...(impact === undefined ? {} : { impactScore: impact }),
  };
}

function twoDecimals(number: number): number {
  return Math.round(number * 100) / 100;
}

/** The rows whose value isn't any of these. */
function restOf(rows: RowSet, column: MeasuredColumn, cells: readonly Cell[]): RowSet {
  const isNull: SourceCondition = { op: 'isNull', column };
  const shown = cells.filter((cell) => cell !== null);
  const others: SourceCondition = { op: 'not', of: { op: 'shown', column, cells: shown } };
  const where: SourceCondition = cells.includes(null)
    ? { op: 'and', of: [{ op: 'not', of: isNull }, others] }
    : { op: 'or', of: [isNull, others] };
  return { ...rows, where: rows.where === undefined ? where : { op: 'and', of: [rows.where, where] } };
}
