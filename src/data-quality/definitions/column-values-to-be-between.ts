import { boundsOf, exactBoundsOf, isStoredWithin, setEnds, type ExactNumber } from '../bounds.js';
import { columnKind } from '../column-kind.js';
import { epochOf, sqlDate } from '../dates.js';
import { ROW_COUNT, type Condition } from '../measure.js';
import { exactNumberOf, numberOf, outcome, shownValue } from '../outcome.js';
import type { ColumnRule } from '../test-rule.js';

/**
 * Bounds of a date column are milliseconds since the epoch. Its result has no bounds: they wouldn't be values of the
 * column.
 */
export const columnValuesToBeBetween: ColumnRule = {
  name: 'columnValuesToBeBetween',
  level: 'column',
  values: ['min', 'max'],
  plan: ({ column, parameters, countRows }) => {
    const isDate = columnKind(column) === 'date';
    const bounds = isDate
      ? boundsOf(parameters, 'minValue', 'maxValue')
      : exactBoundsOf(parameters, 'minValue', 'maxValue', column);
    const written = (bound: ExactNumber): ExactNumber => (isDate ? sqlDate(Number(bound), column.dataType) : bound);
    const shownBound = (bound: ExactNumber): string =>
      shownValue(Number.isFinite(Number(bound)) ? written(bound) : bound);
    const ends = setEnds(bounds);
    const outside: Condition = {
      op: 'outside',
      column: column.name,
      ...(ends.min === undefined ? {} : { min: written(ends.min) }),
      ...(ends.max === undefined ? {} : { max: written(ends.max) }),
    };
    const [min, max, failed] = [
      { kind: 'min', column: column.name } as const,
      { kind: 'max', column: column.name } as const,
      { kind: 'countWhere', where: outside } as const,
    ];
    return {
      kind: 'measured',
      measures: countRows ? [min, max, failed, ROW_COUNT] : [min, max],
      failing: outside,
      judge: ({ value, stored }) => {
        const own = (written: ExactNumber): ExactNumber => stored(column.name, written);
        const comparable = (found: ReturnType<typeof value>, what: string): ExactNumber =>
          isDate ? epochOf(found, what) : exactNumberOf(found, what);
        const found = { min: value(min), max: value(max) };
        const least = comparable(found.min, `the min of ${column.name}`);
        const most = comparable(found.max, `the max of ${column.name}`);
        // the engine's largest value is NaN where there is one
        const isLimited = ends.min !== undefined || ends.max !== undefined;
        const passed =
          isStoredWithin(least, { ...bounds, max: Infinity }, own) &&
          isStoredWithin(most, { ...bounds, min: -Infinity }, own) &&
          !(isLimited && Number.isNaN(most));
        const text = `Found min=${shownValue(found.min)}, max=${shownValue(found.max)} vs. the expected min=${shownBound(bounds.min)}, max=${shownBound(bounds.max)}.`;
        return outcome(passed, text, found, {
          ...(countRows
            ? {
                rows: {
                  all: numberOf(value(ROW_COUNT), 'rowCount'),
                  failed: numberOf(value(failed) ?? 0, 'failed rows'),
                },
              }
            : {}),
          ...(isDate ? {} : { bounds }),
        });
      },
    };
  },
};
