import { outcome } from '../outcome.js';
import { TestAborted } from '../test-aborted.js';
import type { TableRule } from '../test-rule.js';

/** Equal as a multiset, or in this order if `ordered` is true. */
export const tableColumnToMatchSet: TableRule = {
  name: 'tableColumnToMatchSet',
  level: 'table',
  values: ['columnNames'],
  plan: ({ parameters, table }) => {
    const expected = parameters
      .requiredText('columnNames')
      .split(',')
      .map((name) => name.trim());
    if (expected.every((name) => name === '')) throw new TestAborted('parameter columnNames names no column.');
    const found = table.columns.map(({ name }) => name);
    const order = (names: readonly string[]): readonly string[] =>
      parameters.flag('ordered') ? names : [...names].sort();
    const matches = JSON.stringify(order(expected)) === JSON.stringify(order(found));
    const text = `Found [${found.join(', ')}] column vs. the expected column names [${expected.join(', ')}].`;
    return { kind: 'known', outcome: outcome(matches, text, { columnNames: matches ? 1 : 0 }) };
  },
};
