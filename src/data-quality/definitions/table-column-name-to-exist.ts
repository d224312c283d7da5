import { outcome } from '../outcome.js';
import type { TableRule } from '../test-rule.js';

/** Case matters. `columnNameExits` is OpenMetadata's own spelling. */
export const tableColumnNameToExist: TableRule = {
  name: 'tableColumnNameToExist',
  level: 'table',
  values: ['columnNameExits'],
  plan: ({ parameters, table }) => {
    const wanted = parameters.requiredText('columnName');
    const names = table.columns.map(({ name }) => name);
    const exists = names.includes(wanted);
    const text = `${wanted} column expected vs [${names.join(', ')}]`;
    return { kind: 'known', outcome: outcome(exists, text, { columnNameExits: exists ? 1 : 0 }) };
  },
};
