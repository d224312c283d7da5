import type { FoundTable } from '../lineage/index.js';
import { splitFqn } from '../openmetadata/index.js';
import { comparedBy, type LineageColumn, type PooledLineage } from '../sql/index.js';
import type { ParsedText } from './staged-line.js';

/** Tables of the catalog by the names in a statement. */
export type FoundTables = ReadonlyMap<string, readonly FoundTable[]>;

type Join = ParsedText['joins'][number];

interface End {
  readonly table: string;
  readonly column: string;
}

/**
 * The columns of the catalog that a statement compares, each unordered pair once, seen from the side whose FQN sorts
 * first. A column that the catalog does not have, or that no table can be told of, is left out; so is a column compared
 * with itself.
 * @param counted FQNs of the tables that the statement counts for
 */
export function columnJoins(lineage: PooledLineage, tables: FoundTables, counted: ReadonlySet<string>): Join[] {
  const joins = new Map<string, Join>();
  for (const { left, right } of lineage.joins) {
    for (const one of endsOf(left, tables)) {
      for (const other of endsOf(right, tables)) {
        if (one.column === other.column || !counted.has(one.table) || !counted.has(other.table)) continue;
        const [first, second] = one.column < other.column ? [one, other] : [other, one];
        const join = { left: first.table, column: splitFqn(first.column).at(-1) ?? '', other: second.column };
        joins.set(`${first.column}\n${second.column}`, join);
      }
    }
  }
  return [...joins.values()];
}

/** A table that a statement writes in two ways is there once, under the first of them. */
function inOtherCase(table: string, tables: FoundTables): readonly FoundTable[] {
  const name = table.toLowerCase();
  for (const [other, found] of tables) if (other.toLowerCase() === name) return found;
  return [];
}

function endsOf(column: LineageColumn, tables: FoundTables): End[] {
  const { table } = column;
  if (table === undefined) return [];
  return (tables.get(table) ?? inOtherCase(table, tables)).flatMap((found: FoundTable): End[] => {
    const fqn = found.columns.fqnOf(comparedBy(column));
    return fqn === undefined ? [] : [{ table: found.fqn, column: fqn }];
  });
}
