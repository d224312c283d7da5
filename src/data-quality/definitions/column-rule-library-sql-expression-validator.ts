import { outcome } from '../outcome.js';
import { requireTemplate, tableNameOf } from '../rule-template.js';
import type { ColumnRule } from '../test-rule.js';

/** A test of the rule library: its definition's SQL counts the rows that break the rule. */
export const columnRuleLibrarySqlExpressionValidator: ColumnRule = {
  name: 'columnRuleLibrarySqlExpressionValidator',
  level: 'column',
  values: ['Row Count'],
  plan: ({ column, parameters, table, template }) => {
    return {
      kind: 'template',
      template: requireTemplate(template),
      parameters,
      column: column.name,
      judge: (count) => {
        const text = `Table '${tableNameOf(table)}' has ${count} rows matching the condition. Expected 0.`;
        return outcome(count === 0, text, { 'Row Count': count });
      },
    };
  },
};
