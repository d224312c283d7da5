import { outcome } from '../outcome.js';
import type { TableRule } from '../test-rule.js';

export const tableColumnCountToEqual: TableRule = {
  name: 'tableColumnCountToEqual',
  level: 'table',
  values: ['columnCount'],
  plan: ({ parameters, table }) => {
    const expected = parameters.requiredInteger('columnCount');
    const columnCount = table.columns.length;
    const text = `Found ${columnCount} columns vs. the expected ${expected}`;
    return { kind: 'known', outcome: outcome(columnCount === expected, text, { columnCount }) };
  },
};
