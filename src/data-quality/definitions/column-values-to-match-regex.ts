import { ROW_COUNT, type Condition } from '../measure.js';
import { numberOf, outcome } from '../outcome.js';
import type { ColumnRule } from '../test-rule.js';

/** NULLs don't count as values: they neither match nor fail. */
export const columnValuesToMatchRegex: ColumnRule = {
  name: 'columnValuesToMatchRegex',
  level: 'column',
  values: ['likeCount'],
  plan: ({ column, parameters, countRows }) => {
    const matches: Condition = { op: 'matches', column: column.name, pattern: parameters.requiredText('regex') };
    const hits = { kind: 'countWhere', where: matches } as const;
    const values = { kind: 'valuesCount', column: column.name } as const;
    return {
      kind: 'measured',
      measures: countRows ? [hits, values, ROW_COUNT] : [hits, values],
      failing: {
        op: 'and',
        all: [
          { op: 'not', of: { op: 'isNull', column: column.name } },
          { op: 'not', of: matches },
        ],
      },
      judge: ({ value }) => {
        const likeCount = numberOf(value(hits) ?? 0, 'likeCount');
        const valuesCount = numberOf(value(values) ?? 0, 'valuesCount');
        const rows = countRows
          ? { rows: { all: numberOf(value(ROW_COUNT), 'rowCount'), failed: valuesCount - likeCount } }
          : {};
        const text = `Found ${likeCount} value(s) matching regex pattern vs ${valuesCount} value(s) in the column.`;
        return outcome(likeCount === valuesCount, text, { likeCount }, rows);
      },
    };
  },
};
