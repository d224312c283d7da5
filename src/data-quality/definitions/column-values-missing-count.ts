import { columnKind, valuesFor } from '../column-kind.js';
import type { Condition } from '../measure.js';
import { numberOf, outcome } from '../outcome.js';
import type { ColumnRule } from '../test-rule.js';

/** Missing: NULL, an empty string, and what missingValueMatch lists. */
export const columnValuesMissingCount: ColumnRule = {
  name: 'columnValuesMissingCount',
  level: 'column',
  values: ['nullCount'],
  plan: ({ column, parameters }) => {
    const expected = parameters.requiredInteger('missingCountValue');
    const listed = valuesFor(column, parameters.list('missingValueMatch') ?? []);
    const values = columnKind(column) === 'text' ? ['', ...listed] : listed;
    const isNull: Condition = { op: 'isNull', column: column.name };
    const where: Condition =
      values.length === 0 ? isNull : { op: 'or', any: [isNull, { op: 'in', column: column.name, values }] };
    const missing = { kind: 'countWhere', where } as const;
    return {
      kind: 'measured',
      measures: [missing],
      judge: ({ value }) => {
        const nullCount = numberOf(value(missing) ?? 0, 'nullCount');
        const text = `Found nullCount=${nullCount} vs. the expected nullCount=${expected}.`;
        return outcome(nullCount === expected, text, { nullCount });
      },
    };
  },
};
