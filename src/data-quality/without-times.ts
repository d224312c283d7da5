import { mayHaveTimes, type FiniteDialect } from '../measures/index.js';
import { abortedCase, type PlannedCase } from './plan-test.js';
import type { TableFacts } from './test-rule.js';
import { measuredColumn } from './to-measures.js';

/** Ends a case that counts rows since a time by a column that has none: an engine may compare it as a text. */
export function withoutTimes(planned: PlannedCase, table: TableFacts, dialect: FiniteDialect): PlannedCase {
  const { plan, testCase } = planned;
  if (plan.kind !== 'ready' || plan.test.kind !== 'measured') return planned;
  for (const measure of plan.test.measures) {
    if (measure.kind !== 'countWhere' || measure.where.op !== 'since') continue;
    const { column: name } = measure.where;
    const column = table.columns.find((each) => each.name === name);
    if (column === undefined || mayHaveTimes(measuredColumn(column), dialect)) continue;
    const reason = `parameter columnName is ${JSON.stringify(name)}, a column of ${column.dataType}, which has no times with a date; name one of dates or timestamps.`;
    return { testCase, plan: { kind: 'done', outcome: abortedCase(testCase, reason, plan.rule) } };
  }
  return planned;
}
