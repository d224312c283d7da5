import { boundsOf, exactBoundsOf, isStoredWithin, isWithin } from '../bounds.js';
import type { CellValue, ColumnStatistic } from '../measure.js';
import { exactNumberOf, outcome, shownValue } from '../outcome.js';
import type { ColumnRule } from '../test-rule.js';

export interface StatisticBetween {
  readonly name: string;
  readonly statistic: ColumnStatistic;
  /** Names of the two parameters. */
  readonly min: string;
  readonly max: string;
  /** What the message calls the bounds. */
  readonly words?: readonly [min: string, max: string];
}

/** Those that have all digits of the column's values. */
const EXACT: ReadonlySet<ColumnStatistic> = new Set(['min', 'max', 'sum']);

/** Those that are values of the column: a sum of 32-bit numbers is a double. */
const OF_VALUES: ReadonlySet<ColumnStatistic> = new Set(['min', 'max']);

/** The tests that compare one statistic of a column with two bounds. An empty table has no statistic: Aborted. */
export function statisticBetween({ name, statistic, min, max, words = ['min', 'max'] }: StatisticBetween): ColumnRule {
  return {
    name,
    level: 'column',
    values: [statistic],
    plan: ({ column, parameters }) => {
      const isExact = EXACT.has(statistic);
      const bounds = isExact ? exactBoundsOf(parameters, min, max, column) : boundsOf(parameters, min, max);
      const measure = { kind: statistic, column: column.name } as const;
      return {
        kind: 'measured',
        measures: [measure],
        judge: ({ value, stored }) => {
          const measured = value(measure);
          const found = isExact ? measured : asDouble(measured);
          const [low, high] = [shownValue(bounds.min), shownValue(bounds.max)];
          const text = `Found ${statistic}=${shownValue(found)} vs. the expected ${words[0]}=${low}, ${words[1]}=${high}.`;
          const what = `the ${statistic} of ${column.name}`;
          const number = exactNumberOf(found, what);
          const passed = OF_VALUES.has(statistic)
            ? isStoredWithin(number, bounds, (written) => stored(column.name, written))
            : isWithin(number, bounds);
          return outcome(passed, text, { [statistic]: found }, { bounds });
        },
      };
    },
  };
}

/** Infinities and NaN stay texts. */
function asDouble(value: CellValue | undefined): CellValue | undefined {
  const number = typeof value === 'string' ? Number(value) : NaN;
  return Number.isFinite(number) ? number : value;
}
