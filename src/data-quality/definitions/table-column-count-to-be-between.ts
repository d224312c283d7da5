import { boundsOf, isWithin } from '../bounds.js';
import { outcome, shownValue } from '../outcome.js';
import type { TableRule } from '../test-rule.js';

export const tableColumnCountToBeBetween: TableRule = {
  name: 'tableColumnCountToBeBetween',
  level: 'table',
  values: ['columnCount'],
  plan: ({ parameters, table }) => {
    const bounds = boundsOf(parameters, 'minColValue', 'maxColValue');
    const columnCount = table.columns.length;
    const expected = `min=${shownValue(bounds.min)} and max=${shownValue(bounds.max)}`;
    const text = `Found columnCount=${columnCount} column(s) vs. the expected ${expected}`;
    return { kind: 'known', outcome: outcome(isWithin(columnCount, bounds), text, { columnCount }) };
  },
};
