import type { ColumnEdge, ColumnSource } from './outputs.js';

function keyOf({ table, column }: ColumnSource): string {
  return `${table?.key ?? ''}\u0000${column.toLowerCase()}${table?.isBefore === true ? '\u0000before' : ''}`;
}

/**
 * Edges from where columns originate to where they end up, through all tables in between: a → b and b → c become a → c.
 * A single statement is returned unchanged.
 */
export function endToEnd(edges: readonly ColumnEdge[]): readonly ColumnEdge[] {
  const written = new Set(edges.map((edge) => edge.to.table?.key ?? ''));
  if (!edges.some((edge) => edge.from.table !== undefined && written.has(edge.from.table.key))) return edges;
  const graph = new ColumnGraph(edges);
  return graph.paths();
}

class ColumnGraph {
  readonly #into = new Map<string, ColumnEdge[]>();
  readonly #outOf = new Set<string>();

  constructor(private readonly edges: readonly ColumnEdge[]) {
    for (const edge of edges) {
      const to = keyOf(edge.to);
      const from = keyOf(edge.from);
      if (to === from) continue;
      const list = this.#into.get(to) ?? [];
      list.push(edge);
      this.#into.set(to, list);
      this.#outOf.add(from);
    }
  }

  paths(): readonly ColumnEdge[] {
    const ends = this.edges.filter((edge) => !this.#outOf.has(keyOf(edge.to)));
    const found: ColumnEdge[] = [];
    for (const { from, to } of ends)
      for (const root of this.#roots(from, new Set([keyOf(to)]))) found.push({ from: root, to });
    // Columns that only go round in a circle have no end.
    return found.length > 0 ? found : this.edges;
  }

  #roots(column: ColumnSource, seen: Set<string>): readonly ColumnSource[] {
    const key = keyOf(column);
    if (seen.has(key)) return [];
    seen.add(key);
    const direct = this.#into.get(key);
    if (direct !== undefined) return direct.flatMap((edge) => this.#roots(edge.from, new Set(seen)));
    // `b.x` of a table filled by `SELECT * FROM a` is `a.x`.
    const table = column.table;
    const stars = table === undefined || column.column === '*' ? undefined : this.#into.get(`${table.key}\u0000*`);
    if (stars === undefined) return [column];
    const only = stars.length === 1 ? stars[0]?.from : undefined;
    if (only === undefined) return [column];
    return this.#roots({ table: only.table, column: column.column }, seen);
  }
}
