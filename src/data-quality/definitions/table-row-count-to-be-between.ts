import { boundsOf, isWithin } from '../bounds.js';
import { ROW_COUNT } from '../measure.js';
import { numberOf, outcome, shownValue } from '../outcome.js';
import type { TableRule } from '../test-rule.js';

export const tableRowCountToBeBetween: TableRule = {
  name: 'tableRowCountToBeBetween',
  level: 'table',
  values: ['rowCount'],
  plan: ({ parameters }) => {
    const bounds = boundsOf(parameters, 'minValue', 'maxValue');
    return {
      kind: 'measured',
      measures: [ROW_COUNT],
      judge: ({ value }) => {
        const rowCount = numberOf(value(ROW_COUNT), 'rowCount');
        const text = `Found rowCount=${rowCount} vs. the expected min=${shownValue(bounds.min)},  max=${shownValue(bounds.max)}.`;
        return outcome(isWithin(rowCount, bounds), text, { rowCount }, { bounds });
      },
    };
  },
};
