import { boundsOf, isWithin, setEnds } from '../bounds.js';
import { ROW_COUNT } from '../measure.js';
import { numberOf, outcome, shownValue } from '../outcome.js';
import type { ColumnRule } from '../test-rule.js';

/** Lengths in characters. */
export const columnValueLengthsToBeBetween: ColumnRule = {
  name: 'columnValueLengthsToBeBetween',
  level: 'column',
  values: ['minValueLength', 'maxValueLength'],
  plan: ({ column, parameters, countRows }) => {
    const bounds = boundsOf(parameters, 'minLength', 'maxLength');
    const outside = { op: 'lengthOutside', column: column.name, ...setEnds(bounds) } as const;
    const shortest = { kind: 'minLength', column: column.name } as const;
    const longest = { kind: 'maxLength', column: column.name } as const;
    const failed = { kind: 'countWhere', where: outside } as const;
    return {
      kind: 'measured',
      measures: countRows ? [shortest, longest, failed, ROW_COUNT] : [shortest, longest],
      failing: outside,
      judge: ({ value }) => {
        const minValueLength = numberOf(value(shortest), `the shortest length of ${column.name}`);
        const maxValueLength = numberOf(value(longest), `the longest length of ${column.name}`);
        const passed = minValueLength >= bounds.min && isWithin(maxValueLength, { ...bounds, min: -Infinity });
        const expected = `minLength=${shownValue(bounds.min)}, maxLength=${shownValue(bounds.max)}`;
        const text = `Found minLength=${minValueLength}, maxLength=${maxValueLength} vs. the expected ${expected}.`;
        const rows = countRows
          ? {
              rows: {
                all: numberOf(value(ROW_COUNT), 'rowCount'),
                failed: numberOf(value(failed) ?? 0, 'failed rows'),
              },
            }
          : {};
        return outcome(passed, text, { minValueLength, maxValueLength }, { ...rows, bounds });
      },
    };
  },
};
