import type { ExactNumber } from './bounds.js';
import type { CellValue, Condition, Measure } from './measure.js';
import type { TestOutcome } from './outcome.js';
import type { Parameters } from './parameters.js';
import type { ColumnUnderTest } from './column-under-test.js';

/** What a rule sees of the table. */
export interface TableFacts {
  readonly fqn: string;
  readonly columns: readonly ColumnUnderTest[];
}

/** A test case as a rule sees it. */
export interface TestSetup {
  readonly table: TableFacts;
  readonly parameters: Parameters;
  /** Row counts are asked for (computePassedFailedRowCount), or a threshold needs them. */
  readonly countRows: boolean;
  /** `sqlExpression` from the server's definition, for the rule library. */
  readonly template?: string | undefined;
}

export interface ColumnTestSetup extends TestSetup {
  readonly column: ColumnUnderTest;
}

/** Measured values, by what was asked for. */
export interface Measured {
  /** Null if there is nothing to measure. */
  readonly value: (measure: Measure) => CellValue;
  /** What a column's values are that are written so: a column of 32 bits has others than a double. */
  readonly stored: (column: string, written: ExactNumber) => ExactNumber;
}

/** A test whose answer comes from aggregates of the table: one statement returns those of many tests. */
export interface MeasuredTest {
  readonly kind: 'measured';
  readonly measures: readonly Measure[];
  /** @throws TestAborted when the values can't be judged */
  readonly judge: (measured: Measured) => TestOutcome;
  /** The rows that fail it, if single rows can fail it. */
  readonly failing?: Condition;
}

/** A test of the table's description in the catalog: needs no statement. */
export interface KnownTest {
  readonly kind: 'known';
  readonly outcome: TestOutcome;
}

/** A user's own statement; it is checked by the engine's quoting rules before it is sent. */
export interface QueryTest {
  readonly kind: 'query';
  readonly sql: string;
  /** ROWS: the statement is wrapped to count its rows; COUNT: it returns one number, the count. */
  readonly strategy: 'ROWS' | 'COUNT';
  /** Replaces the statement's WHERE when all rows are counted. */
  readonly partition?: string;
  readonly judge: (found: number, all: number | undefined) => TestOutcome;
}

/** A template of the rule library; the dialect's names are filled in when it runs. */
export interface TemplateTest {
  readonly kind: 'template';
  readonly template: string;
  readonly parameters: Parameters;
  readonly column?: string;
  readonly judge: (count: number) => TestOutcome;
}

export interface DiffTest {
  readonly kind: 'diff';
  readonly table2: string;
  readonly keys1?: readonly string[];
  readonly keys2?: readonly string[];
  readonly columns?: readonly string[];
  readonly where?: string;
  readonly threshold: number;
  readonly caseSensitiveColumns: boolean;
}

export type PlannedTest = MeasuredTest | KnownTest | QueryTest | TemplateTest | DiffTest;

interface RuleBase {
  readonly name: string;
  /** Names of the values in its result: an Aborted result has them too, without values. */
  readonly values: readonly string[];
}

/** One built-in test. `plan` reads the parameters and throws TestAborted if they can't be used. */
export interface ColumnRule extends RuleBase {
  readonly level: 'column';
  readonly plan: (setup: ColumnTestSetup) => PlannedTest;
}

export interface TableRule extends RuleBase {
  readonly level: 'table';
  readonly plan: (setup: TestSetup) => PlannedTest;
}

export type TestRule = ColumnRule | TableRule;
