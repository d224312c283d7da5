import { findRule } from './definitions/index.js';
import { ROW_COUNT } from './measure.js';
import { aborted, numberOf, type TestOutcome } from './outcome.js';
import { Parameters, type ParameterDefinition } from './parameters.js';
import { TestAborted } from './test-aborted.js';
import type { MeasuredTest, PlannedTest, TableFacts, TestRule } from './test-rule.js';
import type { ColumnUnderTest } from './column-under-test.js';

/** A test definition as the server has it. */
export interface TestDefinition {
  readonly name: string;
  readonly level: 'table' | 'column';
  readonly parameters: readonly ParameterDefinition[];
  readonly supportedDataTypes: readonly string[];
  readonly platforms: readonly string[];
  readonly enabled: boolean;
  readonly sqlExpression?: string | undefined;
  readonly validatorClass?: string | undefined;
}

/** A test case as the server has it. */
export interface TestCase {
  readonly id: string;
  readonly name: string;
  readonly fqn: string;
  readonly tableFqn: string;
  /** Absent: a test of the table. */
  readonly column?: string | undefined;
  readonly definition: string;
  readonly parameterValues: readonly { readonly name: string; readonly value: string }[];
  readonly computePassedFailedRowCount: boolean;
  readonly useDynamicAssertion: boolean;
  readonly dimensionColumns: readonly string[];
  readonly topDimensions: number;
}

/** A test that is ready to be measured, or an outcome that needs no measuring. */
export type Plan =
  | { readonly kind: 'ready'; readonly test: PlannedTest; readonly rule: TestRule }
  | { readonly kind: 'done'; readonly outcome: TestOutcome };

/** A case with its plan. */
export interface PlannedCase {
  readonly testCase: TestCase;
  readonly plan: Plan;
}

/** The plan of one case; any fault in it becomes an Aborted outcome that names it. */
export function planTest(testCase: TestCase, definition: TestDefinition, table: TableFacts): Plan {
  const rule = ruleOf(definition);
  try {
    const test = planned(testCase, definition, table, rule);
    return test.kind === 'known'
      ? { kind: 'done', outcome: test.outcome }
      : { kind: 'ready', test, rule: ruleOrThrow(rule) };
  } catch (error) {
    if (error instanceof TestAborted) return { kind: 'done', outcome: abortedCase(testCase, error.message, rule) };
    throw error;
  }
}

/** The outcome of a case that can't be judged. */
export function abortedCase(testCase: Pick<TestCase, 'name'>, reason: string, rule?: TestRule): TestOutcome {
  return aborted(`Error computing ${testCase.name}: ${reason}`, rule?.values);
}

/** Definitions of the rule library have arbitrary names and are recognised by their SQL. */
function ruleOf({ name, level, sqlExpression, validatorClass }: TestDefinition): TestRule | undefined {
  const built = findRule(name);
  if (built !== undefined) return built;
  const isLibrary = sqlExpression !== undefined || /RuleLibrary/i.test(validatorClass ?? '');
  return isLibrary ? findRule(`${level}RuleLibrarySqlExpressionValidator`) : undefined;
}

function ruleOrThrow(rule: TestRule | undefined): TestRule {
  if (rule === undefined) throw new TestAborted('this version does not know its test definition.');
  return rule;
}

function planned(
  testCase: TestCase,
  definition: TestDefinition,
  table: TableFacts,
  found: TestRule | undefined
): PlannedTest {
  if (found === undefined) throw new TestAborted(`this version does not know the test definition ${definition.name}.`);
  if (testCase.useDynamicAssertion)
    throw new TestAborted(
      'it uses a dynamic assertion, which OpenMetadata learns by itself; this worker runs tests with fixed parameters. Turn useDynamicAssertion off.'
    );
  const parameters = new Parameters(testCase.parameterValues, definition.parameters);
  parameters.check();
  const threshold = thresholdOf(parameters);
  const countRows = testCase.computePassedFailedRowCount || threshold !== undefined;
  const setup = { table, parameters, countRows, template: definition.sqlExpression };
  if (found.level === 'table') return found.plan(setup);
  const column = columnOf(testCase, definition, table);
  const test = found.plan({ ...setup, column });
  return threshold === undefined || test.kind !== 'measured' ? test : withThreshold(test, threshold);
}

/**
 * Definitions name one of two names of a type: PostgreSQL's NUMERIC and MySQL's MEDIUMINT would find no test. The words
 * of an enumeration are texts.
 */
const SAME_TYPES: Readonly<Record<string, string>> = { NUMERIC: 'DECIMAL', MEDIUMINT: 'INT', ENUM: 'VARCHAR' };

function columnOf({ column: name }: TestCase, definition: TestDefinition, table: TableFacts): ColumnUnderTest {
  if (name === undefined) throw new TestAborted(`${definition.name} tests a column, but the case names none.`);
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new TestAborted(`the column ${name} is not in the table ${table.fqn}.`);
  const { supportedDataTypes } = definition;
  const dataType = SAME_TYPES[column.dataType] ?? column.dataType;
  if (supportedDataTypes.length > 0 && ![column.dataType, dataType].some((each) => supportedDataTypes.includes(each)))
    throw new TestAborted(
      `the column ${name} is of type ${column.dataType}; ${definition.name} takes ${supportedDataTypes.join(', ')}.`
    );
  return column;
}

interface Threshold {
  readonly most: number;
  readonly unit: 'ABSOLUTE' | 'PERCENTAGE';
}

/**
 * From OpenMetadata 2.1 on: this many failing rows, or percent of them, are tolerated. Undefined if the definition has
 * none, or for 0.
 */
function thresholdOf(parameters: Parameters): Threshold | undefined {
  if (!parameters.knows('threshold') || !parameters.knows('thresholdUnit')) return undefined;
  const most = parameters.number('threshold') ?? 0;
  if (most < 0) throw new TestAborted(`parameter threshold is ${most}; it must not be negative.`);
  const unit = parameters.option('thresholdUnit', ['ABSOLUTE', 'PERCENTAGE'] as const) ?? 'ABSOLUTE';
  if (unit === 'PERCENTAGE' && most > 100)
    throw new TestAborted(`parameter threshold is ${most} percent; at most 100.`);
  return most === 0 ? undefined : { most, unit };
}

/** Only for tests that count rows: a statistic of a whole column has no failing rows. */
function withThreshold(test: MeasuredTest, { most, unit }: Threshold): MeasuredTest {
  const measures = test.measures.includes(ROW_COUNT) ? test.measures : [...test.measures, ROW_COUNT];
  return {
    ...test,
    measures,
    judge: (measured) => {
      const found = test.judge(measured);
      const { rows } = found;
      if (found.status !== 'Failed' || rows === undefined) return found;
      const all = numberOf(measured.value(ROW_COUNT), 'rowCount');
      const failed = rows.failed ?? all - (rows.passed ?? all);
      const share = unit === 'ABSOLUTE' ? failed : all === 0 ? 0 : (failed / all) * 100;
      const allowed = `${most}${unit === 'ABSOLUTE' ? ' row(s)' : ' percent of the rows'}`;
      const text = `${found.text.replace(/\.$/, '')}. ${failed} row(s) fail, the threshold is ${allowed}.`;
      return { ...found, status: share <= most ? 'Success' : 'Failed', text };
    },
  };
}
