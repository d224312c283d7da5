import type { UsingColumn } from '../tree.js';
import type { ColumnSource, JoinPair } from './context.js';
import { columnOf, type Scope } from './scope.js';

/**
 * What `JOIN … USING (column)` compares. The other side is the first relation in front that is known to have the
 * column; of several that may have it, none, unless an earlier USING has said that they do.
 */
export function usingPairs(columns: readonly UsingColumn[], scope: Scope): JoinPair[] {
  return columns.flatMap(({ column, joined }, index): JoinPair[] => {
    const bound = scope.bounds[joined];
    if (bound === undefined) return [];
    const isAgain = columns.slice(0, index).some((earlier) => isSame(earlier.column, column));
    return [{ left: leftOf(scope, joined, column, isAgain), right: columnOf(bound, column) }];
  });
}

function leftOf(scope: Scope, joined: number, column: string, isAgain: boolean): readonly ColumnSource[] {
  const before = scope.bounds.slice(0, joined);
  const known = before.find(({ columnIndex }) => columnIndex.has(column.toLowerCase()));
  if (known !== undefined) return columnOf(known, column);
  const open = before.filter(({ outputs }) => outputs.open.length > 0);
  const [first] = open;
  if (first === undefined) return [];
  return open.length === 1 || isAgain ? columnOf(first, column) : [{ table: undefined, column }];
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
