import { ROW_COUNT, type Condition } from '../measure.js';
import { numberOf, outcome } from '../outcome.js';
import type { ColumnRule } from '../test-rule.js';

export const columnValuesToNotMatchRegex: ColumnRule = {
  name: 'columnValuesToNotMatchRegex',
  level: 'column',
  values: ['notLikeCount'],
  plan: ({ column, parameters, countRows }) => {
    const matches: Condition = {
      op: 'matches',
      column: column.name,
      pattern: parameters.requiredText('forbiddenRegex'),
    };
    const hits = { kind: 'countWhere', where: matches } as const;
    return {
      kind: 'measured',
      measures: countRows ? [hits, ROW_COUNT] : [hits],
      failing: matches,
      judge: ({ value }) => {
        const notLikeCount = numberOf(value(hits) ?? 0, 'notLikeCount');
        const rows = countRows ? { rows: { all: numberOf(value(ROW_COUNT), 'rowCount'), failed: notLikeCount } } : {};
        const text = `Found ${notLikeCount} value(s) matching the forbidden regex pattern.`;
        return outcome(notLikeCount === 0, text, { notLikeCount }, rows);
      },
    };
  },
};
