import type { TestStatus } from '../../../src/data-quality/index.js';

/**
 * What every built-in test is expected to find in `items` (six rows) and in `nothing` (the same columns, no rows), the
 * same on every engine.
 *
 * | id | qty | name | code | at (now is 2026-11-27 12:00) |
 * | 1 | 10 | a | A-1 | 2026-11-27 11:00 |
 * | 2 | 20 | bb | A-2 | 2026-11-27 06:00 |
 * | 3 | 30 | ccc | B-3 | 2026-11-26 12:00 |
 * | 4 | 40 | dd | A-4 | 2026-10-28 12:00 |
 * | 5 | 50 | dd | A-5 | 2025-01-01 00:00 |
 * | 6 | NULL | NULL | '' | NULL |
 */
export interface Expectation {
  readonly parameters?: Readonly<Record<string, string>>;
  /** Another column than the row's, where that is what makes the case. */
  readonly column?: string;
  readonly status: TestStatus;
  /** The whole result text, or a part of it for Aborted. */
  readonly text: string;
  /** passed / failed rows with computePassedFailedRowCount. */
  readonly rows?: readonly [passed: number, failed: number];
  readonly bounds?: readonly [min: number | undefined, max: number | undefined];
}

export interface DefinitionExpectations {
  readonly column?: string;
  readonly template?: string;
  readonly passing: Expectation;
  readonly failing: Expectation;
  readonly boundary: Expectation;
  readonly aborted: Expectation;
  readonly empty: Expectation;
}

export const STATES = ['passing', 'failing', 'boundary', 'aborted', 'empty'] as const;

const ok = (text: string, more: Partial<Expectation> = {}): Expectation => ({ status: 'Success', text, ...more });
const bad = (text: string, more: Partial<Expectation> = {}): Expectation => ({ status: 'Failed', text, ...more });
const off = (text: string, more: Partial<Expectation> = {}): Expectation => ({ status: 'Aborted', text, ...more });

/** Tests of one statistic: within, below, on the bound, a bound that is no number, nothing to measure. */
function statistic(
  name: string,
  column: string,
  found: number,
  min: string,
  max: string,
  words = ['min', 'max']
): DefinitionExpectations {
  const text = (low: string, high: string): string =>
    `Found ${name}=${found} vs. the expected ${words[0]}=${low}, ${words[1]}=${high}.`;
  return {
    column,
    passing: ok(text(String(found - 1), 'inf'), {
      parameters: { [min]: String(found - 1) },
      bounds: [found - 1, undefined],
    }),
    failing: bad(text('-inf', String(found - 1)), {
      parameters: { [max]: String(found - 1) },
      bounds: [undefined, found - 1],
    }),
    boundary: ok(text(String(found), String(found)), {
      parameters: { [min]: String(found), [max]: String(found) },
      bounds: [found, found],
    }),
    aborted: off(`parameter ${min} is "much", not a number.`, { parameters: { [min]: 'much' } }),
    empty: off(`the ${name} of ${column} is not known`, { parameters: { [min]: '0' } }),
  };
}

const RULE = 'SELECT COUNT(*) FROM {{ table_name }} WHERE {{ column_name }} > {{ most }}';
const TABLE_RULE = 'SELECT COUNT(*) FROM {{ table_name }} WHERE {qty} > {{ most }}';
const rule = (count: number, table = 'items'): string =>
  `Table '${table}' has ${count} rows matching the condition. Expected 0.`;
const inserted = (hours: string, type = 'HOUR', more: Record<string, string> = {}): Record<string, string> => ({
  columnName: 'at',
  rangeType: type,
  rangeInterval: hours,
  ...more,
});
const columns = '[id, qty, name, code, at]';

