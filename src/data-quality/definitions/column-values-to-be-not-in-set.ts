import { valuesFor } from '../column-kind.js';
import { ROW_COUNT, type Condition } from '../measure.js';
import { numberOf, outcome } from '../outcome.js';
import type { ColumnRule } from '../test-rule.js';

export const columnValuesToBeNotInSet: ColumnRule = {
  name: 'columnValuesToBeNotInSet',
  level: 'column',
  values: ['countForbiddenValues'],
  plan: ({ column, parameters, countRows }) => {
    const forbidden = valuesFor(column, parameters.requiredList('forbiddenValues'));
    const inSet: Condition = { op: 'in', column: column.name, values: forbidden };
    const hits = { kind: 'countWhere', where: inSet } as const;
    return {
      kind: 'measured',
      measures: countRows ? [hits, ROW_COUNT] : [hits],
      failing: inSet,
      judge: ({ value }) => {
        const countForbiddenValues = numberOf(value(hits) ?? 0, 'countInSet');
        const rows = countRows
          ? { rows: { all: numberOf(value(ROW_COUNT), 'rowCount'), failed: countForbiddenValues } }
          : {};
        const text = `Found countInSet=${countForbiddenValues}. It should be 0.`;
        return outcome(countForbiddenValues === 0, text, { countForbiddenValues }, rows);
      },
    };
  },
};
