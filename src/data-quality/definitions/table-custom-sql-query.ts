import { outcome, type RowCounts } from '../outcome.js';
import type { TableRule } from '../test-rule.js';

const OPERATORS = {
  '<': (found, threshold) => found < threshold,
  '<=': (found, threshold) => found <= threshold,
  '>': (found, threshold) => found > threshold,
  '>=': (found, threshold) => found >= threshold,
  '==': (found, threshold) => found === threshold,
  '!=': (found, threshold) => found !== threshold,
} as const satisfies Readonly<Record<string, (found: number, threshold: number) => boolean>>;
type Operator = keyof typeof OPERATORS;

/** Compares the rows that a user's query returns, or the number it computes, with a threshold. */
export const tableCustomSQLQuery: TableRule = {
  name: 'tableCustomSQLQuery',
  level: 'table',
  values: ['resultRowCount'],
  plan: ({ parameters, countRows }) => {
    const sql = parameters.requiredText('sqlExpression');
    const strategy = parameters.option('strategy', ['ROWS', 'COUNT'] as const) ?? 'ROWS';
    const threshold = parameters.integer('threshold') ?? 0;
    const operator = parameters.option('operator', Object.keys(OPERATORS) as Operator[]) ?? '<=';
    const partition = parameters.text('partitionExpression');
    return {
      kind: 'query',
      sql,
      strategy,
      ...(partition === undefined ? {} : { partition }),
      judge: (found, all) => {
        const passed = OPERATORS[operator](found, threshold);
        const text = `Found ${found} row(s). Test query is expected to return ${operator} ${threshold} row(s).`;
        const rows = countRows && all !== undefined ? { rows: rowCounts(operator, passed, found, threshold, all) } : {};
        return outcome(passed, text, { resultRowCount: found }, rows);
      },
    };
  },
};

/**
 * What the found rows mean depends on the operator: if there should be few, they are failures; if there should be many,
 * they aren't.
 */
function rowCounts(operator: Operator, passed: boolean, found: number, threshold: number, all: number): RowCounts {
  const rest = Math.max(0, all - found);
  switch (operator) {
    case '>':
    case '>=':
      return { all, passed: found, failed: rest };
    case '==':
      if (passed) return { all, passed: found, failed: rest };
      return { all, failed: found > threshold ? found - threshold : rest };
    case '!=':
      return passed ? { all, passed: found, failed: 0 } : { all, passed: 0, failed: all };
    default:
      return { all, passed: rest, failed: found };
  }
}
