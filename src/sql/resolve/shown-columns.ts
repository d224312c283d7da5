import { isExactIdentity, nameIn } from '../name-identity.js';
import { comparedBy, type ColumnJoin, type ColumnPair, type LineageColumn } from '../query-lineage.js';
import type { ColumnEdge, ColumnSource, JoinPair } from './outputs.js';

function columnOf(source: ColumnSource): LineageColumn {
  if (isExactIdentity(source.column)) return exactColumnOf(source);
  return source.table === undefined ? { column: source.column } : { table: source.table.name, column: source.column };
}

function exactColumnOf({ table, column: identity }: ColumnSource): LineageColumn {
  const column = nameIn(identity);
  return table === undefined ? { column, identity } : { table: table.name, column, identity };
}

function pairKey(from: LineageColumn, to: LineageColumn): string {
  return `${from.table ?? ''}\u0000${comparedBy(from)}\u0000${to.table ?? ''}\u0000${comparedBy(to)}`.toLowerCase();
}

/** Pairs once each, ignoring case. */
export function pairs(edges: readonly ColumnEdge[]): ColumnPair[] {
  const seen = new Map<string, ColumnPair>();
  for (const edge of edges) {
    const from = columnOf(edge.from);
    const to = columnOf(edge.to);
    const key = pairKey(from, to);
    if (!seen.has(key)) seen.set(key, [from, to]);
  }
  return [...seen.values()];
}

/** Pairs of columns that are compared, once each in whatever order. */
export function joinsOf(pairsOfSides: readonly JoinPair[]): ColumnJoin[] {
  const seen = new Map<string, ColumnJoin>();
  for (const { left, right } of pairsOfSides) {
    for (const one of left) {
      for (const other of right) {
        if (one.table?.kind === 'path' || other.table?.kind === 'path') continue;
        if (one.isComputed === true || other.isComputed === true) continue;
        const [a, b] = [columnOf(one), columnOf(other)];
        const key = [pairKey(a, b), pairKey(b, a)].sort()[0] ?? '';
        if (!seen.has(key)) seen.set(key, { left: a, right: b });
      }
    }
  }
  return [...seen.values()];
}
