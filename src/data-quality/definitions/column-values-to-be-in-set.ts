import { valuesFor } from '../column-kind.js';
import { ROW_COUNT, type Condition } from '../measure.js';
import { numberOf, outcome } from '../outcome.js';
import type { ColumnRule } from '../test-rule.js';

/** Without matchEnum one row in the set is enough; with it all must be in it, and NULL isn't. */
export const columnValuesToBeInSet: ColumnRule = {
  name: 'columnValuesToBeInSet',
  level: 'column',
  values: ['allowedValueCount'],
  plan: ({ column, parameters, countRows }) => {
    const allowed = valuesFor(column, parameters.requiredList('allowedValues'));
    const matchEnum = parameters.flag('matchEnum');
    const inSet: Condition = { op: 'in', column: column.name, values: allowed };
    const hits = { kind: 'countWhere', where: inSet } as const;
    const needsRows = countRows || matchEnum;
    return {
      kind: 'measured',
      measures: needsRows ? [hits, ROW_COUNT] : [hits],
      failing: {
        op: 'or',
        any: [
          { op: 'isNull', column: column.name },
          { op: 'not', of: inSet },
        ],
      },
      judge: ({ value }) => {
        const allowedValueCount = numberOf(value(hits) ?? 0, 'countInSet');
        const all = needsRows ? numberOf(value(ROW_COUNT), 'rowCount') : 0;
        const passed = matchEnum ? allowedValueCount === all : allowedValueCount > 0;
        const rows = countRows ? { rows: { all, passed: allowedValueCount } } : {};
        return outcome(passed, `Found countInSet=${allowedValueCount}.`, { allowedValueCount }, rows);
      },
    };
  },
};
