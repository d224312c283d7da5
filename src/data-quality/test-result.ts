import type { CreateTestCaseResult, TestDimensionResult } from '../openmetadata/index.js';
import type { RowCounts, TestOutcome } from './outcome.js';

/**
 * A result as OpenMetadata takes it. It has row counts and percentages only if the table has rows and one of the counts
 * is known; the other is the rest.
 * @param timestamp milliseconds since the epoch, the same for all results of a run and for every attempt
 */
export function toResult(outcome: TestOutcome, timestamp: number): CreateTestCaseResult {
  return {
    timestamp,
    ...resultParts(outcome),
    ...bound('minBound', outcome.bounds?.min),
    ...bound('maxBound', outcome.bounds?.max),
  };
}

/** What a case's result and the results of its dimensions have in common. */
export function resultParts(
  outcome: TestOutcome
): Omit<TestDimensionResult, 'dimensionKey' | 'dimensionValues' | 'impactScore'> {
  return {
    testCaseStatus: outcome.status,
    result: outcome.text,
    testResultValue: outcome.values,
    ...rowsOf(outcome.rows),
  };
}

type Rows = Pick<CreateTestCaseResult, 'passedRows' | 'failedRows' | 'passedRowsPercentage' | 'failedRowsPercentage'>;

function rowsOf(rows: RowCounts | undefined): Rows {
  if (rows === undefined || rows.all === 0) return {};
  const { all } = rows;
  if (rows.passed === undefined && rows.failed === undefined) return {};
  const passed = Math.max(0, rows.passed ?? all - (rows.failed ?? 0));
  const failed = Math.max(0, rows.failed ?? all - passed);
  return {
    passedRows: passed,
    failedRows: failed,
    passedRowsPercentage: (passed / all) * 100,
    failedRowsPercentage: (failed / all) * 100,
  };
}

function bound<Name extends string>(name: Name, value: number | string | undefined): Partial<Record<Name, number>> {
  if (value === undefined || !Number.isFinite(Number(value))) return {};
  const set: Partial<Record<Name, number>> = {};
  set[name] = Number(value);
  return set;
}
