import { dimensionSql } from '../measures/index.js';
import type { TestDimensionResult } from '../openmetadata/index.js';
import type { Cell, Condition as SourceCondition, RowSet, Scalar } from '../sources/index.js';
import { measureKey, ROW_COUNT, type CellValue, type Measure } from './measure.js';
import { resultParts } from './test-result.js';
import { abortedCase, type TestCase } from './plan-test.js';
import { shownCell, type TableSession } from './table-session.js';
import { TestAborted } from './test-aborted.js';
import type { Measured, MeasuredTest, TableFacts } from './test-rule.js';
import { cellValue, measuredColumn } from './to-measures.js';
import type { TestOutcome } from './outcome.js';

/** Values of a dimension that are looked at; of a column with more the largest groups. */
const MOST_GROUPS = 10_000;
const REST = 'Others';
const NO_VALUE = 'NULL';
/** Read from the counts of each value, which a statement of groups does not have. */
const GROUPED: ReadonlySet<Measure['kind']> = new Set(['uniqueCount', 'median']);

interface Group {
  readonly cell: Cell;
  readonly rows: number;
  readonly outcome: TestOutcome;
  readonly impact: number | undefined;
}

/**
 * Results for each value of the case's dimension columns: one statement a column, the values of most impact, and one more for what is left. What can't
 * be had is a warning.
 * @throws TestAborted for what the engine refuses
 */
export async function dimensionResults(
  session: TableSession,
  table: TableFacts,
  testCase: TestCase,
  test: MeasuredTest,
  onWarning: (text: string) => void
): Promise<TestDimensionResult[]> {
  if (test.measures.some(({ kind }) => GROUPED.has(kind))) {
    onWarning(`${testCase.fqn}: its test can't be told by dimension, the result has none.`);
    return [];
  }
  const results: TestDimensionResult[] = [];
  for (const name of testCase.dimensionColumns) {
    const column = table.columns.find((candidate) => candidate.name === name);
    if (column === undefined) onWarning(`${testCase.fqn}: the table has no dimension column ${name}.`);
    else results.push(...(await ofColumn(session, testCase, test, measuredColumn(column))));
  }
  return results;
}

async function ofColumn(
  session: TableSession,
  testCase: TestCase,
  test: MeasuredTest,
  by: ReturnType<typeof measuredColumn>
): Promise<TestDimensionResult[]> {
  const measures = [ROW_COUNT, ...test.measures.filter((measure) => measureKey(measure) !== measureKey(ROW_COUNT))];
  const asked = measures.map((measure) => session.translator.measure(measure));
  const sql = `${dimensionSql(session.dialect, session.rows, by, asked)} ORDER BY COUNT(*) DESC`;
  const { rows } = await session.query(sql, MOST_GROUPS);
  const groups = rows.map((row): Group => {
    const values = new Map(
      measures.map((measure, at) => {
        const source = asked[at];
        return [
          measureKey(measure),
          source === undefined ? null : cellValue(session.dialect.read(source, row[at + 1] ?? null)),
        ];
      })
    );
    const measured = { value: (measure: Measure): CellValue => values.get(measureKey(measure)) ?? null };
    return group(testCase, test, measured, row[0] ?? null);
  });
  const ranked = [...groups].sort((one, other) => (other.impact ?? 0) - (one.impact ?? 0) || other.rows - one.rows);
  const top = ranked.slice(0, testCase.topDimensions);
  const results = top.map((each) =>
    result(by.name, each.cell === null ? NO_VALUE : String(shownCell(each.cell)), each)
  );
  if (ranked.length === top.length) return results;
  const rest = restOf(
    session.rows,
    by,
    top.map(({ cell }) => cell)
  );
  const measured = await session.measure(measures, rest);
  measured.require(measures);
  return [...results, result(by.name, REST, group(testCase, test, measured, null))];
}

function group(testCase: TestCase, test: MeasuredTest, measured: Measured, cell: Cell): Group {
  const rows = Number(measured.value(ROW_COUNT) ?? 0);
  const outcome = judged(testCase, test, measured);
  return { cell, rows, outcome, impact: impactOf(outcome, rows) };
}

function judged(testCase: TestCase, test: MeasuredTest, measured: Measured): TestOutcome {
  try {
    return test.judge(measured);
  } catch (error) {
    if (error instanceof TestAborted) return abortedCase(testCase, error.message);
    throw error;
  }
}

/** Rows by value → weight, from the largest down. */
const VOLUMES: readonly (readonly [below: number, weight: number])[] = [
  [10, 0.25],
  [100, 0.5],
  [1_000, 0.75],
  [10_000, 1],
  [100_000, 1.25],
];
const MOST_WEIGHT = 1.5;
/** Fewer rows than this count less. */
const ENOUGH_ROWS = 100;

/** failure rate² × volume × min(1, rows / 100) / 1.5 (OpenMetadata 2.0.7); undefined where no rows are counted. */
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

/** The rows whose value is none of these. */
function restOf(rows: RowSet, column: ReturnType<typeof measuredColumn>, cells: readonly Cell[]): RowSet {
  const values = cells.flatMap((cell): Scalar[] => {
    const shown = shownCell(cell);
    return shown === null ? [] : [shown];
  });
  const isNull: SourceCondition = { op: 'isNull', column };
  const others: SourceCondition = { op: 'not', of: { op: 'in', column, values } };
  const where: SourceCondition = cells.includes(null)
    ? { op: 'and', of: [{ op: 'not', of: isNull }, others] }
    : { op: 'or', of: [isNull, others] };
  return { ...rows, where: rows.where === undefined ? where : { op: 'and', of: [rows.where, where] } };
}
