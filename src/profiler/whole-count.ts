import { countRowsSql } from '../measures/index.js';
import type { MeasureDialect, TableFacts } from '../sources/index.js';
import type { TablePlan } from './table-plan.js';

/**
 * The statement that counts all rows of a table whose other metrics are those of a sample: rowCount is never a
 * sample's. Undefined where it was counted already, the source's catalogue has the number, or nobody wants it.
 */
export function wholeCountSql(
  plan: TablePlan,
  dialect: Pick<MeasureDialect, 'from'>,
  facts: Pick<TableFacts, 'rows'> | undefined
): string | undefined {
  const { rows, tableMetrics, tooLarge } = plan;
  const { query, where, sample } = rows;
  if (
    plan.counted !== undefined ||
    sample === undefined ||
    tooLarge !== undefined ||
    !tableMetrics.includes('rowCount')
  )
    return undefined;
  if (query === undefined && where === undefined && facts?.rows !== undefined) return undefined;
  return countRowsSql(rows, dialect);
}
