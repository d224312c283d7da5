import type { ColumnEdge, ColumnSource, JoinPair } from './outputs.js';
import type { ResolveContext } from './context.js';
import { flat } from './statement-kinds.js';
import type { StatementLineage } from './statement-lineage.js';

/**
 * What is certain of one of several ways that a text may be run, which read and write the same tables: the columns that
 * flow in all of them, and are compared in all of them.
 */
export function certainOf(
  context: ResolveContext,
  resolveWay: () => readonly StatementLineage[],
  resolveOthers: readonly (() => readonly StatementLineage[])[]
): readonly StatementLineage[] {
  const before = new Map(context.created);
  const made: ReadonlyMap<string, readonly string[]>[] = [];
  const others = resolveOthers.map((resolve) => {
    const statements = flat(context.within(resolve));
    made.push(new Map(context.created));
    context.created.clear();
    for (const [key, columns] of before) context.created.set(key, columns);
    return {
      columns: new Set(statements.flatMap(({ columns }) => columns.map(edgeKey))),
      joins: new Set(statements.flatMap(({ joins }) => joins.map(joinKey))),
    };
  });
  const way = resolveWay();
  for (const [key, columns] of context.created)
    if (made.some((each) => each.get(key)?.join('\n') !== columns.join('\n'))) context.created.delete(key);
  const isColumn = (edge: ColumnEdge): boolean => others.every(({ columns }) => columns.has(edgeKey(edge)));
  const isJoin = (pair: JoinPair): boolean => others.every(({ joins }) => joins.has(joinKey(pair)));
  const certain = (one: StatementLineage): StatementLineage => ({
    ...one,
    columns: one.columns.filter(isColumn),
    joins: one.joins.filter(isJoin),
    ...(one.body === undefined ? {} : { body: one.body.map(certain) }),
  });
  return way.map(certain);
}

function sourceKey({ table, column, isComputed }: ColumnSource): string {
  return [table?.key ?? '', column.toLowerCase(), isComputed === true].join('\u0000');
}

function edgeKey({ from, to }: ColumnEdge): string {
  // a value that is worked out of the column comes from it all the same
  return [from, to].map(({ table, column }) => `${table?.key ?? ''}\u0000${column.toLowerCase()}`).join('\u0001');
}

function joinKey({ left, right }: JoinPair): string {
  const sideKey = (sources: readonly ColumnSource[]): string => sources.map(sourceKey).sort().join('\u0001');
  return [sideKey(left), sideKey(right)].sort().join('\u0002');
}
