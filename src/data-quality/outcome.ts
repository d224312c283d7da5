import type { CellValue } from './measure.js';
import { TestAborted } from './test-aborted.js';

export type TestStatus = 'Success' | 'Failed' | 'Aborted';

export interface ResultValue {
  readonly name: string;
  readonly value?: string;
}

/** What a test found, before it is bound to a case and a time. */
export interface TestOutcome {
  readonly status: TestStatus;
  /** One sentence. */
  readonly text: string;
  readonly values: readonly ResultValue[];
  readonly rows?: RowCounts;
  /** -Infinity and Infinity are no bounds. */
  readonly bounds?: { readonly min: number; readonly max: number };
}

/** Rows that passed and failed; one of them is enough, the other is what is left of all. */
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

/** Values are texts; one that is not known is left out. */
export function resultValues(values: Readonly<Record<string, CellValue | undefined>>): ResultValue[] {
  return Object.entries(values).map(([name, value]) =>
    value === undefined || value === null ? { name } : { name, value: shownValue(value) }
  );
}

/**
 * A value in a message and in a result: whole numbers without a fraction, nothing as None, unset bounds as -inf and
 * inf.
 */
export function shownValue(value: CellValue | undefined): string {
  if (value === null || value === undefined) return 'None';
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  if (typeof value === 'string' && /^-?\d+\.\d*0$/.test(value)) return value.replace(/\.?0+$/, '');
  return String(value);
}

/**
 * A measured number. Engines answer decimals and sums as text.
 * @throws TestAborted for what is none, on an empty table for example
 */
export function numberOf(value: CellValue | undefined, what: string): number {
  if (value === null || value === undefined)
    throw new TestAborted(`${what} is not known: the table has no such values.`);
  const number = typeof value === 'boolean' ? Number(value) : Number(value);
  if (Number.isNaN(number)) throw new TestAborted(`${what} is ${JSON.stringify(value)}, not a number.`);
  return number;
}
