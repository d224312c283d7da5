import type { SharingJoin } from '../tree.js';
import { distinctSources, type ColumnSource, type JoinPair, type OutputColumn, type Outputs } from './outputs.js';
import { columnOf, indexed, type Bound, type Scope } from './scope.js';

/** A pair that nobody can name while the columns of a side of a NATURAL JOIN are not known. */
const UNKNOWN: readonly ColumnSource[] = [{ table: undefined, column: '*' }];

/**
 * What `JOIN … USING (columns)` and `NATURAL JOIN` compare; what they share is put into the scope. Of a side of several
 * relations it is the first one that is known to have the column; of several that may have it, none, unless an earlier
 * join has said that they do.
 */
export function usingPairs(joins: readonly SharingJoin[], scope: Scope): JoinPair[] {
  return joins.flatMap((join): JoinPair[] => {
    const { columns: named, left, joined, end } = join;
    const [before, after] = [scope.bounds.slice(left, joined), scope.bounds.slice(joined, end)];
    if (after.length === 0) return [];
    const columns = named ?? commonColumns(before, after);
    const sourcesOf = (from: number, to: number, column: string): readonly ColumnSource[] => {
      const isShared = scope.shared.some(
        (inner) =>
          inner.join.left >= from && inner.join.end <= to && inner.columns.some(({ name }) => isSame(name, column))
      );
      return sideColumn(scope.bounds.slice(from, to), column, isShared);
    };
    const pairs = columns.map((column): JoinPair => {
      scope.using.add(column.toLowerCase());
      return { left: sourcesOf(left, joined, column), right: sourcesOf(joined, end, column) };
    });
    const isOpen = [...before, ...after].some(({ outputs }) => outputs.open.length > 0);
    const shared = pairs.map((pair, index): OutputColumn => {
      const sources = distinctSources([...pair.left, ...pair.right]).filter(({ table }) => table !== undefined);
      return { name: columns[index] ?? '', sources };
    });
    scope.shared.push({ join, columns: shared, isWhole: named !== undefined || !isOpen });
    if (join.alias !== undefined) scope.hidden.push(aliased(join.alias, shared));
    return named === undefined && isOpen ? [...pairs, { left: UNKNOWN, right: UNKNOWN }] : pairs;
  });
}

function aliased(alias: string, columns: readonly OutputColumn[]): Bound {
  const outputs: Outputs = { columns, open: [], certain: columns.length };
  return { alias: alias.toLowerCase(), parts: [], table: undefined, ...indexed(outputs) };
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Of what is known. */
function commonColumns(before: readonly Bound[], after: readonly Bound[]): readonly string[] {
  const left = new Set(before.flatMap(({ columnIndex }) => [...columnIndex.keys()]));
  const right = after.flatMap(({ outputs }) => outputs.columns.map(({ name }) => name.toLowerCase()));
  return [...new Set(right)].filter((name) => left.has(name));
}

function sideColumn(side: readonly Bound[], column: string, isShared: boolean): readonly ColumnSource[] {
  const [only, ...more] = side;
  if (only !== undefined && more.length === 0) return columnOf(only, column);
  const known = side.find(({ columnIndex }) => columnIndex.has(column.toLowerCase()));
  if (known !== undefined) return columnOf(known, column);
  const open = side.filter(({ outputs }) => outputs.open.length > 0);
  const [first] = open;
  if (first === undefined)
    return side.flatMap(({ otherNames }) => otherNames?.get(column.toLowerCase())?.sources ?? []);
  return open.length === 1 || isShared ? columnOf(first, column) : [{ table: undefined, column }];
}
