import type { Bounds, ExactNumber } from './bounds.js';
import type { CellValue } from './measure.js';
import { TestAborted } from './test-aborted.js';

export type TestStatus = 'Success' | 'Failed' | 'Aborted';

export interface ResultValue {
  readonly name: string;
  readonly value?: string;
}

/** What a test found, before it is tied to a case and a time. */
export interface TestOutcome {
  readonly status: TestStatus;
  /** One sentence. */
  readonly text: string;
  readonly values: readonly ResultValue[];
  readonly rows?: RowCounts;
  /** -Infinity and Infinity mean no bound. */
  readonly bounds?: Bounds<ExactNumber>;
}

/** Rows that passed and failed; one of the two is enough, since the other is the rest of the rows. */
export interface RowCounts {
  readonly all: number;
  readonly passed?: number;
  readonly failed?: number;
}

export function outcome(
  passed: boolean,
  text: string,
  values: Readonly<Record<string, CellValue | undefined>>,
  more: Pick<TestOutcome, 'rows' | 'bounds'> = {}
): TestOutcome {
  return { status: passed ? 'Success' : 'Failed', text, values: resultValues(values), ...more };
}

export function aborted(reason: string, names: readonly string[] = []): TestOutcome {
  return { status: 'Aborted', text: reason, values: names.map((name) => ({ name })) };
}

/** Values are strings; an unknown one is left out. */
export function resultValues(values: Readonly<Record<string, CellValue | undefined>>): ResultValue[] {
  return Object.entries(values).map(([name, value]) =>
    value === undefined || value === null ? { name } : { name, value: shownValue(value) }
  );
}

/** A value in a message and in a result: integers without a fraction, null as None, open bounds as -inf and inf. */
export function shownValue(value: CellValue | undefined): string {
  if (value === null || value === undefined) return 'None';
  if (value === Infinity || value === 'Infinity') return 'inf';
  if (value === -Infinity || value === '-Infinity') return '-inf';
  if (typeof value === 'string' && /^-?\d+\.\d*0$/.test(value)) return value.replace(/\.?0+$/, '');
  return String(value);
}

/**
 * A measured number. Engines return decimals and sums as text.
 * @throws TestAborted when it isn't a number, for example because the table is empty
 */
export function numberOf(value: CellValue | undefined, what: string): number {
  if (value === null || value === undefined)
    throw new TestAborted(`${what} is not known: the table has no such values, or it is no finite number.`);
  const number = typeof value === 'boolean' ? Number(value) : Number(value);
  if (Number.isNaN(number)) throw new TestAborted(`${what} is ${JSON.stringify(value)}, not a number.`);
  return number;
}

/**
 * The same with all its digits; infinities and NaN are numbers too.
 * @throws TestAborted when it isn't a number
 */
export function exactNumberOf(value: CellValue | undefined, what: string): ExactNumber {
  if (value === null || value === undefined)
    throw new TestAborted(`${what} is not known: the table has no such values.`);
  if (value === 'NaN') return NaN;
  const number = numberOf(value, what);
  return typeof value === 'string' && Number.isFinite(number) ? value : number;
}
