import type { MeasureDialect, MeasuredColumn, Scalar } from '../sources/index.js';
import { columnKind } from './column-kind.js';

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/**
 * The values of a partition as its column is compared with them, in which words for truth values are those, also where
 * the engine has 1 and 0 for them.
 */
export function partitionValues({ dataType }: MeasuredColumn, values: readonly Scalar[]): Scalar[] {
  return values.flatMap((value) => {
    const truth = typeof value === 'string' ? WORDS.get(value.trim().toLowerCase()) : undefined;
    if (truth === undefined) return [value];
    // SQLite may hold the word itself
    if (dataType === 'BOOLEAN') return [truth, value];
    return columnKind(dataType) === 'number' ? [truth ? 1 : 0] : [value];
  });
}

/**
 * A text among the values that no value of the column can be, a number; undefined if there is none. MySQL would take it
 * for 0.
 *
 * @param dialect whose numeric columns may hold what is no number, if it says so (NaN; on SQLite anything)
 */
export function unlikeColumn(
  column: MeasuredColumn,
  values: readonly Scalar[],
  dialect: Pick<MeasureDialect, 'hasNonFinite'> | undefined
): string | undefined {
  if (columnKind(column.dataType) !== 'number' || column.dataType === 'MONEY') return undefined;
  if (dialect?.hasNonFinite?.(column) === true) return undefined;
  return values.filter((value) => typeof value === 'string').find((text) => !NUMBER.test(text));
}
