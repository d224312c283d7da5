import { outcome } from '../outcome.js';
import { requireTemplate, tableNameOf } from '../rule-template.js';
import type { TableRule } from '../test-rule.js';

/** A test of the rule library: its definition's SQL counts the rows that break the rule. */
export const tableRuleLibrarySqlExpressionValidator: TableRule = {
  name: 'tableRuleLibrarySqlExpressionValidator',
  level: 'table',
  values: ['Row Count'],
  plan: ({ parameters, table, template }) => {
    return {
      kind: 'template',
      template: requireTemplate(template),
      parameters,
      judge: (count) => {
        const text = `Table '${tableNameOf(table)}' has ${count} rows matching the condition. Expected 0.`;
        return outcome(count === 0, text, { 'Row Count': count });
      },
    };
  },
};