export const EXPECTED: Readonly<Record<string, DefinitionExpectations>> = {
  columnValueLengthsToBeBetween: {
    column: 'name',
    passing: ok('Found minLength=1, maxLength=3 vs. the expected minLength=0, maxLength=10.', {
      parameters: { minLength: '0', maxLength: '10' },
      rows: [6, 0],
      bounds: [0, 10],
    }),
    failing: bad('Found minLength=1, maxLength=3 vs. the expected minLength=2, maxLength=2.', {
      parameters: { minLength: '2', maxLength: '2' },
      rows: [4, 2],
      bounds: [2, 2],
    }),
    boundary: ok('Found minLength=1, maxLength=3 vs. the expected minLength=1, maxLength=3.', {
      parameters: { minLength: '1', maxLength: '3' },
      rows: [6, 0],
    }),
    aborted: off('parameter minLength is 3; it must be at most maxLength, which is 1.', {
      parameters: { minLength: '3', maxLength: '1' },
    }),
    empty: off('the shortest length of name is not known', { parameters: { minLength: '1' } }),
  },
  columnValueMaxToBeBetween: statistic('max', 'qty', 50, 'minValueForMaxInCol', 'maxValueForMaxInCol'),
  columnValueMeanToBeBetween: statistic('mean', 'qty', 30, 'minValueForMeanInCol', 'maxValueForMeanInCol'),
  columnValueMedianToBeBetween: statistic('median', 'qty', 30, 'minValueForMedianInCol', 'maxValueForMedianInCol', [
    'minBound',
    'maxBound',
  ]),
  columnValueMinToBeBetween: statistic('min', 'qty', 10, 'minValueForMinInCol', 'maxValueForMinInCol'),
  columnValueStdDevToBeBetween: {
    ...statistic('stddev', 'id', 1.707825127659933, 'minValueForStdDevInCol', 'maxValueForStdDevInCol'),
  },
  columnValuesMissingCount: {
    column: 'code',
    passing: ok('Found nullCount=2 vs. the expected nullCount=2.', {
      parameters: { missingCountValue: '2', missingValueMatch: '["A-1"]' },
    }),
    failing: bad('Found nullCount=1 vs. the expected nullCount=0.', { parameters: { missingCountValue: '0' } }),
    boundary: ok('Found nullCount=1 vs. the expected nullCount=1.', { parameters: { missingCountValue: '1' } }),
    aborted: off('parameter missingValueMatch is "A-1", not a list', {
      parameters: { missingCountValue: '1', missingValueMatch: 'A-1' },
    }),
    empty: ok('Found nullCount=0 vs. the expected nullCount=0.', { parameters: { missingCountValue: '0' } }),
  },
  columnValuesSumToBeBetween: statistic('sum', 'qty', 150, 'minValueForColSum', 'maxValueForColSum'),
  columnValuesToBeAtExpectedLocation: {
    column: 'name',
    ...(Object.fromEntries(
      STATES.map((state) => [
        state,
        off('it needs geographical reference data', {
          parameters: { locationReferenceType: 'CITY', longitudeColumnName: 'x', latitudeColumnName: 'y', radius: '1' },
        }),
      ])
    ) as Record<(typeof STATES)[number], Expectation>),
  },
  columnValuesToBeBetween: {
    column: 'qty',
    passing: ok('Found min=10, max=50 vs. the expected min=0, max=inf.', {
      parameters: { minValue: '0' },
      rows: [6, 0],
      bounds: [0, undefined],
    }),
    failing: bad('Found min=10, max=50 vs. the expected min=20, max=40.', {
      parameters: { minValue: '20', maxValue: '40' },
      rows: [4, 2],
    }),
    boundary: ok('Found min=10, max=50 vs. the expected min=10, max=50.', {
      parameters: { minValue: '10', maxValue: '50' },
      rows: [6, 0],
    }),
    aborted: off('the column gone is not in the table', { column: 'gone' }),
    empty: off('the min of qty is not known', { parameters: { minValue: '0' } }),
  },
  columnValuesToBeInSet: {
    column: 'name',
    passing: ok('Found countInSet=2.', { parameters: { allowedValues: '["a", "bb"]' }, rows: [2, 4] }),
    failing: bad('Found countInSet=5.', {
      parameters: { allowedValues: "['a', 'bb', 'ccc', 'dd']", matchEnum: 'TRUE' },
      rows: [5, 1],
    }),
    boundary: ok('Found countInSet=1.', { parameters: { allowedValues: '("a",)' }, rows: [1, 5] }),
    aborted: off('parameter allowedValues is "a, bb", not a list', { parameters: { allowedValues: 'a, bb' } }),
    empty: bad('Found countInSet=0.', { parameters: { allowedValues: '["a"]' } }),
  },
  columnValuesToBeNotInSet: {
    column: 'name',
    passing: ok('Found countInSet=0. It should be 0.', { parameters: { forbiddenValues: '["zz"]' }, rows: [6, 0] }),
    failing: bad('Found countInSet=3. It should be 0.', {
      parameters: { forbiddenValues: '["dd", "a"]' },
      rows: [3, 3],
    }),
    boundary: bad('Found countInSet=1. It should be 0.', { parameters: { forbiddenValues: '["a"]' }, rows: [5, 1] }),
    aborted: off('parameter forbiddenValues is required and missing.', { parameters: { forbiddenValues: ' ' } }),
    empty: ok('Found countInSet=0. It should be 0.', { parameters: { forbiddenValues: '["a"]' } }),
  },
  columnValuesToBeNotNull: {
    column: 'name',
    passing: ok('Found nullCount=0. It should be 0', { column: 'id', rows: [6, 0] }),
    failing: bad('Found nullCount=1. It should be 0', { rows: [5, 1] }),
    boundary: ok('Found nullCount=0. It should be 0', { column: 'code', rows: [6, 0] }),
    aborted: off('parameter least is not one of this test', { parameters: { least: '1' } }),
    empty: ok('Found nullCount=0. It should be 0'),
  },
  columnValuesToBeUnique: {
    column: 'name',
    passing: ok('Found valuesCount=6 vs. uniqueCount=6.', { column: 'id', rows: [6, 0] }),
    failing: bad('Found valuesCount=5 vs. uniqueCount=3.', { rows: [3, 3] }),
    boundary: ok('Found valuesCount=5 vs. uniqueCount=5.', { column: 'qty', rows: [5, 1] }),
    aborted: off('the column gone is not in the table', { column: 'gone' }),
    empty: ok('Found valuesCount=0 vs. uniqueCount=0.'),
  },
  columnValuesToMatchRegex: {
    column: 'name',
    passing: ok('Found 5 value(s) matching regex pattern vs 5 value(s) in the column.', {
      parameters: { regex: '^[a-d]+$' },
      rows: [6, 0],
    }),
    failing: bad('Found 3 value(s) matching regex pattern vs 5 value(s) in the column.', {
      parameters: { regex: '^[a-b]+$|^ccc$' },
      rows: [4, 2],
    }),
    boundary: bad('Found 4 value(s) matching regex pattern vs 5 value(s) in the column.', {
      parameters: { regex: '^[bcd]+$' },
      rows: [5, 1],
    }),
    aborted: off('the column qty is of type INT; columnValuesToMatchRegex takes', {
      column: 'qty',
      parameters: { regex: 'x' },
    }),
    empty: ok('Found 0 value(s) matching regex pattern vs 0 value(s) in the column.', { parameters: { regex: 'x' } }),
  },
  columnValuesToNotMatchRegex: {
    column: 'name',
    passing: ok('Found 0 value(s) matching the forbidden regex pattern.', {
      parameters: { forbiddenRegex: '^z+$' },
      rows: [6, 0],
    }),
    failing: bad('Found 2 value(s) matching the forbidden regex pattern.', {
      parameters: { forbiddenRegex: '^d+$' },
      rows: [4, 2],
    }),
    boundary: bad('Found 1 value(s) matching the forbidden regex pattern.', {
      parameters: { forbiddenRegex: '^a$' },
      rows: [5, 1],
    }),
    aborted: off('parameter forbiddenRegex is required and missing.', { parameters: { forbiddenRegex: '' } }),
    empty: ok('Found 0 value(s) matching the forbidden regex pattern.', { parameters: { forbiddenRegex: '.' } }),
  },
  columnRuleLibrarySqlExpressionValidator: {
    column: 'qty',
    template: RULE,
    passing: ok(rule(0), { parameters: { most: '100' } }),
    failing: bad(rule(3), { parameters: { most: '20' } }),
    boundary: ok(rule(0), { parameters: { most: '50' } }),
    aborted: off('parameter most, which its SQL names, is missing.'),
    empty: ok(rule(0, 'nothing'), { parameters: { most: '0' } }),
  },
  tableColumnCountToBeBetween: {
    passing: ok('Found columnCount=5 column(s) vs. the expected min=1 and max=inf', {
      parameters: { minColValue: '1' },
    }),
    failing: bad('Found columnCount=5 column(s) vs. the expected min=-inf and max=4', {
      parameters: { maxColValue: '4' },
    }),
    boundary: ok('Found columnCount=5 column(s) vs. the expected min=5 and max=5', {
      parameters: { minColValue: '5', maxColValue: '5' },
    }),
    aborted: off('parameter maxColValue is "few", not a number.', { parameters: { maxColValue: 'few' } }),
    empty: ok('Found columnCount=5 column(s) vs. the expected min=1 and max=inf', { parameters: { minColValue: '1' } }),
  },
  tableColumnCountToEqual: {
    passing: ok('Found 5 columns vs. the expected 5', { parameters: { columnCount: '5' } }),
    failing: bad('Found 5 columns vs. the expected 9', { parameters: { columnCount: '9' } }),
    boundary: bad('Found 5 columns vs. the expected 6', { parameters: { columnCount: '6' } }),
    aborted: off('parameter columnCount is "5.5", not a whole number.', { parameters: { columnCount: '5.5' } }),
    empty: ok('Found 5 columns vs. the expected 5', { parameters: { columnCount: '5' } }),
  },
  tableColumnNameToExist: {
    passing: ok(`qty column expected vs ${columns}`, { parameters: { columnName: 'qty' } }),
    failing: bad(`gone column expected vs ${columns}`, { parameters: { columnName: 'gone' } }),
    boundary: bad(`QTY column expected vs ${columns}`, { parameters: { columnName: 'QTY' } }),
    aborted: off('parameter columnName is required and missing.', { parameters: { columnName: '' } }),
    empty: ok(`qty column expected vs ${columns}`, { parameters: { columnName: 'qty' } }),
  },
  tableColumnToMatchSet: {
    passing: ok(`Found ${columns} column vs. the expected column names [at, id, name, qty, code].`, {
      parameters: { columnNames: 'at, id, name,qty , code' },
    }),
    failing: bad(`Found ${columns} column vs. the expected column names [id, qty].`, {
      parameters: { columnNames: 'id,qty' },
    }),
    boundary: bad(`Found ${columns} column vs. the expected column names [at, id, name, qty, code].`, {
      parameters: { columnNames: 'at,id,name,qty,code', ordered: 'true' },
    }),
    aborted: off('parameter columnNames names no column.', { parameters: { columnNames: ' , ' } }),
    empty: ok(`Found ${columns} column vs. the expected column names [at, id, name, qty, code].`, {
      parameters: { columnNames: 'at,id,name,qty,code', ordered: 'false' },
    }),
  },
  tableCustomSQLQuery: {
    passing: ok('Found 0 row(s). Test query is expected to return <= 0 row(s).', {
      parameters: { sqlExpression: 'SELECT * FROM {table} WHERE {qty} > 100' },
      rows: [6, 0],
    }),
    failing: bad('Found 3 row(s). Test query is expected to return < 3 row(s).', {
      parameters: {
        sqlExpression: 'SELECT {id} FROM {table} WHERE {qty} > 20 -- all of them',
        operator: '<',
        threshold: '3',
      },
      rows: [3, 3],
    }),
    boundary: ok('Found 5 row(s). Test query is expected to return == 5 row(s).', {
      parameters: {
        sqlExpression: 'SELECT COUNT({qty}) FROM {table};',
        strategy: 'COUNT',
        operator: '==',
        threshold: '5',
      },
      rows: [5, 1],
    }),
    aborted: off('sqlExpression is refused: DELETE', { parameters: { sqlExpression: 'DELETE FROM {table}' } }),
    empty: ok('Found 0 row(s). Test query is expected to return <= 0 row(s).', {
      parameters: { sqlExpression: 'SELECT * FROM {table}' },
    }),
  },
  tableRowCountToBeBetween: {
    passing: ok('Found rowCount=6 vs. the expected min=1,  max=inf.', {
      parameters: { minValue: '1' },
      bounds: [1, undefined],
    }),
    failing: bad('Found rowCount=6 vs. the expected min=7,  max=9.', { parameters: { minValue: '7', maxValue: '9' } }),
    boundary: ok('Found rowCount=6 vs. the expected min=6,  max=6.', { parameters: { minValue: '6', maxValue: '6' } }),
    aborted: off('parameter minValue is 9; it must be at most maxValue, which is 7.', {
      parameters: { minValue: '9', maxValue: '7' },
    }),
    empty: bad('Found rowCount=0 vs. the expected min=1,  max=inf.', { parameters: { minValue: '1' } }),
  },
  tableRowCountToEqual: {
    passing: ok('Found rowCount=6 rows vs. the expected 6', { parameters: { value: '6' } }),
    failing: bad('Found rowCount=6 rows vs. the expected 0', { parameters: { value: '0' } }),
    boundary: bad('Found rowCount=6 rows vs. the expected 7', { parameters: { value: '7' } }),
    aborted: off('parameter value is "six", not a number.', { parameters: { value: 'six' } }),
    empty: ok('Found rowCount=0 rows vs. the expected 0', { parameters: { value: '0' } }),
  },
  tableRowInsertedCountToBeBetween: {
    passing: ok('Found insertedRows=2 vs. the expected min=1, max=inf.', {
      parameters: inserted('6', 'HOUR', { min: '1' }),
    }),
    failing: bad('Found insertedRows=4 vs. the expected min=-inf, max=3.', {
      parameters: inserted('1', 'MONTH', { max: '3' }),
    }),
    boundary: ok('Found insertedRows=3 vs. the expected min=3, max=3.', {
      parameters: inserted('24', 'HOUR', { min: '3', max: '3' }),
    }),
    aborted: off('parameter rangeType is "WEEK". Allowed: HOUR, DAY, MONTH, YEAR.', {
      parameters: inserted('1', 'WEEK'),
    }),
    empty: bad('Found insertedRows=0 vs. the expected min=1, max=inf.', {
      parameters: inserted('1', 'YEAR', { min: '1' }),
    }),
  },
  tableRuleLibrarySqlExpressionValidator: {
    template: TABLE_RULE,
    passing: ok(rule(0), { parameters: { most: '100' } }),
    failing: bad(rule(3), { parameters: { most: '20' } }),
    boundary: ok(rule(0), { parameters: { most: '50' } }),
    aborted: off('parameter limit is not one of this test', { parameters: { limit: '1', most: '1' } }),
    empty: ok(rule(0, 'nothing'), { parameters: { most: '0' } }),
  },
};
