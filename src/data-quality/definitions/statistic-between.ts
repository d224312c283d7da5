import { boundsOf, isWithin } from '../bounds.js';
import type { ColumnStatistic } from '../measure.js';
import { numberOf, outcome, shownValue } from '../outcome.js';
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

/** The tests that compare one statistic of a column with two bounds. An empty table has no statistic: Aborted. */
export function statisticBetween({ name, statistic, min, max, words = ['min', 'max'] }: StatisticBetween): ColumnRule {
  return {
    name,
    level: 'column',
    values: [statistic],
    plan: ({ column, parameters }) => {
      const bounds = boundsOf(parameters, min, max);
      const measure = { kind: statistic, column: column.name } as const;
      return {
        kind: 'measured',
        measures: [measure],
        judge: ({ value }) => {
          const found = value(measure);
          const [low, high] = [shownValue(bounds.min), shownValue(bounds.max)];
          const text = `Found ${statistic}=${shownValue(found)} vs. the expected ${words[0]}=${low}, ${words[1]}=${high}.`;
          const passed = isWithin(numberOf(found, `the ${statistic} of ${column.name}`), bounds);
          return outcome(passed, text, { [statistic]: found }, { bounds });
        },
      };
    },
  };
}
