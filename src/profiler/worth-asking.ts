import type { Ask } from '../measures/index.js';
import type { TableFacts } from '../sources/index.js';
import { ROWS_KEY } from './profile-asks.js';
import type { Asked } from './refused-before.js';
import type { TablePlan } from './table-plan.js';

/**
 * What is asked first; nothing where it is the count of rows alone, and nobody wants it or something else has it: the
 * source's catalogue, the statement that chose the sample, or the one that counts a sampled table.
 */
export function worthAsking(
  { first, again }: Asked,
  { rows, tableMetrics, byCount, counted }: TablePlan,
  facts: Pick<TableFacts, 'rows'> | undefined
): readonly Ask[] {
  if (again.length > 0 || first.length !== 1 || first[0]?.key !== ROWS_KEY) return first;
  const isKnown = facts?.rows !== undefined && rows.where === undefined && rows.query === undefined;
  const isCounted = rows.sample !== undefined || byCount !== undefined || counted !== undefined;
  return tableMetrics.includes('rowCount') && !isKnown && !isCounted ? first : [];
}
